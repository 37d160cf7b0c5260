"""Scores of depth against worked numbers and scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import mean_absolute_percentage_error, root_mean_squared_error

from pipeline import metrics

ALL = (
    metrics.rmse,
    metrics.absolute_relative_error,
    metrics.delta_1,
    metrics.delta_2,
    metrics.delta_3,
    metrics.log10,
)
TARGET = np.array([[1, 2, 4]], np.float32)
PREDICTION = np.array([[1, 1, 5]], np.float32)
WORKED = (np.sqrt(2 / 3), 0.25, 1 / 3, 2 / 3, 2 / 3, (np.log10(2) + np.log10(1.25)) / 3)


def draw_pair(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Depths of .5 to 8 m, and others up to a factor of 3 from them."""
    generator = np.random.default_rng(seed)
    target = generator.uniform(0.5, 8, (12, 10)).astype(np.float32)
    return target, (target * np.exp(generator.uniform(-1.1, 1.1, target.shape))).astype(np.float32)


@pytest.mark.parametrize(("metric", "expected"), list(zip(ALL, WORKED, strict=True)))
def test_worked_number_of_docstring_holds(metric, expected):
    assert metric(TARGET, PREDICTION) == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(3))
def test_errors_agree_with_scikit_learn(seed):
    target, prediction = draw_pair(seed)
    truth, found = target.ravel().astype(float), prediction.ravel().astype(float)
    assert metrics.rmse(target, prediction) == pytest.approx(root_mean_squared_error(truth, found))
    relative = metrics.absolute_relative_error(target, prediction)
    assert relative == pytest.approx(mean_absolute_percentage_error(truth, found))
    decades = np.abs(np.log10(found / truth)).mean()
    assert metrics.log10(target, prediction) == pytest.approx(decades)


@pytest.mark.parametrize("power", [1, 2, 3])
def test_deltas_are_shares_of_pixels_counted_one_by_one(power):
    target, prediction = draw_pair(power)
    within = [
        max(t / p, p / t) < 1.25**power
        for t, p in zip(target.ravel().tolist(), prediction.ravel().tolist(), strict=True)
    ]
    assert ALL[1 + power](target, prediction) == pytest.approx(sum(within) / len(within))
    assert 0 < sum(within) < len(within)


@pytest.mark.parametrize("metric", ALL)
def test_holes_do_not_count(metric):
    target, prediction = (np.pad(depth, ((0, 0), (0, 4)), constant_values=9.0) for depth in (TARGET, PREDICTION))
    target[0, 3:] = [np.nan, np.inf, 0, -1]
    assert metric(target, prediction) == metric(TARGET, PREDICTION)


@pytest.mark.parametrize("metric", ALL)
def test_picture_without_a_measurement_has_no_score(metric):
    assert np.isnan(metric(np.full((2, 2), np.nan), np.ones((2, 2))))


@pytest.mark.parametrize(("metric", "perfect"), list(zip(ALL, (0, 0, 1, 1, 1, 0), strict=True)))
def test_truth_scores_best(metric, perfect):
    assert metric(TARGET, TARGET) == perfect


def test_prediction_of_nothing_has_finite_scores():
    nothing = np.zeros_like(TARGET)
    assert metrics.delta_3(TARGET, nothing) == 0
    assert metrics.log10(TARGET, nothing) == pytest.approx(3 + np.log10(8) / 3)


def test_ratio_of_exactly_one_and_a_quarter_is_not_within():
    assert metrics.delta_1(np.array([[4.0]]), np.array([[5.0]])) == 0


def test_half_precision_does_not_overflow():
    far = np.full((1, 2), 300, np.float16)
    assert metrics.rmse(far, np.zeros_like(far)) == 300
