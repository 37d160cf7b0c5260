"""The model card holds all sections of Mitchell et al., and the numbers of the comparison."""

import re

from pipeline.provenance import read_record
from pipeline.report.rendering import spell_score
from pipeline.steps.report import report
from tests.experiments import draw_experiment, draw_params

SECTIONS = [
    *("Model", "Intended use", "Factors", "Metrics", "Evaluation data", "Training data", "Results"),
    *("Ethical considerations", "Limits"),
]


def test_card_lies_beside_the_page_and_in_it(tmp_path):
    params = draw_params(models=[{"kind": "constant"}, {"kind": "unet"}], evaluate={"metrics": ["dice", "iou"]})
    files = draw_experiment(tmp_path, params, sequences=8, frames=3, size=16)
    report(**files, params=params)
    card, page = files["card"].read_text(), re.sub(r"</?data\b[^>]*>", "", files["page"].read_text())
    section = page.split('<section id="card">')[1].split("</section>")[0]
    assert re.findall(r"^## (.*)$", card, re.MULTILINE) == re.findall(r"<h3>(.*?)</h3>", section) == SECTIONS
    registered, metrics = read_record(files["registered"]), read_record(files["metrics"])
    scores = metrics["models"][registered["model"]]["dice"]
    told = f"Dice: {spell_score(scores['mean'])} ({spell_score(scores['low'])} to {spell_score(scores['high'])})."
    assert told in card and told in section
    assert metrics["verdict"] in card
    assert "8 groups of 24 samples were never divided" in card
    assert "a mask of the classes background, disc" in card


def test_sequences_divided_by_time_are_not_called_undivided(tmp_path):
    split = {"kind": "time_series", "folds": 2, "gap": 1}
    params = draw_params(models=[{"kind": "constant"}, {"kind": "unet"}], split=split, evaluate={"metrics": ["dice"]})
    files = draw_experiment(tmp_path, params, sequences=2, frames=9, size=16)
    report(**files, params=params)
    card, page = files["card"].read_text(), re.sub(r"</?data\b[^>]*>", "", files["page"].read_text())
    assert "Sequences are divided by time" in card and "never divided" not in card
    assert "of samples, divided by time alone" in page and "that no split divides" not in page
    assert "interval ()" not in page and "interval (none)" not in card
