"""The registered model segments alike in a process that knows nothing of the project."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.packing import load_models
from pipeline.params import PredictParams, TrackingParams
from pipeline.tracking import connect
from tests.discs import a_disc, draw_experiment, fit_fold, register_in


@pytest.fixture
def folder(root: Path) -> Path:
    draw_experiment(root)
    return root


def test_registered_model_is_the_mean_of_the_folds_and_scored_once(folder: Path) -> None:
    registered = register_in(folder)
    assert registered["uri"] == "models:/discs/1" and registered["threshold"] == 0.4
    assert registered["temperatures"] == [{"mask": 1.0}, {"mask": 1.25}]
    assert registered["final_test"]["dice"]["mean"] == 1.0
    told = pd.read_csv(folder / "uncertainty/final_test.csv", dtype={"sample_id": str})
    assert told["sample_id"].tolist() == ["004", "005"] and told["uncertainty"].between(0, 1, "neither").all()
    assert (told["disagreement"] == 0).all()
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
    decided = {"threshold": registered["threshold"], "temperatures": registered["temperatures"]}
    ensemble = load_models([Path(file) for file in registered["files"]], predict=PredictParams(), **decided)
    expected = [ensemble.to_file(maps["mask"]) for maps in ensemble.predict_frames(list(images))]
    assert masks.dtype == np.uint8 and (masks == expected).all()
    assert (masks == 200 * np.stack([a_disc(3), a_disc(5)])).all()
