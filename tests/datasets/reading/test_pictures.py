"""Reading and writing of pictures: PNG, JPG, BMP, WebP and GIF."""

from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from PIL import Image, ImageOps

from pipeline.datasets.faults import DataError
from pipeline.datasets.reading import write_mask
from tests.datasets.reading.drawn import read_image, read_mask
from tests.raws import draw_image, draw_mask, write_picture


def test_a_mask_of_one_bit_has_values_0_and_255(tmp_path: Path) -> None:
    Image.fromarray(draw_mask() > 0).save(tmp_path / "a.png")
    np.testing.assert_array_equal(read_mask(tmp_path / "a.png"), draw_mask())


@pytest.mark.parametrize("name", ["a.png", "a.gif"])
def test_a_mask_with_a_palette_has_its_indices_as_values(name: str, tmp_path: Path) -> None:
    mask = Image.fromarray(draw_mask(foreground=2)).convert("P")
    mask.putpalette([0, 0, 0, 9, 9, 9, 200, 10, 10])
    mask.save(tmp_path / name, optimize=False)
    np.testing.assert_array_equal(read_mask(tmp_path / name), draw_mask(foreground=2))


def test_an_image_with_a_palette_and_transparency_has_its_colours(tmp_path: Path) -> None:
    picture = Image.fromarray(draw_mask(foreground=1)).convert("P")
    picture.putpalette([0, 0, 9, 200, 10, 10])
    picture.save(tmp_path / "a.png", transparency=bytes([0, 128]))
    image = read_image(tmp_path / "a.png")
    assert image.shape == (8, 10, 3)
    assert image[0, 0].tolist() == [200, 10, 10]
    assert image[7, 9].tolist() == [0, 0, 9]


def test_a_mask_of_equal_colours_is_grey(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.png", np.stack([draw_mask()] * 3, axis=-1))
    np.testing.assert_array_equal(read_mask(tmp_path / "a.png"), draw_mask())


def test_a_gif_with_a_grey_palette_has_grey_values(tmp_path: Path) -> None:
    Image.fromarray(draw_mask()).save(tmp_path / "a.gif")
    np.testing.assert_array_equal(read_mask(tmp_path / "a.gif"), draw_mask())
    assert read_image(tmp_path / "a.gif").shape == (8, 10, 1)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["a.png", "deep.png", "a.jpg", "a.webp", "a.tif"])
def test_a_picture_is_turned_upright_as_pillow_does(orientation: int, name: str, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    pixels = draw_image(0, 3)
    kinds = {"a.webp": {"lossless": True}, "a.jpg": {"quality": 100}}
    Image.fromarray(pixels).save(tmp_path / name, exif=exif, **kinds.get(name, {}))
    with Image.open(tmp_path / name) as picture:
        expected = np.asarray(ImageOps.exif_transpose(picture))
    if name == "deep.png":
        deepen(tmp_path / name, pixels)
        expected = expected.astype(np.uint16) * 257
    np.testing.assert_array_equal(read_image(tmp_path / name), expected)


def deepen(path: Path, pixels: np.ndarray) -> None:
    """Put 16 bits a channel in place of a PNG's pixels, and keep its EXIF."""
    old, new = path.read_bytes(), imagecodecs.png_encode(pixels.astype(np.uint16) * 257)
    start = old.index(b"eXIf") - 4
    chunk = old[start : start + 12 + int.from_bytes(old[start : start + 4])]
    path.write_bytes(new[:33] + chunk + new[33:])


def test_content_goes_before_the_suffix(tmp_path: Path) -> None:
    for name in ("png named.jpg", "png named.tif"):
        Image.fromarray(draw_image(0)).save(tmp_path / name, format="PNG")
        np.testing.assert_array_equal(read_image(tmp_path / name)[..., 0], draw_image(0))
    Image.fromarray(draw_image(0)).save(tmp_path / "tiff named.png", format="TIFF")
    np.testing.assert_array_equal(read_image(tmp_path / "tiff named.png")[..., 0], draw_image(0))


def test_names_may_have_spaces_accents_and_marks(tmp_path: Path) -> None:
    for name in ("größe 1.png", "細胞 #3.png", "a#7.png", "per%20cent.png"):
        write_picture(tmp_path / name, draw_image(0))
        np.testing.assert_array_equal(read_image(tmp_path / name)[..., 0], draw_image(0))


def test_a_png_of_16_bits_keeps_them_beside_grey_alpha(tmp_path: Path) -> None:
    pixels = draw_image(0, 2, "uint16")
    (tmp_path / "a.png").write_bytes(imagecodecs.png_encode(pixels))
    np.testing.assert_array_equal(read_image(tmp_path / "a.png"), pixels[..., :1])


def test_the_frames_of_a_gif_are_read_in_any_order(tmp_path: Path) -> None:
    frames = [Image.fromarray(draw_mask(value)) for value in (50, 100, 150)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert [int(read_image(tmp_path / "a.gif", frame)[0, 0, 0]) for frame in (2, 0, 1, 1)] == [150, 50, 100, 100]


@pytest.mark.parametrize("name", ["a.png", "a.webp"])
def test_an_animation_is_not_taken_for_one_image(name: str, tmp_path: Path) -> None:
    frames = [Image.fromarray(draw_image(seed, 3)) for seed in range(3)]
    frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:])
    with pytest.raises(DataError, match="is an animation of 3 frames: save it as MP4, GIF or a TIFF"):
        read_image(tmp_path / name)


def test_a_written_mask_is_read_back(tmp_path: Path) -> None:
    write_mask(tmp_path / "new" / "a.png", draw_mask(foreground=3))
    np.testing.assert_array_equal(read_mask(tmp_path / "new" / "a.png"), draw_mask(foreground=3))
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.png"]
