"""The report tells how far probabilities can be believed, what refusing would leave, and whom to look at first."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.report.calibration import describe_calibration
from pipeline.report.experiment import Experiment
from pipeline.report.rendering import render
from pipeline.uncertainty import DISAGREEMENT_COLUMNS, UNCERTAINTY_COLUMNS
from tests.report.test_ambiguity import draw_experiment

IDS = [f"{place:03d}" for place in range(6)]
UNCERTAINTY = (0.1, 0.8, 0.3, 0.6, 0.0, 0.9)
"""The second and the last sample are misclassified, and the least certain."""


def draw_calibrated(folder: Path, **changes: Any) -> Experiment:
    """The six pictures of the ambiguous section, with what the step gauge would have written."""
    experiment = draw_experiment(folder, None)
    key = {"model": "constant", "head": "label"}
    states = [(state, bins) for state in ("before", "after") for bins in ("equal_width", "adaptive")]
    error = {"low": 0.1, "high": 0.4, "count": 6, "samples": 6, "units": 6}
    heat = {"temperature": 1.6, "temperature_low": 1.5, "temperature_high": 1.7}
    errors = [
        {**key, "state": state, "bins": bins, "error": 0.3 if state == "before" else 0.2, **error, **heat}
        for state, bins in states
    ]
    bins = [
        {**key, "state": state, "bins": bins, "low": 0.0, "high": 1.0, "count": 6, "probability": 0.7, "rate": 5 / 6}
        for state, bins in states
    ]
    told = pd.DataFrame({"fold": "0", "sample_id": IDS, "uncertainty": UNCERTAINTY, "entropy": UNCERTAINTY}).assign(
        **key
    )
    nothing = pd.DataFrame(columns=["sample_id", *DISAGREEMENT_COLUMNS])
    tables = {"test": told[["model", "sample_id", "fold", *UNCERTAINTY_COLUMNS]], "unlabelled": nothing}
    params = experiment.params.model_copy(
        update={"compare": experiment.params.compare.model_copy(update={"metric": "accuracy"})}
    )
    sheet = replace(experiment.sheet, params=params)
    drawn: dict[str, Any] = {
        "calibration": pd.DataFrame(errors),
        "reliability": pd.DataFrame(bins),
        "uncertainty": tables,
    }
    return replace(experiment, **(drawn | {"sheet": sheet} | changes))


@pytest.fixture
def experiment(tmp_path: Path) -> Experiment:
    return draw_calibrated(tmp_path)


def describe(experiment: Experiment) -> dict[str, Any]:
    found = describe_calibration(experiment)
    assert found is not None
    return found


def test_errors_before_and_after_stand_side_by_side(experiment: Experiment) -> None:
    (row,) = describe(experiment)["rows"]
    assert (row["cells"]["before_equal_width"]["error"], row["cells"]["after_adaptive"]["error"]) == (0.3, 0.2)
    values = {"calibration": describe(experiment), "params": experiment.params, "citation": "run 1"}
    page = render("calibration.html", values)
    assert '<data value="0.3" data-cell="calibration/constant/label/before/equal_width/error">.300</data>' in page
    assert "1.60" in page and "6 test samples, in 15 bins" in page


def test_refusing_is_worked_out_from_the_scores(experiment: Experiment) -> None:
    (row,) = describe(experiment)["refusals"]
    assert (row["all"], row["kept"]) == (pytest.approx(1 / 3), 0.2)  # 5 of 6 kept
    assert row["area"] == row["best"] == pytest.approx((1 / 5 + 1 / 3) / 6)


def test_least_certain_samples_come_first(experiment: Experiment) -> None:
    first = describe(experiment)["first"]
    assert [tile["sample_id"] for tile in first[:3]] == ["005", "001", "003"]
    assert first[0]["uncertainty"] == 0.9 and [tile["risk"] for tile in first[:3]] == [1, 1, 0]


def test_model_without_probabilities_is_left_out(experiment: Experiment) -> None:
    empty = {"calibration": experiment.calibration.head(0), "reliability": experiment.reliability.head(0)}
    nothing = {"test": experiment.uncertainty["test"].head(0), "unlabelled": experiment.uncertainty["unlabelled"]}
    assert describe_calibration(replace(experiment, **empty, uncertainty=nothing)) is None
