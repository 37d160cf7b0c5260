"""The step that searches: its files, and what it sees."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.metrics import METRICS
from pipeline.params import (
    AugmentParams,
    CompareParams,
    EvaluateParams,
    ModelParams,
    PredictParams,
    SearchParams,
    SearchRange,
    ThresholdParams,
    TrackingParams,
    TrainParams,
    UNetParams,
)
from pipeline.provenance import read_record
from pipeline.steps.search import search
from pipeline.tuning import SearchError
from tests.prepared import Prepared, write_prepared

RATE, SMOOTHING = "train.optimizer.learning_rate", "model.smoothing_px"
UNET = UNetParams(name="unet", depth=1, filters=2)
THRESHOLD = ThresholdParams(name="threshold")
SMOOTH = (SearchRange(parameter=SMOOTHING, models=("threshold",), low=0.0, high=3.0),)


def run(
    prepared: Prepared, model: ModelParams, space: tuple[SearchRange, ...], trials: int = 2, **more: Any
) -> dict[str, Path]:
    files = prepared.of_search(model.name, "0")
    search(
        **prepared.inputs,
        **files,
        task="segmentation",
        evaluate=EvaluateParams(),
        compare=CompareParams(),
        model=model,
        train=TrainParams(samples=40, epoch_samples=8, batch_size=4),
        augment=AugmentParams(),
        predict=PredictParams(),
        search=SearchParams(trials=trials, space=space, **more),
        seed=0,
        experiment="drawn",
        tracking=TrackingParams(),
    )
    return files


def untimed(path: Path) -> pd.DataFrame:
    return pd.read_csv(path).drop(columns="seconds")


@pytest.mark.usefixtures("eager_steps")
def test_search_of_a_network_writes_best_and_trials(root: Path) -> None:
    space = (SearchRange(parameter=RATE, choices=(1e-3, 1e-2)),)
    files = run(write_prepared(root), UNET, space, samples=4)
    found, trials = read_record(files["best"]), pd.read_csv(files["trials"])
    assert found["best"][RATE] in (1e-3, 1e-2) and found["metric"] == "dice" and not found["was_cut"]
    assert found["value"] == trials["value"].max() and found["trials"] == len(trials) == 2
    assert trials.loc[trials["value"].idxmax(), RATE] == found["best"][RATE]


def test_search_sees_no_test_sample_and_is_the_same_every_time(root: Path) -> None:
    first, second = (run(write_prepared(root / str(seed), seed), THRESHOLD, SMOOTH, 4) for seed in (1, 2))
    pd.testing.assert_frame_equal(untimed(first["trials"]), untimed(second["trials"]))
    assert read_record(first["best"])["best"] == read_record(second["best"])["best"]


def test_search_by_an_error_takes_the_lowest_and_tells_it_as_it_is(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(METRICS, "dice", replace(METRICS["dice"], higher_is_better=False))
    files = run(write_prepared(root), THRESHOLD, SMOOTH, 4)
    found, trials = read_record(files["best"]), pd.read_csv(files["trials"])
    assert found["value"] == trials["value"].min() > 0 and trials["value"].nunique() > 1
    assert trials.loc[trials["value"].idxmin(), SMOOTHING] == found["best"][SMOOTHING]


def test_search_without_a_single_fit_says_why(root: Path) -> None:
    space = (SearchRange(parameter="train.batch_size", models=("threshold",), choices=(64, 128)),)
    with pytest.raises(SearchError, match=r"batch_size (64|128) exceeds epoch_samples 8"):
        run(write_prepared(root), THRESHOLD, space)
