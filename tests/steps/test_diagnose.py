"""The step diagnose: the winner's first fold in, its predictions of training tiles in both modes out."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.datasets.diagnosed import Diagnosed, read_diagnosed, write_diagnosed
from pipeline.datasets.manifest import read_dataset
from pipeline.datasets.splits import read_splits, subset_ids
from pipeline.models import build_model, save_model
from pipeline.params import Params
from pipeline.provenance import write_record
from pipeline.steps.diagnose import diagnose
from tests.experiments import draw_data, draw_params

SETTINGS: dict[str, dict[str, Any]] = {
    "segmentation": {"data": {}},
    "mask_and_depth": {"data": {"depth": {}}},
    "classification": {"data": {"masks": None, "labels": "folders"}},
}
HEADS = {"segmentation": ("mask",), "mask_and_depth": ("mask", "depth"), "classification": ("label",)}


def run(folder: Path, task: str, **entry: Any) -> tuple[Params, Diagnosed]:
    """Diagnose an unfitted model of one channel and 16x16 pixels, two tiles a batch."""
    about: dict[str, Any] = {"task": task, "models": [entry], "train": {"batch_size": 2}, **SETTINGS[task]}
    params = draw_params(**about)
    files = draw_data(folder, params, sequences=8, frames=2, size=16, channels=1, targets=HEADS[task])
    dataset, path = read_dataset(files["dataset"]), folder / "models" / entry["kind"] / "0.npz"
    save_model(path, build_model(params.models[0], dataset, task, 0), dataset, task)
    write_record(folder / "metrics.json", {"winner": entry["kind"]})
    diagnose(
        files["index"], files["splits"], folder / "metrics.json", [path], folder / "diagnosed.npz",
        train=params.train, seed=0,
    )  # fmt: skip
    found = read_diagnosed(folder / "diagnosed.npz")
    assert set(found.sample_ids) <= set(subset_ids(read_splits(files["splits"]), "0", "train"))
    return params, found


@pytest.mark.usefixtures("keras_backend")
@pytest.mark.parametrize("task", HEADS)
def test_tiles_are_predicted_in_both_modes(tmp_path: Path, task: str) -> None:
    _, found = run(tmp_path, task, kind="unet", depth=1, filters=2)
    assert (found.model, found.fold, len(found.sample_ids)) == ("unet", "0", 2)
    assert found.images.shape == (2, 16, 16, 1)
    assert tuple(found.moving) == tuple(found.batch) == tuple(found.targets) == HEADS[task]
    for head in HEADS[task]:
        assert found.moving[head].shape == found.batch[head].shape
        assert np.abs(found.moving[head] - found.batch[head]).max() > 1e-4  # moving statistics are of no data yet


@pytest.mark.usefixtures("keras_backend")
def test_a_network_of_one_mode_has_no_tiles(tmp_path: Path) -> None:
    _, found = run(tmp_path, "segmentation", kind="unet", depth=1, filters=2, normalization="layer")
    assert (found.sample_ids, found.moving) == ((), {})


def test_a_baseline_has_no_tiles(tmp_path: Path) -> None:
    _, found = run(tmp_path, "segmentation", kind="constant")
    assert (found.model, found.sample_ids) == ("constant", ())


def test_what_is_written_is_read(tmp_path: Path) -> None:
    values = {"mask": np.ones((2, 4, 4, 1), np.float32)}
    written = Diagnosed("unet", "3", ("a", "b"), np.zeros((2, 4, 4, 1)), {"mask": np.zeros((2, 4, 4))}, values, values)
    write_diagnosed(tmp_path / "diagnosed.npz", written)
    found = read_diagnosed(tmp_path / "diagnosed.npz")
    assert (found.model, found.fold, found.sample_ids) == ("unet", "3", ("a", "b"))
    np.testing.assert_array_equal(found.moving["mask"], values["mask"])
