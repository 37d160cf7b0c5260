"""What each mend that writes pixels writes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from pipeline.datasets.reading import read_image, read_mask
from pipeline.mending.rounds import Mended, mend_folder
from pipeline.params import DataParams
from tests.mistakes.entry import smoothed_mask, write_file
from tests.raws import draw_image, draw_mask, write_raw

NAMES = "123456"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return write_raw(tmp_path / "raw", NAMES)


def mend(raw: Path, **data: Any) -> Mended:
    mended = mend_folder(raw, DataParams.model_validate(data))
    assert not mended.left
    return mended


def read(raw: Path, name: str, **data: Any) -> np.ndarray:
    params = DataParams.model_validate(data)
    return read_mask(raw, name, params, (8, 10)) if name.startswith("masks") else read_image(raw, name, params)


def redraw(raw: Path, name: str, draw: Callable[[int], np.ndarray]) -> None:
    """Every image or mask anew, in another format."""
    for path in list((raw / name).parent.iterdir()):
        path.unlink()
    for number, key in enumerate(NAMES):
        write_file(raw / name.format(key), draw(number))


@pytest.mark.parametrize(("values", "foreground"), [([0, 1], 1), ([1, 0], 1), ([0, 255], 255), ([255, 0], 255)])
def test_foreground_stays_where_it_is_when_masks_are_recoded(raw: Path, values: list[int], foreground: int) -> None:
    redraw(raw, "masks/{}.png", lambda number: draw_mask(256 - foreground))
    mend(raw, mask_values=values)
    assert np.array_equal(read(raw, "masks/1.png"), draw_mask(foreground))


def test_ignored_pixels_stay_when_masks_are_recoded(raw: Path) -> None:
    mask = draw_mask(1)
    mask[7, 9] = 7
    redraw(raw, "masks/{}.png", lambda number: mask)
    mend(raw, mask_values=[0, 255], ignore_value=7)
    assert read(raw, "masks/1.png")[7, 9] == 7
    assert (read(raw, "masks/1.png") == 255).sum() == 20


def test_a_jpeg_mask_becomes_the_png_that_it_was(raw: Path) -> None:
    (raw / "masks/2.png").unlink()
    Image.fromarray(draw_mask()).save(raw / "masks/2.jpg", quality=90)
    mend(raw, mask_values=[0, 255])
    assert np.array_equal(read(raw, "masks/2.png"), draw_mask())
    assert not (raw / "masks/2.jpg").exists()


def test_three_classes_are_never_told_apart_by_nearness(raw: Path) -> None:
    (raw / "masks/2.png").unlink()
    Image.fromarray(draw_mask()).save(raw / "masks/2.jpg", quality=90)
    (fault, reason), *_ = mend_folder(raw, DataParams(mask_values=(0, 128, 255))).left
    assert (fault.kind, reason) == (
        "lossy_mask",
        "between two classes lie the values of others: export it without smoothing",
    )


def test_a_pixel_that_is_no_number_takes_the_nearest(raw: Path) -> None:
    pixels = np.tile(np.arange(10, dtype=np.float32), (8, 1))
    redraw(raw, "images/{}.tif", lambda number: pixels + number)
    pixels[:, 9] = np.nan
    write_file(raw / "images/2.tif", pixels)
    mend(raw)
    assert read(raw, "images/2.tif")[..., 0][0].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 8]


def test_grey_among_colour_has_equal_channels(raw: Path) -> None:
    redraw(raw, "images/{}.png", lambda number: draw_image(number, 0 if number == 1 else 3))
    mend(raw)
    assert np.array_equal(read(raw, "images/2.png"), np.repeat(draw_image(1)[..., None], 3, -1))


def test_metres_among_millimetres_become_millimetres(raw: Path) -> None:
    slope = np.linspace(1000, 3000, 80).round().reshape(8, 10)
    slope[0, 0] = 0
    for number, key in enumerate(NAMES):
        write_file(raw / f"depth/{key}.npy", (slope / 1000 if number == 1 else slope).astype(np.float32))
    mend(raw, depth={})
    np.testing.assert_allclose(np.load(raw / "depth/2.npy"), slope, rtol=1e-6)


def test_channels_first_are_put_last_as_the_axes_say(raw: Path) -> None:
    redraw(raw, "images/{}.npy", lambda number: draw_image(number, 3))
    np.save(raw / "images/2.npy", draw_image(1, 3).transpose(2, 0, 1))
    mend(raw, axes="YXC")
    assert np.array_equal(np.load(raw / "images/2.npy"), draw_image(1, 3))


def test_a_photo_in_printers_colours_keeps_its_size_and_place(raw: Path) -> None:
    redraw(raw, "images/{}.png", lambda number: draw_image(number, 3))
    (raw / "images/2.png").unlink()
    Image.new("CMYK", (10, 8), (0, 255, 255, 0)).save(raw / "images/2.jpg", quality=95)
    mend(raw)
    red, green, blue = read(raw, "images/2.png")[4, 4].tolist()
    assert (red > 240, green < 15, blue < 15) == (True, True, True)


def test_a_second_round_finds_nothing_to_do(raw: Path) -> None:
    (raw / "masks/2.png").unlink()
    assert len(mend(raw).done) == 1
    assert mend(raw).done == ()


def test_a_table_follows_the_files_that_get_another_name(raw: Path) -> None:
    (raw / "masks/2.png").unlink()
    Image.fromarray(draw_mask()).save(raw / "masks/2.jpg", quality=90)
    rows = "".join(f"images/{key}.png,masks/{key}.{'jpg' if key == '2' else 'png'}\n" for key in NAMES)
    (raw / "samples.csv").write_text(f"images,mask\n{rows}")
    assert mend(raw, mask_values=[0, 255]).samples == 6
    assert "images/2.png,masks/2.png\n" in (raw / "samples.csv").read_text()


def test_arrays_with_axes_of_their_own_keep_their_meaning(raw: Path) -> None:
    redraw(raw, "images/{}.npy", lambda number: draw_image(number, 3, "uint16").transpose(2, 0, 1))
    np.save(raw / "images/2.npy", draw_image(1, 3).transpose(2, 0, 1))
    mend(raw, axes="CYX")
    assert np.array_equal(read(raw, "images/2.png", axes="CYX"), draw_image(1, 3).astype(np.uint16) * 257)


def test_channels_that_no_format_names_are_left(raw: Path) -> None:
    redraw(raw, "images/{}.npy", lambda number: draw_image(number, 2, "uint16"))
    np.save(raw / "images/2.npy", draw_image(1, 2))
    ((_, reason),) = mend_folder(raw, DataParams(axes="YXC")).left
    assert reason == "no format keeps the meaning of their 2 channels: export them again"


def test_a_smoothed_array_takes_the_nearest_values(raw: Path) -> None:
    redraw(raw, "masks/{}.npy", lambda number: smoothed_mask() if number == 1 else draw_mask())
    mend(raw, mask_values=[0, 255])
    assert np.unique(np.load(raw / "masks/2.npy")).tolist() == [0, 255]


def test_a_smoothed_frame_of_a_film_is_left(raw: Path) -> None:
    for folder in ("images", "masks"):
        for path in list((raw / folder).iterdir()):
            path.unlink()
    for name in "abc":
        images, masks = (
            np.stack([draw(number) for number in range(4)]) for draw in (draw_image, lambda _: draw_mask())
        )
        masks[2] = smoothed_mask() if name == "b" else masks[2]
        for folder, frames in (("images", images), ("masks", masks)):
            tifffile.imwrite(raw / folder / f"{name}.tif", frames, metadata={"axes": "TYX"}, photometric="minisblack")
    reasons = {reason for _, reason in mend_folder(raw, DataParams(mask_values=(0, 255))).left}
    assert reasons == {"only a mask that is one picture can be saved anew: export it without smoothing"}


def test_a_photo_in_printers_colours_is_turned_as_it_says(raw: Path) -> None:
    redraw(raw, "images/{}.png", lambda number: draw_image(number, 3))
    (raw / "images/2.png").unlink()
    picture = Image.new("CMYK", (8, 10))
    picture.paste((0, 255, 255, 0), (0, 0, 8, 5))
    exif = picture.getexif()
    exif[0x0112] = 6
    picture.save(raw / "images/2.jpg", quality=95, exif=exif)
    mend(raw)
    pixels = read(raw, "images/2.png")
    assert pixels.shape == (8, 10, 3)
    assert (pixels[4, 1, 1] > 240, pixels[4, 8, 1] < 15) == (True, True)
