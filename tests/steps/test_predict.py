"""The step that predicts the test samples, with a threshold from validation."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.calibration import draw, fit_temperature, gather, scale, undo
from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.manifest import read_dataset
from pipeline.datasets.predictions import read_predictions, round_prediction
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


def a_validated(prepared: Prepared) -> tuple[np.ndarray, np.ndarray]:
    """Mask and probabilities of the one validation sample by the fitted model."""
    model, _, _ = load_model(prepared.of_fit("threshold", "0")["fitted"])
    arrays = open_arrays(prepared.folder / "prepared")
    return arrays.mask(3), model.predict(arrays.image(3)[None])["mask"]


def test_test_samples_are_predicted_by_the_fitted_model(tmp_path: Path) -> None:
    prepared = write_prepared(tmp_path)
    found = read_predictions(run(prepared, temperature=False))
    assert list(found) == ["004", "005"] and found.temperatures == {}
    model, dataset, _ = load_model(prepared.of_fit("threshold", "0")["fitted"])
    image = open_arrays(tmp_path / "prepared").image(5)[None]
    np.testing.assert_array_equal(found["005"]["mask"], round_prediction(model.predict(image))["mask"])
    assert dataset == read_dataset(tmp_path / "dataset.json")


def test_predictions_are_at_the_temperature_that_the_validation_sample_gives(tmp_path: Path) -> None:
    prepared = write_prepared(tmp_path)
    found = read_predictions(run(prepared))
    mask, told = a_validated(prepared)
    temperature = fit_temperature(gather([draw(mask, told, 1, np.random.default_rng(0))]))
    assert found.temperatures == {"mask": pytest.approx(temperature)} and abs(temperature - 1) > 0.1
    model, _, _ = load_model(prepared.of_fit("threshold", "0")["fitted"])
    raw = model.predict(open_arrays(tmp_path / "prepared").image(5)[None])["mask"]
    np.testing.assert_array_equal(found["005"]["mask"], round_prediction({"mask": scale(raw, temperature)})["mask"])
    np.testing.assert_allclose(undo(found["005"], found.temperatures)["mask"], raw, atol=0.004)


def test_nothing_that_validation_decides_knows_a_test_sample(tmp_path: Path) -> None:
    first, second = (read_predictions(run(write_prepared(tmp_path / str(seed), seed))) for seed in (1, 2))
    assert (first["004"]["mask"] != second["004"]["mask"]).any()
    assert (first.temperatures, first.threshold) == (second.temperatures, second.threshold)


def test_threshold_is_the_best_on_validation(tmp_path: Path) -> None:
    prepared = write_prepared(tmp_path)
    threshold = read_predictions(run(prepared, temperature=False)).threshold
    mask, told = a_validated(prepared)
    by_threshold = {value: dice(mask == 1, told[..., 0] >= value) for value in CANDIDATES}
    assert by_threshold[threshold] == max(by_threshold.values())


def test_no_pixel_changes_by_the_temperature(tmp_path: Path) -> None:
    with_one, without = (
        read_predictions(run(write_prepared(tmp_path / str(on)), temperature=on)) for on in (True, False)
    )
    assert with_one.temperatures and not without.temperatures
    for sample_id in without:
        before, after = (found[sample_id]["mask"] >= found.threshold for found in (without, with_one))
        assert (before == after).all() and before.any() and not before.all()


@pytest.mark.parametrize("chosen", [0.3])
def test_threshold_may_be_given(tmp_path: Path, chosen: float) -> None:
    assert read_predictions(run(write_prepared(tmp_path), threshold=chosen)).threshold == chosen
