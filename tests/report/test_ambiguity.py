"""The report tells how often sets of classes hold the true one, and shows what is ambiguous."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from pipeline.datasets.arrays import Arrays
from pipeline.datasets.diagnosed import Diagnosed
from pipeline.datasets.manifest import Dataset
from pipeline.datasets.predictions import write_predictions
from pipeline.datasets.scores import SAMPLE_COLUMNS
from pipeline.params import Params, SetParams, parse_params
from pipeline.report.ambiguity import describe_ambiguity, describe_model
from pipeline.report.experiment import Experiment
from pipeline.report.rendering import render, write_html
from pipeline.report.sheet import DataSheet
from pipeline.tasks import build_task

NAMES = ("cat", "dog", "owl")
DATASET = Dataset(1, "uint8", (), (), "data", "drawn", NAMES, ("label",))
TRUTH = (0, 1, 2, 0, 1, 2)
TOLD = np.array(
    [[0.9, 0.1, 0], [0.5, 0.45, 0.05], [0.1, 0.2, 0.7], [0.4, 0.35, 0.25], [0, 1, 0], [0.55, 0.3, 0.15]], "float32"
)
QUANTILE = 0.66
"""Classes from .34 on: the second and the fourth sample have two, and the last one's set misses its class."""


def draw_params(sets: dict[str, Any] | None) -> Params:
    settings = {
        "experiment": "e",
        "dataset": "d",
        "task": "classification",
        "data": {"masks": None, "labels": "folders"},
    }
    return parse_params(settings | {"models": [{"kind": "constant"}], "predict": {"sets": sets}})


def draw_experiment(folder: Path, sets: dict[str, Any] | None) -> Experiment:
    """Six grey pictures that one model told the classes of."""
    ids = [f"{place:03d}" for place in range(len(TRUTH))]
    index = pd.DataFrame({"sample_id": ids, "group": ids, "sequence": "", "time": 0, "height": 4, "width": 4})
    index = index.assign(channels=1, label=[NAMES[number] for number in TRUTH], depth_offset=-1, mask_offset=-1)
    arrays = Arrays(index.assign(image_offset=16 * np.arange(6)), np.arange(96, dtype="uint8"), np.zeros(0, "uint8"))
    params, path = draw_params(sets), folder / "constant/0.npz"
    samples = [(sample_id, {"label": given}) for sample_id, given in zip(ids, TOLD, strict=True)]
    write_predictions(path, 0.5, samples, QUANTILE if sets else None)
    kind, asked = build_task("classification", DATASET), SetParams(**sets) if sets else None
    rows = [
        {"accuracy": float(given.argmax() == number)}
        | kind.score_set({"label": np.array(number)}, {"label": given}, QUANTILE, asked)
        for number, given in zip(TRUTH, TOLD, strict=True)
    ]
    explored = {"channels": [{"percentiles": {"1": 0, "99": 95}}]}
    nothing: dict[str, Any] = {"splits": pd.DataFrame(), "split_summary": {}, "audited": {}, "augmented": None}
    sheet = DataSheet(params=params, manifest=index, dataset=DATASET, arrays=arrays, explored=explored, **nothing)
    scores = index[SAMPLE_COLUMNS].assign(fold="0").join(pd.DataFrame(rows))
    comparison = pd.DataFrame({"model": ["constant"], "metric": ["accuracy"], "mean": [5 / 6]})
    empty: dict[str, Any] = {key: {} for key in ("fits", "histories", "searches", "trials", "registered", "tracked")}
    return Experiment(
        files={},
        sheet=sheet,
        predictions={("constant", "0"): path},
        scores={("constant", "0"): scores},
        comparison=comparison,
        tests=pd.DataFrame(),
        costs=pd.DataFrame(),
        diagnosed=Diagnosed("constant", "0"),
        metrics={"winner": "constant"},
        unlabelled=[],
        calibration=pd.DataFrame(),
        reliability=pd.DataFrame(),
        uncertainty={},
        benchmarks=[],
        **empty,
    )


@pytest.fixture
def told(tmp_path: Path) -> dict[str, Any]:
    found = describe_ambiguity(draw_experiment(tmp_path, {"coverage": 0.8}))
    assert found is not None
    return found


def test_coverage_and_size_have_intervals(told: dict[str, Any]) -> None:
    (row,) = told["rows"]
    assert row["covered"]["mean"] == pytest.approx(5 / 6) and row["set_size"]["mean"] == pytest.approx(8 / 6)
    wilson = proportion_confint(5, 6, method="wilson")
    assert (row["covered"]["low"], row["covered"]["high"]) == pytest.approx(wilson)
    assert row["single"] == pytest.approx(4 / 6) and row["says"] == "as stated"


def test_samples_of_more_than_one_class_are_shown_with_their_classes(told: dict[str, Any]) -> None:
    assert (told["ambiguous"], told["samples"]) == (2, 6)
    assert [tile["sample_id"] for tile in told["sets"]] == ["001", "003"]
    assert told["sets"][0]["classes"] == [
        ("cat", 0.5, True, False),
        ("dog", pytest.approx(0.45), True, True),
    ]


def test_close_calls_come_first(told: dict[str, Any]) -> None:
    calls = told["calls"]
    assert [tile["sample_id"] for tile in calls[:2]] == ["001", "003"]
    assert [name for name, *_ in calls[-1]["classes"]] == ["dog", "cat"]


def test_accuracy_of_single_classes_is_told(told: dict[str, Any]) -> None:
    assert told["single_right"] == pytest.approx(3 / 4)


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [(0.7, 0.85, "less than stated"), (0.85, 0.95, "as stated"), (0.92, 0.99, "more than stated")],
)
def test_interval_is_held_against_what_was_stated(tmp_path: Path, low: float, high: float, says: str) -> None:
    cells = {"covered": {"low": low, "high": high}, "set_size": {}}
    assert describe_model(draw_experiment(tmp_path, {"coverage": 0.9}), "constant", cells)["says"] == says


def test_section_names_the_classes(tmp_path: Path) -> None:
    experiment = draw_experiment(tmp_path, {"coverage": 0.8})
    values = {"ambiguity": describe_ambiguity(experiment), "params": experiment.params, "citation": "run 1"}
    write_html(tmp_path / "page.html", render("ambiguity.html", values))
    page = (tmp_path / "page.html").read_text()
    assert "more than one class for 2 of 6 samples" in page and "<strong>dog</strong> .45" in page
    assert "truth owl" in page


def test_there_is_no_section_without_sets(tmp_path: Path) -> None:
    assert describe_ambiguity(draw_experiment(tmp_path, None)) is None
