"""docs/metrics.md has a row for every metric, with its direction, and one for every policy."""

import re
from pathlib import Path
from typing import get_args

import pytest

from pipeline.metrics import METRICS
from pipeline.params import EmptyPolicy, EvaluateParams

TEXT = (Path(__file__).parents[2] / "docs/metrics.md").read_text()
ROWS = {
    name: row
    for row in re.findall(r"^\| `.*$", TEXT, re.MULTILINE)
    for name in re.findall(r"`(\w+)`", row.split("|")[1])
}


def test_rows_are_of_metrics_and_policies_that_there_are() -> None:
    assert set(ROWS) - {"empty_masks"} == set(METRICS) | set(get_args(EmptyPolicy))


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.name)
def test_every_row_tells_which_way_is_better_and_the_unit(metric) -> None:
    column = 3 if metric.is_pooled else 2
    told = ROWS[metric.name].split("|")[column].strip()
    better, values, *unit = told.split(", ")
    assert better == ("higher" if metric.higher_is_better else "lower")
    assert (unit or [""])[0] == metric.unit
    assert values.startswith(("0", "from 0", "from 1"))


@pytest.mark.parametrize("setting", EvaluateParams.model_fields)
def test_every_setting_is_named(setting: str) -> None:
    assert setting in TEXT
