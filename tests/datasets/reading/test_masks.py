"""Masks in colours and of single objects, depth, references and files that stay open."""

import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import tifffile
import zarr
from PIL import Image

from pipeline.datasets import reading
from pipeline.datasets.faults import DataError
from pipeline.datasets.reading import opening
from pipeline.datasets.reading.opening import KEPT_OPEN
from pipeline.datasets.reading.references import Reference, parse_reference
from pipeline.params import DataParams, DepthParams
from tests.datasets.reading.drawn import SIZE, read_image, read_mask
from tests.raws import draw_image, draw_mask, write_picture

COLOURS = ("#000000", "#ff0000", "#00FF80")
INDICES = np.random.default_rng(0).integers(0, 3, SIZE, np.uint8)
TABLE = np.array([(0, 0, 0), (255, 0, 0), (0, 255, 128)], np.uint8)


@pytest.mark.parametrize("name", ["a.png", "palette.png", "a.tif", "a.gif", "a.npy", "alpha.png"])
def test_colours_become_the_indices_of_their_classes(name: str, tmp_path: Path) -> None:
    path, pixels = tmp_path / name, TABLE[INDICES]
    if name in ("palette.png", "a.gif"):
        picture = Image.fromarray(INDICES).convert("P")
        picture.putpalette(TABLE.ravel().tolist())
        picture.save(path)
    elif name == "a.npy":
        np.save(path, pixels)
    else:
        alpha = np.full((*SIZE, 1), 255, np.uint8)
        write_picture(path, np.concatenate([pixels, alpha], -1) if name == "alpha.png" else pixels)
    mask = read_mask(path, mask_colours=COLOURS, axes="YXC")
    assert mask.dtype == np.uint8
    np.testing.assert_array_equal(mask, INDICES)


def test_grey_files_are_colours_too(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.png", draw_mask())
    mask = read_mask(tmp_path / "a.png", mask_colours=("#ffffff", "#000000"))
    np.testing.assert_array_equal(mask, draw_mask(0, 1))


def test_colours_that_nobody_named_are_listed(tmp_path: Path) -> None:
    pixels = TABLE[INDICES]
    pixels[0, :3], pixels[1, 0] = (1, 2, 3), (9, 9, 9)
    write_picture(tmp_path / "a.png", pixels)
    told = r"has 4 pixels in colours that data.mask_colours does not name \(#010203 in 3 pixels, #090909 in 1 pixels\)"
    with pytest.raises(DataError, match=told):
        read_mask(tmp_path / "a.png", mask_colours=COLOURS)


def test_a_mask_in_colour_is_told_with_its_colours(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.png", TABLE[np.minimum(INDICES, 1)])
    with pytest.raises(DataError, match=r"is in colour: .* by data.mask_colours \(#(000000|ff0000) in \d+ pixels, #"):
        read_mask(tmp_path / "a.png")


def write_objects(folder: Path) -> np.ndarray:
    """Three objects in a folder, and where any is."""
    merged = np.zeros(SIZE, np.uint8)
    for number, (top, left) in enumerate(((0, 0), (1, 1), (5, 6))):
        single = np.zeros(SIZE, np.uint8)
        single[top : top + 2, left : left + 3] = (255, 1, 7)[number]
        merged |= single > 0
        write_picture(folder / f"{number}.png", single)
    return merged


def test_files_of_single_objects_are_merged(tmp_path: Path) -> None:
    expected = write_objects(tmp_path / "masks" / "a")
    mask = reading.read_mask(tmp_path, "masks/a/", DataParams(instances="files"), SIZE)
    assert mask.dtype == np.uint8
    np.testing.assert_array_equal(mask, expected)


def test_faults_of_all_files_of_single_objects_are_told_at_once(tmp_path: Path) -> None:
    write_objects(tmp_path / "a")
    (tmp_path / "a" / "0.png").write_bytes(b"")
    write_picture(tmp_path / "a" / "1.png", np.zeros((4, 5), np.uint8))
    (tmp_path / "a" / "notes.txt").write_text("x")
    with pytest.raises(DataError) as caught:
        reading.read_mask(tmp_path, "a/", DataParams(instances="files"), SIZE)
    found = [(fault.kind, fault.file) for fault in caught.value.faults]
    assert found == [("file_empty", "a/0.png"), ("mask_size", "a/1.png"), ("stray_file", "a/notes.txt")]
    assert "is 5x4, its image is 10x8" in str(caught.value)


@pytest.mark.parametrize(("name", "kind"), [("empty", "instances_empty"), ("absent", "file_missing")])
def test_a_folder_without_objects_is_told(name: str, kind: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError) as caught:
        reading.read_mask(tmp_path, f"{name}/", DataParams(instances="files"), SIZE)
    assert caught.value.faults[0].kind == kind


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "uint32", "int64", "float32"])
def test_values_of_single_objects_are_merged_but_for_what_is_ignored(dtype: str, tmp_path: Path) -> None:
    values = np.arange(80).reshape(SIZE).astype(dtype)
    values[0, :5] = 0
    values[7] = 255
    if dtype == "uint32":
        values[6] = 3_000_000_000
    tifffile.imwrite(tmp_path / "a.tif", values)
    mask = read_mask(tmp_path / "a.tif", instances="values", ignore_value=255)
    assert (mask == np.where(values == 255, 255, values > 0)).all()


