"""The verdict of many models, of few units, and of a model that says the same of every pixel."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.datasets.predictions import read_predictions, write_predictions
from pipeline.report.advice import tell_gains
from pipeline.report.verdict import explain_absence
from pipeline.steps.report import report
from tests.experiments import Files, draw_experiment, draw_params

FIVE: list[dict[str, Any]] = [
    {"kind": "constant"},
    {"kind": "threshold"},
    *({"kind": "unet", "name": name} for name in ("unet", "wide_unet", "deep_unet")),
]
SMALL: dict[str, Any] = {"size": 16, "channels": 2}


def section(files: Files) -> str:
    """The comparison, without the marks of its numbers."""
    html = re.sub(r"</?data\b[^>]*>", "", files["page"].read_text())
    return str(html.split('<section id="comparison">')[1].split("</section>")[0])


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The comparison of five models, where the constant says foreground of every pixel in two of its folds."""
    params = draw_params(models=FIVE, evaluate={"metrics": ["dice", "pixel_accuracy"]})
    files = draw_experiment(tmp_path_factory.mktemp("five"), params, sequences=8, frames=2, **SMALL)
    for path in (path for path in files["predictions"] if path.parent.name == "constant"):
        said = [(name, {"mask": np.full_like(found["mask"], 0.3)}) for name, found in read_predictions(path).items()]
        write_predictions(path, 0.2 if path.stem in "01" else 0.5, said)
    report(**files, params=params)
    return section(files)


def test_of_many_models_the_winners_pairs_come_first_and_the_others_are_folded(five: str) -> None:
    first, folded = five.split("<details><summary>Pairs without")
    assert first.count("<li data-from") == 4 and folded.count("<li data-from") == 6


def test_a_constant_that_says_foreground_everywhere_is_told(five: str) -> None:
    assert "constant, folds 0, 1: every pixel is disc, whatever the image shows" in five


def test_a_missing_interval_is_a_dash_and_its_reason_is_told_once(tmp_path: Path) -> None:
    params = draw_params(
        models=FIVE[1:4], evaluate={"metrics": ["dice"]}, split={"kind": "blocked", "folds": 2, "gap": 1}
    )
    files = draw_experiment(tmp_path, params, sequences=2, frames=9, **SMALL)
    report(**files, params=params)
    told = section(files)
    assert told.count("<small>–</small>") == 3 and "no interval" not in told
    assert told.count("2 independent units are too few to resample") == 1


def test_one_unit_is_told_in_the_singular() -> None:
    assert explain_absence({"units": 1}).startswith("1 independent unit is too few")


def test_forecasts_that_fail_for_one_reason_are_told_once() -> None:
    columns = ["metric", "kind", "samples", "gain", "gain_low", "gain_high"]
    rows = [
        ("measured", 4, 0.0, 0, 0),
        ("measured", 8, 0.1, 0.05, 0.2),
        *(("predicted", n, *[np.nan] * 3) for n in (28, 16)),
    ]
    table = pd.DataFrame([("dice", *row) for row in rows], columns=columns)
    (told,) = tell_gains(table, 0.95)
    assert told.startswith("What 20 more training samples would give is not to be told")
