"""Reading and writing of image and mask files."""

from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from pipeline.datasets.faults import DataError
from pipeline.datasets.images import read_image, read_mask, write_mask
from tests.raws import draw_image, draw_mask, write_picture

KINDS = [
    (suffix, channels, dtype)
    for suffix in ("png", "tif", "bmp")
    for channels in (0, 3, 4)
    for dtype in ("uint8", "uint16")
    if (suffix, dtype) != ("bmp", "uint16")
]


@pytest.mark.parametrize(("suffix", "channels", "dtype"), KINDS)
def test_every_format_is_read_without_loss_and_without_alpha(
    suffix: str, channels: int, dtype: str, tmp_path: Path
) -> None:
    pixels = draw_image(0, channels, dtype)
    path = write_picture(tmp_path / f"a.{suffix}", pixels)
    expected = pixels[..., :3] if channels else pixels[..., None]
    assert read_image(path).dtype == dtype
    np.testing.assert_array_equal(read_image(path), expected)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.bmp", "a.tif"])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.95])
def test_a_file_cut_short_is_told(name: str, share: float, tmp_path: Path) -> None:
    path = write_picture(tmp_path / name, np.tile(draw_image(0, 3), (5, 5, 1)))
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with pytest.raises(DataError, match=f"image '{path}' .*: export it again"):
        read_image(path)


def test_a_16_bit_colour_png_cut_short_is_told(tmp_path: Path) -> None:
    path = write_picture(tmp_path / "a.png", draw_image(0, 3, "uint16"))
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(DataError, match="cannot be decoded"):
        read_image(path)


def test_a_compressed_tiff_is_read(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", draw_image(0), compression="lzw")
    np.testing.assert_array_equal(read_image(tmp_path / "a.tif")[..., 0], draw_image(0))


@pytest.mark.parametrize(
    ("pixels", "message"),
    [
        (np.zeros((5, 8, 10), np.uint8), "holds 5 pages: save one image a file"),
        (np.zeros((8, 10), np.float32), "is float32: save it with 8 or 16 bits"),
    ],
)
def test_tiffs_that_are_no_single_image_are_told(pixels: np.ndarray, message: str, tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", pixels, photometric="minisblack")
    with pytest.raises(DataError, match=message):
        read_image(tmp_path / "a.tif")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"mask '.*a.png' is missing"):
        read_mask(tmp_path / "a.png")


def test_a_mask_of_one_bit_has_values_0_and_255(tmp_path: Path) -> None:
    Image.fromarray(draw_mask() > 0).save(tmp_path / "a.png")
    np.testing.assert_array_equal(read_mask(tmp_path / "a.png"), draw_mask())


def test_a_mask_with_a_palette_has_its_indices_as_values(tmp_path: Path) -> None:
    mask = Image.fromarray(draw_mask(foreground=2)).convert("P")
    mask.putpalette([0, 0, 0, 9, 9, 9, 200, 10, 10])
    mask.save(tmp_path / "a.png")
    np.testing.assert_array_equal(read_mask(tmp_path / "a.png"), draw_mask(foreground=2))


def test_a_mask_of_equal_colours_is_grey(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.png", np.stack([draw_mask()] * 3, axis=-1))
    np.testing.assert_array_equal(read_mask(tmp_path / "a.png"), draw_mask())


def test_a_mask_in_colour_is_told(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.png", draw_image(0, 3))
    with pytest.raises(DataError, match="is in colour: save one grey value a class"):
        read_mask(tmp_path / "a.png")


def test_a_written_mask_is_read_back(tmp_path: Path) -> None:
    write_mask(tmp_path / "new" / "a.png", draw_mask(foreground=3))
    np.testing.assert_array_equal(read_mask(tmp_path / "new" / "a.png"), draw_mask(foreground=3))
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.png"]
