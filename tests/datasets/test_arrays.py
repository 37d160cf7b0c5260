"""The prepared store."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.pixels import Pixels
from pipeline.datasets.storing import write_arrays

IMAGES = [np.full((2, 3, 2), 7, np.uint16), np.full((4, 1, 2), 65535, np.uint16), np.full((1, 5, 2), 3, np.uint16)]
DEPTHS = [None, np.array([[0.5], [np.nan], [2], [3]], np.float32), None]
MASKS = [np.full((2, 3), 1, np.uint8), None, np.full((1, 5), 255, np.uint8)]


def write_three(folder: Path, images: list[np.ndarray] = IMAGES) -> None:
    table = pd.DataFrame({"sample_id": ["007", "s/1", "NA"], "sequence": ["", "s", ""], "time": 0, "group": "g"})
    sizes = {"height": [2, 4, 1], "width": [3, 1, 5], "channels": 2, "original_height": 9, "original_width": 9}
    table = table.assign(
        subset="", **sizes, has_mask=[True, False, True], has_depth=[False, True, False], label="", dtype="uint16"
    )
    files = (folder / name for name in ("images.npy", "masks.npy", "depths.npy", "index.csv"))
    write_arrays(*files, table, (Pixels(*parts) for parts in zip(images, MASKS, DEPTHS, strict=True)))


def test_samples_of_many_sizes_are_read_back(tmp_path: Path) -> None:
    write_three(tmp_path)
    arrays = open_arrays(tmp_path)
    assert len(arrays) == 3
    for position, (image, mask) in enumerate(zip(IMAGES, MASKS, strict=True)):
        np.testing.assert_array_equal(arrays.image(position), image)
        if mask is not None:
            np.testing.assert_array_equal(arrays.mask(position), mask)


def test_ids_that_look_like_numbers_stay_text(tmp_path: Path) -> None:
    write_three(tmp_path)
    arrays = open_arrays(tmp_path)
    assert list(arrays.index["sample_id"]) == ["007", "s/1", "NA"]
    assert arrays.positions(["NA", "007"]).tolist() == [2, 0]


def test_an_unknown_sample_is_told(tmp_path: Path) -> None:
    write_three(tmp_path)
    with pytest.raises(ValueError, match="sample 8 is not among the prepared arrays"):
        open_arrays(tmp_path).positions(["8"])


def test_the_mask_of_an_unlabelled_sample_is_refused(tmp_path: Path) -> None:
    write_three(tmp_path)
    with pytest.raises(ValueError, match="sample s/1 has no mask"):
        open_arrays(tmp_path).mask(1)


def test_depth_is_read_back_where_there_is_one(tmp_path: Path) -> None:
    write_three(tmp_path)
    arrays = open_arrays(tmp_path)
    np.testing.assert_array_equal(arrays.depth(1), DEPTHS[1])
    with pytest.raises(ValueError, match="sample 007 has no depth"):
        arrays.depth(0)


def test_a_fault_in_the_middle_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="zip"):
        write_three(tmp_path, IMAGES[:2])
    assert list(tmp_path.iterdir()) == []
