"""Figures of scores whose metric has a unit, a direction, or no score of some model."""

import pandas as pd
import pytest
from matplotlib.axes import Axes

from pipeline.figures.calibration import draw_reliability, draw_risk_coverage
from pipeline.figures.comparison import draw_intervals, draw_scores, headline, spell
from pipeline.figures.curves import draw_search
from pipeline.figures.learning import draw_learning_curve
from pipeline.figures.pairs import draw_differences, draw_ranks
from pipeline.figures.style import build_axes, shorten_ticks

COLOURS = {"joint": "#0072b2", "depths": "#d55e00"}


@pytest.mark.parametrize(
    ("metric", "title"),
    [
        ("iou", "IoU"),
        ("pixel_accuracy", "Pixel accuracy"),
        ("delta_1", "Delta < 1.25"),
        ("rmse", "RMSE in m (lower is better)"),
        ("log_loss", "Log loss (lower is better)"),
    ],
)
def test_titles_tell_unit_and_direction(metric, title):
    assert headline(metric) == title


@pytest.mark.parametrize(("value", "text"), [(0.25, ".25"), (-0.5, "-.5"), (0, "0"), (1.5, "1.5"), (10.5, "10.5")])
def test_ticks_lose_their_first_zero_alone(value, text):
    _, axes = build_axes(200, 200)
    shorten_ticks(axes)
    assert axes.xaxis.get_major_formatter()(value, 0) == text


def test_other_columns_are_spelt_word_by_word():
    assert spell("test_dice") == "Test Dice"
    assert spell("validation_score") == "Validation score"


def test_model_without_a_score_keeps_its_line_and_has_no_dot():
    rows = [("joint", "rmse", 12.5, 11.0, 14.0), ("depths", "rmse", None, None, None)]
    table = pd.DataFrame(rows, columns=["model", "metric", "mean", "low", "high"]).astype({"mean": float})
    svg = draw_intervals(table, "rmse", ["joint", "depths"], COLOURS)
    assert "depths" in svg and "RMSE in m (lower is better)" in svg and "nan" not in svg.lower()


def test_scores_of_a_model_without_any_are_an_empty_column():
    scores = pd.DataFrame({"model": ["joint", "depths"], "sample_id": ["a", "a"], "dice": [0.5, None]})
    assert "depths" in draw_scores(scores.astype({"dice": float}), "dice", ["joint", "depths"], COLOURS, "sample_id")


@pytest.mark.parametrize(("metric", "steps"), [("dice", [3, 3, 5]), ("rmse", [3, 1, 1])])
def test_best_trial_so_far_goes_the_way_of_the_metric(metric, steps, monkeypatch):
    drawn = []
    monkeypatch.setattr(Axes, "step", lambda self, numbers, values, **_: drawn.append(list(values)))
    draw_search({"0": pd.DataFrame({"number": [0, 1, 2], "value": [3.0, 1.0, 5.0]})}, "unet", metric)
    assert drawn == [steps]


def test_differences_name_their_pairs_and_draw_a_dot_a_unit():
    test = {"model_a": "joint", "model_b": "depths", "difference": 0.1, "low": 0.05, "high": 0.15, "verdict": "better"}
    drawn = ([0.0, 1.0, -1.0, 1.0], [0.1, 0.12, 0.08, 0.2], [0.1, 0.12, 0.08, 0.2, 0.3])
    right_or_wrong, svg, more = (draw_differences([test], [values], "rmse", 0.02) for values in drawn)
    assert "joint − depths" in svg and "Difference in RMSE in m (lower is better)" in svg
    assert more.count("<use") == svg.count("<use") + 1 == right_or_wrong.count("<use") + 5


def test_ranks_join_what_cannot_be_told_apart():
    ranks = {"joint": 1.2, "depths": 1.9}
    apart, joined = (draw_ranks(ranks, cliques, "dice", COLOURS) for cliques in ([], [(0, 1)]))
    assert "Mean rank in Dice" in apart and len(joined) > len(apart)


def test_reliability_leaves_out_empty_bins():
    bins = pd.DataFrame({"confidence": [0.25, None, 0.75], "accuracy": [0.2, None, 0.9], "count": [5, 0, 20]})
    svg = draw_reliability({"before": bins}, {"before": "#0072b2"}, "unet")
    assert "Share right: unet" in svg and "nan" not in svg.lower()


def test_risk_and_learning_curves_are_drawn():
    curve = pd.DataFrame({"coverage": [0.5, 1.0], "risk": [0.1, 0.2]})
    assert "1 − Dice" in draw_risk_coverage({"joint": curve}, COLOURS, "1 − Dice")
    band = pd.DataFrame(
        {"samples": [10, 20, 40], "mean": [0.5, 0.6, 0.7], "low": [0.4, 0.5, 0.6], "high": [0.6, 0.7, 0.8]}
    )
    assert "Training samples" in draw_learning_curve([10, 20], [0.5, 0.6], band, "Dice", "#0072b2")
