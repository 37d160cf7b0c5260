"""Mistakes in the pixels of images: bits, channels, axes, values."""

from pathlib import Path

import imagecodecs
import numpy as np
from PIL import Image

from tests.mistakes.entry import Mistake, both, remove, write, write_all
from tests.raws import draw_image, draw_mask


def all_colour(raw: Path) -> None:
    write_all("images/{}.png", lambda number: draw_image(number, 3))(raw)


def all_float(raw: Path) -> None:
    write_all("images/{}.tif", lambda number: (draw_image(number) / 255).astype("float32"))(raw)


def all_arrays(raw: Path) -> None:
    write_all("images/{}.npy", lambda number: draw_image(number, 3).transpose(2, 0, 1))(raw)


def no_png(raw: Path) -> None:
    for path in (raw / "images").glob("*.png"):
        path.unlink()


def with_value(value: float, name: str = "images/2.tif") -> object:
    pixels = (draw_image(1) / 255).astype("float32")
    pixels[3, 4] = value
    return both(no_png, all_float, write(name, pixels))


def turn_by_exif(raw: Path) -> None:
    """The image as a camera held upright writes it: stored as its mask lies, shown turned by a quarter."""
    picture = Image.fromarray(draw_image(1))
    exif = picture.getexif()
    exif[0x0112] = 6
    (raw / "images/2.png").unlink()
    picture.save(raw / "images/2.jpg", exif=exif)


def write_cmyk(raw: Path) -> None:
    all_colour(raw)
    (raw / "images/2.png").unlink()
    Image.fromarray(draw_image(1, 3)).convert("CMYK").save(raw / "images/2.jpg")


def write_transparent(raw: Path) -> None:
    all_colour(raw)
    (raw / "images/2.png").write_bytes(imagecodecs.png_encode(np.zeros((8, 10, 4), np.uint8)))


def write_animation(raw: Path) -> None:
    (raw / "images/2.png").unlink()
    first, *others = (Image.fromarray(draw_image(number, 3)) for number in range(3))
    first.save(raw / "images/2.webp", save_all=True, append_images=others, lossless=True)


def write_stack(raw: Path) -> None:
    import tifffile

    no_png(raw)
    for number in range(6):
        tifffile.imwrite(
            raw / f"images/{number + 1}.tif", np.stack([draw_image(number), draw_image(number + 9)]), metadata=None
        )


