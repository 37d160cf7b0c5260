"""Axes come from the file or from data.axes, and are asked about otherwise."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
import zarr

from pipeline.datasets.faults import DataError
from pipeline.datasets.reading import count_frames, read_depth
from pipeline.datasets.reading.axes import CHOICES, find_axes
from pipeline.datasets.reading.refusal import Refusal
from pipeline.params import DataParams, DepthParams
from tests.datasets.reading.drawn import read_image, read_mask

STACK = np.random.default_rng(0).integers(0, 255, (3, 8, 10), np.uint8)


@pytest.mark.parametrize(
    ("shape", "said", "given", "role", "expected"),
    [
        ((8, 10), "??", None, "image", "YX"),
        ((1, 8, 10), "???", None, "image", "1YX"),
        ((8, 10, 1), "???", None, "image", "YX1"),
        ((1, 8, 1, 10), "????", None, "image", "1Y1X"),
        ((1, 1, 10), "?YX", None, "image", "1YX"),
        ((10, 8), "XY", None, "image", "XY"),
        ((8, 10, 3), "YXS", None, "image", "YXC"),
        ((8, 10, 3), "YXS", "TYX", "image", "YXC"),
        ((3, 8, 10), "?YX", "TYX", "image", "TYX"),
        ((3, 8, 10), "CYX", "ZYX", "image", "ZYX"),
        ((3, 8, 10), "???", "TYX", "image", "TYX"),
        ((3, 8, 10), "???", "TCYX", "mask", "TYX"),
        ((3, 8, 10), "???", "TYXC", "depth", "TYX"),
        ((3, 8, 10, 3), "???S", "TYXC", "mask", "TYXC"),
        ((3, 1, 8, 10), "????", "TYX", "image", "T1YX"),
        ((3, 2, 8, 10), "TCYX", None, "image", "TCYX"),
        ((3, 2, 8, 10), "TCYX", "TYX", "image", "TCYX"),
        ((1, 2, 5, 8, 10), "TCZYX", None, "image", "1CZYX"),
    ],
)
def test_axes_are_found(shape: tuple[int, ...], said: str, given: str | None, role: str, expected: str) -> None:
    assert find_axes(shape, said, given, role) == expected


@pytest.mark.parametrize(
    ("shape", "said", "given", "told"),
    [
        (
            (12, 64, 48),
            "???",
            None,
            "has axes of lengths (12, 64, 48): say what they are by data.axes: TYX (12 frames of 48x64), "
            "ZYX (12 sections of 48x64), CYX (12 channels of 48x64) or YXC (48 channels of 64x12)",
        ),
        (
            (12, 64, 48),
            "?YX",
            None,
            "has axes of lengths (12, 64, 48): say what they are by data.axes: TYX (12 frames of 48x64), "
            "ZYX (12 sections of 48x64) or CYX (12 channels of 48x64)",
        ),
        (
            (12, 64, 48),
            "?YX",
            "TCYX",
            "has axes of lengths (12, 64, 48), which data.axes TCYX does not fit: set data.axes to TYX (12 frames of 48x64), "
            "ZYX (12 sections of 48x64) or CYX (12 channels of 48x64)",
        ),
        (
            (5, 64, 48, 3),
            "?YXS",
            None,
            "has axes of lengths (5, 64, 48, 3): say what they are by data.axes: TYXC (5 frames of 3 channels of 48x64) or "
            "ZYXC (5 sections of 3 channels of 48x64)",
        ),
        (
            (5, 4, 64, 48),
            "TZYX",
            None,
            "has 5 times (T) of 4 sections (Z), and a sequence is either: save one file a time",
        ),
        ((5, 4, 3, 2, 64, 48), "??????", None, "save height and width with frames or channels at most"),
        ((64, 48), "CY", None, "has axes CY: save height and width once"),
        ((64,), "?", None, "save height and width with frames or channels at most"),
    ],
)
def test_axes_that_nothing_tells_are_asked_about(
    shape: tuple[int, ...], said: str, given: str | None, told: str
) -> None:
    with pytest.raises(Refusal) as caught:
        find_axes(shape, said, given, "image")
    assert told in caught.value.told
    assert caught.value.kind == "axes"


def test_every_choice_is_one_of_the_parameters() -> None:
    assert [DataParams(axes=axes).axes for axes in CHOICES] == list(CHOICES)


def write_pages(path: Path, **how: Any) -> Path:
    tifffile.imwrite(path, STACK, photometric="minisblack", **how)
    return path


@pytest.mark.parametrize(
    ("how", "frames"),
    [
        ({"metadata": {"axes": "TYX"}}, 3),
        ({"metadata": {"axes": "ZYX"}}, 3),
        ({"metadata": {"axes": "CYX"}}, 1),
        ({"imagej": True, "metadata": {"axes": "ZYX"}}, 3),
        ({"imagej": True, "metadata": {"axes": "CYX"}}, 1),
        ({"ome": True, "metadata": {"axes": "TYX"}}, 3),
        ({"ome": True, "metadata": {"axes": "CYX"}}, 1),
    ],
)
def test_what_a_tiff_says_of_its_pages_is_taken(how: dict[str, Any], frames: int, tmp_path: Path) -> None:
    path = write_pages(tmp_path / "a.tif", **how)
    assert count_frames(path) == frames
    if frames == 1:
        np.testing.assert_array_equal(read_image(path), np.moveaxis(STACK, 0, -1))
    else:
        np.testing.assert_array_equal(read_image(path, 2)[..., 0], STACK[2])


def test_pages_that_a_tiff_says_nothing_of_are_asked_about(tmp_path: Path) -> None:
    path = write_pages(tmp_path / "a.tif", metadata=None)
    with pytest.raises(
        DataError, match=r"image '.*a.tif' has axes of lengths \(3, 8, 10\): say what they are by data.axes"
    ):
        count_frames(path)
    assert count_frames(path, "TYX") == 3
    np.testing.assert_array_equal(read_image(path, axes="CYX"), np.moveaxis(STACK, 0, -1))


def test_images_written_one_after_the_other_are_pages(tmp_path: Path) -> None:
    with tifffile.TiffWriter(tmp_path / "a.tif") as file:
        for page in STACK:
            file.write(page, contiguous=False)
    np.testing.assert_array_equal(read_image(tmp_path / "a.tif", 1, axes="TYX")[..., 0], STACK[1])


def test_images_of_several_sizes_in_one_tiff_are_told(tmp_path: Path) -> None:
    with tifffile.TiffWriter(tmp_path / "a.tif") as file:
        file.write(STACK[0])
        file.write(STACK[0, :4, :4])
    with pytest.raises(DataError, match=r"holds 2 images of different kinds \(4x4, 8x10\): save one a file"):
        read_image(tmp_path / "a.tif")


def test_the_full_resolution_of_a_pyramid_is_read(tmp_path: Path) -> None:
    with tifffile.TiffWriter(tmp_path / "a.tif") as file:
        file.write(STACK[0], subifds=1)
        file.write(STACK[0, ::2, ::2], subfiletype=1)
    np.testing.assert_array_equal(read_image(tmp_path / "a.tif")[..., 0], STACK[0])


def test_a_volume_in_one_page_is_a_stack(tmp_path: Path) -> None:
    volume = np.random.default_rng(0).integers(0, 255, (32, 32, 48), np.uint8)
    tifffile.imwrite(tmp_path / "a.tif", volume, tile=(16, 16, 16), volumetric=True, photometric="minisblack")
    assert count_frames(tmp_path / "a.tif") == 32
    np.testing.assert_array_equal(read_image(tmp_path / "a.tif", 20)[..., 0], volume[20])


@pytest.mark.parametrize("frames", [2, 3, 4, 5])
def test_frames_that_are_stored_as_colours_and_alpha_are_frames(frames: int, tmp_path: Path) -> None:
    stack = np.random.default_rng(0).integers(0, 255, (frames, 8, 10), np.uint8)
    how = {"photometric": "rgb", "planarconfig": "separate"} if frames > 2 else {}
    tifffile.imwrite(tmp_path / "a.tif", stack, metadata={"axes": "TYX"}, **how)
    assert count_frames(tmp_path / "a.tif") == frames
    np.testing.assert_array_equal(read_image(tmp_path / "a.tif", 1)[..., 0], stack[1])
    np.testing.assert_array_equal(read_mask(tmp_path / "a.tif", 1), stack[1])


@pytest.mark.parametrize("planes", ["contig", "separate"])
def test_alpha_of_colours_is_cut(planes: str, tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (8, 10, 4), np.uint8)
    stored = pixels if planes == "contig" else pixels.transpose(2, 0, 1)
    tifffile.imwrite(tmp_path / "a.tif", stored, photometric="rgb", planarconfig=planes, extrasamples=["unassalpha"])
    np.testing.assert_array_equal(read_image(tmp_path / "a.tif"), pixels[..., :3])


def test_times_of_sections_are_told(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", np.stack([STACK] * 2), imagej=True, metadata={"axes": "TZYX"})
    with pytest.raises(DataError, match=r"has 2 times \(T\) of 3 sections \(Z\)"):
        count_frames(tmp_path / "a.tif")


@pytest.mark.parametrize(("names", "frames"), [(("time", "y", "x"), 3), (("band", "row", "col"), 1)])
@pytest.mark.parametrize("version", [2, 3])
def test_names_of_a_zarr_arrays_axes_are_taken(
    names: tuple[str, ...], frames: int, version: int, tmp_path: Path
) -> None:
    how = {"dimension_names": names} if version == 3 else {"attributes": {"_ARRAY_DIMENSIONS": names}}
    zarr.create_array(tmp_path / "a.zarr", data=STACK, zarr_format=version, **how)
    assert count_frames(tmp_path / "a.zarr") == frames


def test_a_zarr_array_without_names_is_asked_about(tmp_path: Path) -> None:
    zarr.create_array(tmp_path / "a.zarr", data=STACK)
    with pytest.raises(DataError, match=r"has axes of lengths \(3, 8, 10\): say what they are by data.axes"):
        count_frames(tmp_path / "a.zarr")


def test_an_ome_zarr_of_before_axes_had_names_is_tczyx(tmp_path: Path) -> None:
    group = zarr.open_group(tmp_path / "a.zarr", mode="w", zarr_format=2)
    group.create_array("0", data=STACK[:, None, None])
    group.attrs["multiscales"] = [{"version": "0.1", "datasets": [{"path": "0"}]}]
    np.testing.assert_array_equal(read_image(tmp_path / "a.zarr", 1)[..., 0], STACK[1])


def test_masks_and_depth_take_the_images_axes_without_channels(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", STACK)
    np.testing.assert_array_equal(read_mask(tmp_path / "a.npy", 2, axes="TCYX"), STACK[2])
    depth = read_depth(tmp_path, "a.npy#2", DepthParams(scale=1, missing=None), "TYXC")
    np.testing.assert_array_equal(depth, STACK[2])
