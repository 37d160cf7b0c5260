"""The step that fits: its files, what it sees, and what it does without."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.fitting.control import HISTORY_COLUMNS, FitError
from pipeline.params import (
    AugmentParams,
    ConstantParams,
    ModelParams,
    ThresholdParams,
    TrackingParams,
    TrainParams,
    UNetParams,
)
from pipeline.provenance import read_record, write_record
from pipeline.steps.train import train
from tests.prepared import Prepared, write_prepared

UNET = UNetParams(name="unet", depth=1, filters=2)
SHORT = TrainParams(samples=8, epoch_samples=4, batch_size=4)
ROOT = Path(__file__).parents[2]
WITHOUT = """
import sys
for name in ("keras", "tensorflow", "jax", "mlflow", "snakemake", "dvc", "optuna", "matplotlib"):
    sys.modules[name] = None
from pathlib import Path
from tests.steps.test_train import run
from tests.prepared import Prepared
from pipeline.params import ConstantParams
run(Prepared(Path(sys.argv[1])), ConstantParams(name="constant"))
"""


def run(prepared: Prepared, model: ModelParams, best: list[Path] | None = None, **train_params: Any) -> dict[str, Path]:
    files = prepared.of_fit(model.name, "0")
    train(
        **prepared.inputs,
        **files,
        best=best or [],
        task="segmentation",
        model=model,
        train=SHORT.model_copy(update=train_params),
        augment=AugmentParams(),
        seed=0,
        experiment="drawn",
        tracking=TrackingParams(),
    )
    return files


def weights(path: Path) -> dict[str, bytes]:
    with np.load(path) as archive:
        return {name: archive[name].tobytes() for name in archive.files}


def test_baselines_are_fitted_without_any_framework(tmp_path: Path) -> None:
    prepared = write_prepared(tmp_path)
    command = [sys.executable, "-c", WITHOUT, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    files = prepared.of_fit("constant", "0")
    with np.load(files["fitted"]) as archive:
        assert 0 < archive["mask"][0] < 0.3
    assert files["history"].read_text() == ",".join(HISTORY_COLUMNS) + "\n"
    assert read_record(files["record"])["stopped"] == "baseline"


@pytest.mark.parametrize("model", [ConstantParams(name="constant"), ThresholdParams(name="threshold")])
def test_baselines_see_no_test_sample(tmp_path: Path, model: ModelParams) -> None:
    first, second = (run(write_prepared(tmp_path / str(seed), seed), model) for seed in (1, 2))
    assert weights(first["fitted"]) == weights(second["fitted"])


@pytest.mark.usefixtures("eager_steps")
class TestNetwork:
    """Fits of a network, tracked in an empty project."""

    def test_writes_model_history_and_record(self, root: Path) -> None:
        files = run(write_prepared(root), UNET, tensorboard=True)
        history = pd.read_csv(files["history"])
        assert tuple(history.columns) == HISTORY_COLUMNS and history["epoch"].tolist() == [1, 2]
        record = read_record(files["record"])
        expected = {"stopped": "budget", "batch_size": 4, "samples_seen": 8, "reproducible": True, "notes": []}
        assert {name: record[name] for name in expected} == expected
        assert record["best_epoch"] in (1, 2) and files["checkpoint"].exists()
        assert files["checkpoint"].with_suffix(".tensorboard").is_dir()

    def test_sees_no_test_sample(self, root: Path) -> None:
        first, second = (run(write_prepared(root / str(seed), seed), UNET) for seed in (1, 2))
        assert weights(first["fitted"]) == weights(second["fitted"])

    def test_takes_what_the_search_found(self, root: Path) -> None:
        found = {"best": {"train.batch_size": 2, "model.filters": 3}, "was_cut": True}
        write_record(root / "0.json", found)
        record = read_record(run(write_prepared(root), UNET, [root / "0.json"])["record"])
        assert record["batch_size"] == 2 and record["params"]["model.filters"] == 3
        assert record["searched"] == found["best"] and not record["reproducible"]

    def test_leaves_no_file_of_a_fit_that_failed(self, root: Path) -> None:
        prepared = write_prepared(root, classes=3)
        with pytest.raises(FitError, match="binary_cross_entropy is for masks of 2 classes"):
            run(prepared, UNET)
        assert not any(path.exists() for path in prepared.of_fit("unet", "0").values())