def test_depth_becomes_metres_and_nan_where_nothing_was_measured(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.png", np.array([[0, 1500], [65535, 2]], np.uint16))
    depth = reading.read_depth(tmp_path, "a.png", DepthParams())
    assert depth.dtype == np.float32
    np.testing.assert_array_equal(depth, np.array([[np.nan, 1.5], [65.535, 0.002]], np.float32))
    np.save(tmp_path / "b.npy", np.array([[0, np.nan], [np.inf, -1]]))
    depth = reading.read_depth(tmp_path, "b.npy", DepthParams(scale=2, missing=-1))
    np.testing.assert_array_equal(depth, np.array([[0, np.nan], [np.nan, np.nan]], np.float32))


def test_depth_in_colour_or_jpeg_is_told(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.png", draw_image(0, 3))
    write_picture(tmp_path / "a.jpg", draw_image(0))
    for name, told in (("a.png", "depth '.*' is in colour: save one value a pixel"), ("a.jpg", "depth '.*' is a JPEG")):
        with pytest.raises(DataError, match=told):
            reading.read_depth(tmp_path, name, DepthParams())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("images/a.png", Reference("images/a.png")),
        ("film.mp4#12", Reference("film.mp4", 12)),
        ("cell#3.png", Reference("cell#3.png")),
        ("a#b/cell#3.zarr#0", Reference("a#b/cell#3.zarr", 0)),
        ("well #4", Reference("well #4")),
        ("coco.json#sub/a#1.png", Reference("coco.json", entry="sub/a#1.png")),
        ("masks/a.json", Reference("masks/a.json")),
    ],
)
def test_references_are_taken_apart(text: str, expected: Reference) -> None:
    assert parse_reference(text) == expected


def test_a_file_that_was_written_anew_is_read_anew(tmp_path: Path) -> None:
    for seed in range(3):
        np.save(tmp_path / "a.npy", draw_image(seed))
        np.testing.assert_array_equal(read_image(tmp_path / "a.npy")[..., 0], draw_image(seed))


def count_open() -> int:
    """Files that this process holds open."""
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are listed on Linux only")
def test_few_files_stay_open(tmp_path: Path) -> None:
    for number in range(3 * KEPT_OPEN):
        tifffile.imwrite(tmp_path / f"{number}.tif", draw_image(number))
    before = count_open()
    for number in range(3 * KEPT_OPEN):
        read_image(tmp_path / f"{number}.tif")
    assert count_open() <= before + KEPT_OPEN


FORKING = """
import os, sys
from pathlib import Path
import numpy as np
from pipeline.datasets.reading import read_image
from pipeline.params import DataParams
raw, frames = Path(sys.argv[1]), np.load(Path(sys.argv[1], "frames.npy"))
assert (read_image(raw, "a.tif#0", DataParams())[..., 0] == frames[0]).all()
child = os.fork()
assert all((read_image(raw, f"a.tif#{n}", DataParams())[..., 0] == frames[n]).all() for n in range(1, 50))
assert child == 0 or os.waitpid(child, 0)[1] == 0
"""


def test_a_fork_reads_on_beside_its_parent(tmp_path: Path) -> None:
    frames = np.random.default_rng(0).integers(0, 255, (50, 8, 10), np.uint8)
    np.save(tmp_path / "frames.npy", frames)
    tifffile.imwrite(tmp_path / "a.tif", frames, photometric="minisblack", metadata={"axes": "TYX"}, compression="zlib")
    subprocess.run([sys.executable, "-c", FORKING, tmp_path], check=True)


def test_chunks_of_several_frames_are_decoded_once(tmp_path: Path) -> None:
    frames = np.random.default_rng(0).integers(0, 255, (20, 8, 10), np.uint8)
    names = ["t", "y", "x"]
    array = zarr.create_array(tmp_path / "a.zarr", data=frames, chunks=(10, 8, 10), dimension_names=names)
    for number in (3, 4, 15, 3, 19, 0):
        np.testing.assert_array_equal(read_image(tmp_path / "a.zarr", number)[..., 0], frames[number])
    read_image(tmp_path / "a.zarr", 3)
    array[3:10] = 0  # the metadata file stays as it was, and the chunk is kept
    np.testing.assert_array_equal(read_image(tmp_path / "a.zarr", 9)[..., 0], frames[9])


@pytest.mark.parametrize("instances", [None, "values"])
@pytest.mark.parametrize("dtype", ["int8", "int16", "int64", "float32"])
def test_minus_one_may_be_what_does_not_count(dtype: str, instances: str | None, tmp_path: Path) -> None:
    values = draw_mask(1).astype(dtype)
    values[7] = -1
    np.save(tmp_path / "a.npy", values)
    np.testing.assert_array_equal(read_mask(tmp_path / "a.npy", ignore_value=-1, instances=instances), values)
    with pytest.raises(
        DataError, match="has values from -1 to 1, and classes go from 0 to 65535: name the one that does not"
    ):
        read_mask(tmp_path / "a.npy")


def test_large_arrays_do_not_pile_up_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "KEPT_BYTES", 4e6)
    for number in range(6):
        np.savez_compressed(tmp_path / f"{number}.npz", np.zeros((20, 300, 300), np.uint8))
    tracemalloc.start()
    for number in range(6):
        read_image(tmp_path / f"{number}.npz", 0, axes="TYX")
    assert tracemalloc.get_traced_memory()[0] < 5e6  # two of 1.8 MB each, not six
    tracemalloc.stop()
