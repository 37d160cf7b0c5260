"""Predictions are read as they were written, and a file that was not finished is none."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from pipeline.datasets.predictions import read_predictions, write_predictions


def test_predictions_are_read_as_they_were_written(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    maps = {"000": random.random((5, 7, 1)), "dog/00012": random.random((3, 4, 2))}
    write_predictions(tmp_path / "unet" / "0.npz", 0.46, iter(maps.items()))
    found = read_predictions(tmp_path / "unet" / "0.npz")
    assert list(found) == list(maps) and len(found) == 2 and found.threshold == 0.46
    for sample_id, probabilities in maps.items():
        assert found[sample_id].dtype == np.float16
        np.testing.assert_array_equal(found[sample_id], probabilities.astype("float16"))


def test_same_predictions_give_the_same_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_predictions(tmp_path / name, 0.5, [("000", np.full((9, 9, 1), 0.25))])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_fault_leaves_no_file(tmp_path: Path) -> None:
    def maps() -> Iterator[tuple[str, np.ndarray]]:
        yield "000", np.zeros((2, 2, 1))
        raise ValueError("no such frame")

    with pytest.raises(ValueError, match="no such frame"):
        write_predictions(tmp_path / "0.npz", 0.5, maps())
    assert not list(tmp_path.iterdir())
