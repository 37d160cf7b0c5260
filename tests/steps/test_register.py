"""The registered model segments alike in a process that knows nothing of the project."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.datasets.arrays import write_arrays
from pipeline.datasets.manifest import Dataset
from pipeline.datasets.predictions import write_predictions
from pipeline.datasets.splits import write_splits
from pipeline.ensemble import load_models
from pipeline.models import build_model, save_model
from pipeline.params import (
    AugmentParams,
    CompareParams,
    DataParams,
    EvaluateParams,
    PredictParams,
    RegistryParams,
    SplitParams,
    ThresholdParams,
    TrackingParams,
    TrainParams,
)
from pipeline.provenance import describe_fit, read_record, write_record
from pipeline.steps.register import register
from pipeline.tracking import connect

DATASET = Dataset(1, "uint8", (0, 200), ("background", "disc"), "d" * 64, "folders")
SIZE = 16


def a_disc(radius: int) -> np.ndarray:
    rows, columns = np.mgrid[:SIZE, :SIZE]
    return ((rows - 8) ** 2 + (columns - 8) ** 2 < radius**2).astype(np.uint8)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Six discs, the last two for the final test, and a threshold model fitted in two folds."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    masks = [a_disc(radius) for radius in range(2, 8)]
    index = pd.DataFrame({"sample_id": [f"{number:03}" for number in range(6)], "sequence": "", "time": 0})
    sizes = {"height": SIZE, "width": SIZE, "original_height": SIZE, "original_width": SIZE}
    index = index.assign(group=index["sample_id"], subset="", channels=1, has_mask=True, dtype="uint8", **sizes)
    paths = [tmp_path / "prepared" / name for name in ("images.npy", "masks.npy", "index.csv")]
    write_arrays(*paths, index, [(150 * mask[..., None], mask) for mask in masks])
    rows = [("0", "000", "train"), ("0", "001", "test"), ("1", "001", "train"), ("1", "000", "test")]
    final = [("0", sample_id, "final_test") for sample_id in ("004", "005")]
    write_splits(tmp_path / "splits.csv", pd.DataFrame([*rows, *final], columns=["fold", "sample_id", "subset"]))
    write_record(tmp_path / "metrics.json", {"winner": "threshold"})
    for fold in ("0", "1"):
        fit_fold(tmp_path, fold)
    return tmp_path


def fit_fold(folder: Path, fold: str) -> None:
    entry, path = ThresholdParams(name="threshold", smoothing_px=0), folder / f"models/threshold/{fold}.npz"
    model = build_model(entry, DATASET, 0)
    ramp = (np.arange(256) + 0.5)[:, None] / 256
    model.set_state({"channel": np.array(0), "edges": np.linspace(0, 256, 257), "shares": ramp.astype("float32")})
    save_model(path, model, DATASET)
    about: dict[str, Any] = {"train": TrainParams(), "augment": AugmentParams(), "seed": 0, "fold": fold}
    write_record(
        path.with_suffix(".json"),
        describe_fit(experiment="discs", model=entry, data_hash="d" * 64, split_hash="s" * 64, **about),
    )
    write_predictions(folder / f"predictions/threshold/{fold}.npz", 0.3 + 0.2 * int(fold), [])


def register_in(folder: Path) -> dict[str, Any]:
    register(
        folder / "prepared/index.csv",
        folder / "splits.csv",
        folder / "metrics.json",
        sorted(folder.glob("models/*/*.npz")),
        sorted(folder.glob("predictions/*/*.npz")),
        folder / "registered.json",
        experiment="discs",
        task="segmentation",
        seed=0,
        data=DataParams(),
        split=SplitParams(),
        train=TrainParams(),
        predict=PredictParams(),
        evaluate=EvaluateParams(),
        compare=CompareParams(),
        registry=RegistryParams(),
        tracking=TrackingParams(),
    )
    return read_record(folder / "registered.json")


def test_registered_model_is_the_mean_of_the_folds_and_scored_once(folder: Path) -> None:
    registered = register_in(folder)
    assert registered["uri"] == "models:/discs/1" and registered["threshold"] == 0.4
    assert registered["final_test"]["dice"]["mean"] == 1.0
    client = connect(TrackingParams(), "discs").client
    assert client.get_run(registered["run_id"]).data.metrics["final_test_dice"] == 1.0


def test_same_models_make_no_second_version(folder: Path) -> None:
    assert register_in(folder) == register_in(folder)
    fit_fold(folder, "2")
    assert register_in(folder)["uri"] == "models:/discs/2"
    client = connect(TrackingParams(), "discs").client
    assert client.get_model_version_by_alias("discs", "champion").version == 2


def test_process_elsewhere_gets_the_same_masks(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    registered = register_in(folder)
    images = 150 * np.stack([a_disc(3), a_disc(5)])[..., None]
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    np.save(elsewhere / "images.npy", images)
    code = (
        "import mlflow, numpy, sys\n"
        f"mlflow.set_tracking_uri('sqlite:///{folder}/mlflow.db')\n"
        "model = mlflow.pyfunc.load_model('models:/discs@champion')\n"
        "numpy.save('masks.npy', model.predict(numpy.load('images.npy')))\n"
        f"assert not sys.modules['pipeline'].__file__.startswith({str(Path(__file__).parents[2])!r})\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=elsewhere, env={"PYTHONPATH": ""}, check=True)
    masks = np.load(elsewhere / "masks.npy")
    ensemble = load_models([Path(file) for file in registered["files"]], registered["threshold"], PredictParams())
    expected = [ensemble.to_file(maps) for maps in ensemble.predict_frames(list(images))]
    assert masks.dtype == np.uint8 and (masks == expected).all()
    assert (masks == 200 * np.stack([a_disc(3), a_disc(5)])).all()
