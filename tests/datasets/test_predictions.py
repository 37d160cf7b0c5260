"""Predictions are read as they were written, and a file that was not finished is none."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from scipy.special import logit

from pipeline.datasets.predictions import read_predictions, round_prediction, write_predictions


def test_predictions_are_read_as_they_were_written(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    samples = {
        "000": {"mask": random.random((5, 7, 1)), "depth": random.random((5, 7, 1))},
        "dog/00012": {"mask": random.random((3, 4, 2)), "depth": random.random((3, 4, 1))},
    }
    write_predictions(tmp_path / "unet" / "0.npz", 0.46, iter(samples.items()))
    found = read_predictions(tmp_path / "unet" / "0.npz")
    assert list(found) == list(samples) and len(found) == 2 and found.threshold == 0.46
    assert found.heads == ("mask", "depth")
    for sample_id, prediction in found.items():
        for head, error in (("mask", 2**-13), ("depth", 0)):
            assert prediction[head].dtype == np.float32
            np.testing.assert_allclose(
                prediction[head], samples[sample_id][head].astype(np.float32), rtol=0, atol=error
            )
            np.testing.assert_array_equal(found[sample_id][head], prediction[head])


def test_certain_probabilities_are_told_apart_at_both_ends() -> None:
    certain = np.array([0, 1e-7, 1e-4, 0.3, 0.5, 0.7, 1 - 1e-4, 1 - 2e-7, 1], np.float32)
    found = round_prediction({"mask": certain})["mask"]
    np.testing.assert_allclose(logit(found[1:-1]), logit(certain[1:-1]), atol=0.2, rtol=0.001)
    assert found[[0, 4, -1]].tolist() == [0, 0.5, 1] and (np.diff(found) > 0).all()


def test_temperatures_are_read_as_they_were_written(tmp_path: Path) -> None:
    samples = [("000", {"mask": np.zeros((2, 2, 1)), "label": np.array([0.5, 0.5])})]
    write_predictions(tmp_path / "0.npz", 0.5, samples, 0.9, {"mask": 1.5, "label": 0.75})
    found = read_predictions(tmp_path / "0.npz")
    assert found.temperatures == {"mask": 1.5, "label": 0.75} and found.heads == ("mask", "label") and len(found) == 1


def test_same_predictions_give_the_same_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_predictions(tmp_path / name, 0.5, [("000", {"mask": np.full((9, 9, 1), 0.25)})])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_fault_leaves_no_file(tmp_path: Path) -> None:
    def samples() -> Iterator[tuple[str, dict[str, np.ndarray]]]:
        yield "000", {"mask": np.zeros((2, 2, 1))}
        raise ValueError("no such frame")

    with pytest.raises(ValueError, match="no such frame"):
        write_predictions(tmp_path / "0.npz", 0.5, samples())
    assert not list(tmp_path.iterdir())
