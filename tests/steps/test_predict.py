"""The step that predicts the test samples, with a threshold from validation."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.manifest import read_dataset
from pipeline.datasets.predictions import read_predictions
from pipeline.metrics import dice
from pipeline.models import load_model
from pipeline.params import PredictParams, ThresholdParams, TrainParams
from pipeline.steps.predict import predict
from pipeline.thresholds import CANDIDATES
from tests.prepared import Prepared, write_prepared
from tests.steps.test_train import run as fit

THRESHOLD = ThresholdParams(name="threshold")


def run(prepared: Prepared, **settings: Any) -> Path:
    fitted, result = fit(prepared, THRESHOLD)["fitted"], prepared.folder / "predictions/threshold/0.npz"
    inputs = {name: path for name, path in prepared.inputs.items() if name != "dataset"}
    sections = {"predict": PredictParams(**settings), "train": TrainParams(), "seed": 0}
    predict(**inputs, fitted=[fitted], predictions=[result], model=THRESHOLD, **sections)
    return result


def test_test_samples_are_predicted_by_the_fitted_model(tmp_path: Path) -> None:
    prepared = write_prepared(tmp_path)
    found = read_predictions(run(prepared))
    assert list(found) == ["004", "005"]
    model, dataset, _ = load_model(prepared.of_fit("threshold", "0")["fitted"])
    image = open_arrays(tmp_path / "prepared").image(5)[None]
    np.testing.assert_array_equal(found["005"]["mask"], model.predict(image)["mask"].astype("float16"))
    assert dataset == read_dataset(tmp_path / "dataset.json")


def test_threshold_is_the_best_on_validation_and_knows_no_test_sample(tmp_path: Path) -> None:
    thresholds = {read_predictions(run(write_prepared(tmp_path / str(seed), seed))).threshold for seed in (1, 2)}
    (threshold,) = thresholds
    model, _, _ = load_model(Prepared(tmp_path / "1").of_fit("threshold", "0")["fitted"])
    arrays = open_arrays(tmp_path / "1/prepared")
    scores = model.predict(arrays.image(3)[None])["mask"][..., 0]
    by_threshold = {value: dice(arrays.mask(3) == 1, scores >= value) for value in CANDIDATES}
    assert by_threshold[threshold] == max(by_threshold.values())


@pytest.mark.parametrize("chosen", [0.3])
def test_threshold_may_be_given(tmp_path: Path, chosen: float) -> None:
    assert read_predictions(run(write_prepared(tmp_path), threshold=chosen)).threshold == chosen
