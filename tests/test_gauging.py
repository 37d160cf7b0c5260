"""Calibration errors fall by the true temperature, and their intervals cover what they should."""

import numpy as np
import pytest
from scipy.special import expit, softmax
from sklearn.calibration import calibration_curve

from pipeline.calibration import fit_temperature, gather, scale
from pipeline.gauging import Said, find_interval, gauge, judge
from pipeline.metrics.calibration import count_reliability

SAMPLES, CLASSES = 600, 4


def draw_labels(seed: int, heat: float) -> Said:
    """Labels of samples whose probabilities are too sure by a temperature, told at it already."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, 1.5, (SAMPLES, CLASSES))
    targets = (softmax(logits, axis=1).cumsum(axis=1) < random.random((SAMPLES, 1))).sum(axis=1)
    raw = softmax(heat * logits, axis=1)
    temperature = fit_temperature(gather([(raw, targets)]))
    told = scale(raw, temperature)
    pairs = tuple((told[place : place + 1], targets[place : place + 1]) for place in range(SAMPLES))
    return Said(pairs, (temperature,) * SAMPLES, np.arange(SAMPLES) // 3)


def test_error_of_sure_predictions_falls_by_the_temperature() -> None:
    rows, bins = gauge(draw_labels(0, heat=3.0), 0.95)
    errors = {(row["state"], row["bins"]): row for row in rows}
    for kind in ("equal_width", "adaptive"):
        before, after = errors["before", kind], errors["after", kind]
        assert before["low"] > 0.1 and before["low"] < before["error"] < before["high"]
        assert after["error"] < 0.06 and after["high"] < before["low"]
        assert (after["samples"], after["units"], after["count"]) == (SAMPLES, SAMPLES // 3, SAMPLES)
    assert errors["after", "adaptive"]["temperature"] == pytest.approx(3, abs=0.4)
    assert sum(row["count"] for row in bins if row["state"] == "after" and row["bins"] == "adaptive") == SAMPLES


def test_bins_are_those_of_scikit_learn() -> None:
    said = draw_labels(1, heat=2.0)
    _, bins = gauge(said, 0.95)
    told, targets = (np.concatenate(part) for part in zip(*said.parts, strict=True))
    rate, probability = calibration_curve(told.argmax(axis=1) == targets, told.max(axis=1), n_bins=15)
    own = [row for row in bins if (row["state"], row["bins"]) == ("after", "equal_width")]
    assert [row["rate"] for row in own] == pytest.approx(rate)
    assert [row["probability"] for row in own] == pytest.approx(probability)


def test_before_is_what_the_model_said_fold_by_fold() -> None:
    raw = np.array([[0.9], [0.9]])
    told = [(scale(raw, temperature), np.array([0, 1])) for temperature in (2.0, 4.0)]
    rows, bins = gauge(Said(tuple(told), (2.0, 4.0), np.arange(2)), 0.95)
    (before,) = [row for row in bins if (row["state"], row["bins"]) == ("before", "equal_width")]
    assert before["probability"] == pytest.approx(0.9, abs=1e-6) and before["count"] == 4 and before["rate"] == 0.5
    assert (rows[0]["temperature_low"], rows[0]["temperature"], rows[0]["temperature_high"]) == (2, 3, 4)
    assert np.isnan(rows[0]["low"])  # two units


def test_intervals_cover_the_error_of_units_that_hang_together() -> None:
    """Thirty units of 40 pixels, each too bright or too dark as a whole; the true error is that of 400 units."""

    def draw_units(random: np.random.Generator, units: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        logits = random.normal(0, 2, (units, 40))
        came_true = random.random(logits.shape) < expit(0.4 * logits + random.normal(0, 0.5, (units, 1)))
        return expit(logits).ravel(), came_true.ravel(), np.repeat(np.arange(units), 40)

    random = np.random.default_rng(0)
    values, came_true, _ = draw_units(random, 4_000)
    truth = count_reliability(values, came_true).error
    hits = []
    for _ in range(300):
        values, came_true, unit = draw_units(random, 30)
        low, high = find_interval(count_reliability(values, came_true), values, came_true, unit, 0.95)
        hits.append(low <= truth <= high)
    assert 0.9 <= np.mean(hits) <= 0.99


def test_likeliest_class_is_judged_or_the_one_channel() -> None:
    values, came_true = judge(gather([(np.array([[0.2, 0.8], [0.6, 0.4]]), np.array([1, 1]))]))
    assert values.tolist() == [0.8, 0.6] and came_true.tolist() == [True, False]
    values, came_true = judge(gather([(np.array([[0.2], [0.6]]), np.array([0, 1]))]))
    assert values.tolist() == [0.2, 0.6] and came_true.tolist() == [False, True]