IMAGES = (
    Mistake(
        "one grey image among colour",
        "channels_differ",
        both(all_colour, write("images/2.png", draw_image(1))),
        file="images/2.png",
        found="has 1 channel",
        expected="5 others have 3 channels",
        mend="save all in grey or all in colour",
        mended=True,
    ),
    Mistake(
        "one image in colour, all its channels alike, among grey",
        "channels_differ",
        write("images/2.png", np.repeat(draw_image(1)[..., None], 3, -1)),
        file="images/2.png",
        found="has 3 channels",
        expected="5 others have 1 channel",
        mend="save all in grey or all in colour",
        mended=True,
    ),
    Mistake(
        "one image in true colour among grey",
        "channels_differ",
        write("images/2.png", draw_image(1, 3)),
        file="images/2.png",
        found="has 3 channels",
        expected="5 others have 1 channel",
        mend="save all in grey or all in colour",
    ),
    Mistake(
        "images of 8 and of 16 bit mixed",
        "type_differs",
        write("images/2.png", draw_image(1, 0, "uint16")),
        file="images/2.png",
        found="has uint16",
        expected="5 others have uint8",
        mend="save all with the same bits a channel",
        mended=True,
    ),
    Mistake(
        "a pixel that is not a number",
        "not_finite",
        with_value(float("nan")),
        file="images/2.tif",
        found="1 pixel",
        mend="replace",
        mended=True,
    ),
    Mistake(
        "a pixel that is infinite",
        "not_finite",
        with_value(float("inf")),
        file="images/2.tif",
        found="1 pixel",
        mend="replace",
        mended=True,
    ),
    Mistake(
        "an image of one value",
        "",
        write("images/2.png", np.full((8, 10), 9, np.uint8)),
        file="images/2.png",
        found="nothing but the value 9",
        mend="export it again, or remove the pair",
        caught="warning",
    ),
    Mistake(
        "an image that is wholly transparent",
        "",
        write_transparent,
        file="images/2.png",
        found="nothing but the value 0",
        mend="export it again, or remove the pair",
        caught="warning",
    ),
    Mistake(
        "an image far brighter than the others",
        "",
        both(
            write_all("images/{}.png", lambda number: draw_image(number) // 8),
            write("images/2.png", 200 + draw_image(1) // 8),
        ),
        file="images/2.png",
        found="mean brightness",
        expected="the others",
        mend="look whether it belongs here",
        caught="warning",
    ),
    Mistake(
        "an image far larger than the others",
        "",
        both(write("images/2.png", np.tile(draw_image(1), (9, 9))), write("masks/2.png", np.tile(draw_mask(), (9, 9)))),
        file="images/2.png",
        found="is 90x72",
        expected="10x8",
        mend="look whether it belongs here",
        caught="warning",
    ),
    Mistake(
        "an image in the colours of a printer",
        "colour_mode",
        write_cmyk,
        file="images/2.jpg",
        found="CMYK",
        expected="RGB",
        mend="save it in grey or RGB",
        mended=True,
    ),
    Mistake(
        "an image that its EXIF data turn, and whose mask is not turned",
        "mask_size",
        turn_by_exif,
        file="masks/2.png",
        found="is 10x8",
        expected="EXIF",
        mend="turn the mask",
        mended=True,
    ),
    Mistake(
        "arrays with channels first, and axes not told",
        "axes",
        both(no_png, all_arrays),
        file="images/1.npy",
        found="(3, 8, 10)",
        expected="CYX",
        mend="data.axes",
    ),
    Mistake(
        "arrays with channels first, and axes told as channels last",
        "mask_size",
        both(no_png, all_arrays),
        file="masks/1.png",
        found="is 10x8",
        expected="8x3",
        mend="data.axes",
        data={"axes": "YXC"},
        mended=True,
    ),
    Mistake(
        "one array with channels first among arrays with channels last",
        "mask_size",
        both(
            no_png,
            write_all("images/{}.npy", lambda number: draw_image(number, 3)),
            write("images/2.npy", draw_image(1, 3).transpose(2, 0, 1)),
        ),
        file="masks/2.png",
        found="is 10x8",
        expected="8x3",
        mend="data.axes",
        data={"axes": "YXC"},
        mended=True,
    ),
    Mistake(
        "a stack of pages that are time, sections or channels",
        "axes",
        write_stack,
        file="images/1.tif",
        found="2",
        expected="CYX",
        mend="data.axes",
    ),
    Mistake(
        "an array of objects",
        "undecodable",
        lambda raw: [
            remove("images/2.png")(raw),
            np.save(raw / "images/2.npy", np.array([{"a": 1}], object), allow_pickle=True),
        ],
        file="images/2.npy",
        found="object",
        mend="save",
        mended=True,
    ),
    Mistake(
        "an array file of two arrays",
        "arrays",
        lambda raw: [
            remove("images/2.png")(raw),
            np.savez(raw / "images/2.npz", image=draw_image(1), mask=draw_mask()),
        ],
        file="images/2.npz",
        found="image, mask",
        mend="save one array",
    ),
    Mistake(
        "an animation among the images",
        "animation",
        write_animation,
        file="images/2.webp",
        found="is an animation of 3 frames",
        mend="save it as MP4, GIF or a TIFF of as many pages",
    ),
    Mistake(
        "whole numbers too large to be kept",
        "value_range",
        both(no_png, write_all("images/{}.npy", lambda number: draw_image(number).astype("int64") * 10**10)),
        file="images/1.npy",
        found="is int64 with values from",
        expected="which int32 cannot hold",
        mend="save it as float32, or scale it down",
    ),
    Mistake(
        "images of complex numbers",
        "dtype",
        both(no_png, write_all("images/{}.npy", lambda number: draw_image(number) * (1 + 1j))),
        file="images/1.npy",
        found="complex128",
        mend="save",
    ),
)
