"""The report tells what more samples would give, where the variance comes from, and shows labels in doubt and what to label next."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.datasets.scores import write_scores
from pipeline.labelling import suggest_samples
from pipeline.learning_curve import summarise_curve
from pipeline.params import CompareParams
from pipeline.steps.report import report
from pipeline.steps.suspect import suspect
from pipeline.variance import summarise_variance
from tests.experiments import draw_experiment, draw_params
from tests.test_learning_curve import SIZES, draw_curve
from tests.test_variance import draw

SMALL: dict[str, Any] = {"sequences": 8, "frames": 4, "size": 32, "unlabelled": 3}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The page of a drawn experiment with all four tables."""
    folder = tmp_path_factory.mktemp("advice")
    params = draw_params(models=[{"kind": "constant"}, {"kind": "unet"}], evaluate={"metrics": ["dice"]})
    files = draw_experiment(folder, params, **SMALL)
    tables = {name: folder / f"{name}.csv" for name in ("suspects", "suggested", "learning_curve", "variance")}
    judged = {name: files[name] for name in ("index", "predictions", "tests", "metrics")}
    suspect(**judged, suspects=tables["suspects"], models=params.models, compare=CompareParams())
    doubt = pd.Series([0.1, 0.9, 0.5], ["u00", "u01", "u02"])
    features = np.random.default_rng(0).normal(size=(5, 2))
    write_scores(tables["suggested"], suggest_samples(doubt, features[:3], features[3:], ["a", "b"]))
    curve = summarise_curve(draw_curve(40, 4, seed=0, ways=0.002), SIZES, "dice", 20, 0.95, by_sequence=False, seed=0)
    write_scores(tables["learning_curve"], curve.assign(model="unet"))
    scores = 0.8 + 0.05 * draw(np.random.default_rng(0), 2, 4, 3)
    rows = [(("unet", "constant")[m], str(f), s, scores[m, f, s]) for m, f, s in np.ndindex(2, 4, 3)]
    variance = summarise_variance(pd.DataFrame(rows, columns=["model", "fold", "repeat", "dice"]), "dice", 0.95)
    write_scores(tables["variance"], variance)
    report(**files | {"advice": list(tables.values())}, params=params)
    return folder, files["page"].read_text()


def plain(section: str) -> str:
    return " ".join(re.sub("<[^>]*>", "", section).replace("\N{NO-BREAK SPACE}", " ").split())


def section(html: str, name: str) -> str:
    return html.split(f'<section id="{name}"')[1].split("</section>")[0]


def test_most_doubtful_labels_are_shown_with_both_contours(page: tuple[Path, str]) -> None:
    folder, html = page
    suspects = pd.read_csv(folder / "suspects.csv", dtype={"sample_id": "str"})
    shown = section(html, "suspects")
    assert f"Of {len(suspects)} labels" in plain(shown) and shown.count("<img") == 12
    assert f"label in doubt of sample {suspects['sample_id'].iloc[0]}" in shown
    assert suspects["suspicion"].is_monotonic_decreasing and set(suspects["models"]) == {1}


def test_gain_of_more_samples_is_told(page: tuple[Path, str]) -> None:
    told = plain(section(page[1], "curve"))
    assert "20 more training samples are expected to give +.00" in told
    assert "80 more training samples are expected to give +.01" in told


def test_parts_of_the_variance_are_told_with_the_seeds_that_would_be_enough(page: tuple[Path, str]) -> None:
    told = plain(section(page[1], "variance"))
    assert re.search(
        r"For the mean of unet \d+ seeds? a fold would be enough \(95 % interval \d+ to (\d+|any number)\)", told
    )
    assert "models x folds" in told and "over 3 seeds a fold" in told


def test_what_to_label_next_is_shown_in_its_order(page: tuple[Path, str]) -> None:
    folder, html = page
    suggested = pd.read_csv(folder / "suggested.csv")
    shown = section(html, "unlabelled").split('id="suggested"')[1]
    assert re.findall(r'alt="to be labelled (\w+)"', shown) == list(suggested["sample_id"])


def test_sections_that_nobody_asked_for_are_left_out(tmp_path: Path) -> None:
    params = draw_params(models=[{"kind": "unet"}], evaluate={"metrics": ["dice"]})
    files = draw_experiment(tmp_path, params, **SMALL)
    report(**files, params=params)
    html = files["page"].read_text()
    assert not any(f'<section id="{name}"' in html for name in ("curve", "variance", "suspects"))
    assert 'id="suggested"' not in html


def test_suspects_of_classes_are_told_by_their_names(tmp_path: Path) -> None:
    settings = {
        "task": "classification",
        "data": {"masks": None, "labels": "folders"},
        "evaluate": {"metrics": ["accuracy"]},
    }
    params = draw_params(**settings, models=[{"kind": "unet", "name": "cnn"}], split={"kind": "k_fold", "folds": 3})
    files = draw_experiment(tmp_path, params, targets=("label",), channels=1, frames=1, sequences=30, size=16)
    path = tmp_path / "suspects.csv"
    judged = {name: files[name] for name in ("index", "predictions", "tests", "metrics")}
    suspect(**judged, suspects=path, models=params.models, compare=params.compare)
    report(**files | {"advice": [path]}, params=params)
    assert re.search(
        r"labelled (moving|still), taken for (moving|still)", plain(section(files["page"].read_text(), "suspects"))
    )
