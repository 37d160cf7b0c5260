"""Calibration against worked numbers, torchmetrics, netcal, uncertainty-calibration and scikit-learn."""

import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from pipeline import metrics
from pipeline.metrics.calibration import count_reliability, judge_likeliest
from tests.metrics.references import draw_classes

PROBABILITIES, CAME_TRUE = np.array([0.9, 0.9, 0.6, 0.6]), np.array([True, True, True, False])


def test_worked_numbers_of_docstring_hold():
    wide = count_reliability(PROBABILITIES, CAME_TRUE, bins=2)
    assert (wide.low.tolist(), wide.high.tolist(), wide.count.tolist()) == ([0.5], [1.0], [4])
    assert wide.error == pytest.approx(0)
    alike = count_reliability(PROBABILITIES, CAME_TRUE, bins=2, is_adaptive=True)
    assert alike.low.tolist() == pytest.approx([0.6, 0.75]) and alike.high.tolist() == pytest.approx([0.75, 0.9])
    assert alike.rate.tolist() == [0.5, 1.0] and alike.error == pytest.approx(0.1)


# torchmetrics 1.9.0 multiclass_calibration_error, netcal 1.4.0 ECE; uncertainty-calibration 0.1.4 get_ece_em: all 15 bins
@pytest.mark.parametrize(
    ("seed", "wide", "adaptive"), [(0, 0.303785, 0.303785), (1, 0.286942, 0.293101), (2, 0.315311, 0.314585)]
)
def test_errors_of_the_likeliest_class_agree_with_other_libraries(seed, wide, adaptive):
    found = judge_likeliest(*draw_classes(seed))
    assert count_reliability(*found).error == pytest.approx(wide, abs=1e-6)
    assert count_reliability(*found, is_adaptive=True).error == pytest.approx(adaptive, abs=1e-6)


# torchmetrics 1.9.0 binary_calibration_error(n_bins=15)
@pytest.mark.parametrize(("seed", "expected"), [(0, 0.230868), (1, 0.258115), (2, 0.309158)])
def test_error_of_foreground_agrees_with_torchmetrics(seed, expected):
    targets, probabilities = draw_classes(seed)
    picture, counted = (targets == 0).astype(np.uint8)[None], np.ones((1, 300), bool)
    error = metrics.pixel_calibration_error(picture, probabilities[None, :, :1], counted)
    assert error == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("is_adaptive", "strategy"), [(False, "uniform"), (True, "quantile")])
def test_bins_agree_with_scikit_learn(is_adaptive, strategy):
    targets, probabilities = draw_classes(0)
    rates, means = calibration_curve(targets == 0, probabilities[:, 0], n_bins=10, strategy=strategy)
    found = count_reliability(probabilities[:, 0], targets == 0, bins=10, is_adaptive=is_adaptive)
    assert found.rate == pytest.approx(rates) and found.probability == pytest.approx(means)
    assert found.count.sum() == 300


def test_equal_probabilities_share_a_bin():
    found = count_reliability(np.full(100, 0.7), np.arange(100) < 60, is_adaptive=True)
    assert found.count.tolist() == [100] and found.error == pytest.approx(0.1)


def test_probabilities_at_the_ends_count():
    found = count_reliability(np.array([0.0, 1.0]), np.array([False, True]))
    assert found.count.tolist() == [1, 1] and found.error == 0


def test_of_nothing_there_is_no_error():
    assert np.isnan(count_reliability(np.empty(0), np.empty(0, bool)).error)
    picture = np.zeros((2, 2), np.uint8)
    assert np.isnan(metrics.pixel_calibration_error(picture, np.zeros((2, 2, 1)), picture > 0))


@pytest.mark.parametrize("is_adaptive", [False, True])
def test_one_pixel_has_an_error(is_adaptive):
    assert count_reliability(np.array([0.8]), np.array([True]), is_adaptive=is_adaptive).error == pytest.approx(0.2)


def test_worked_number_of_pixels_holds_where_they_count():
    """A channel for each class, and a column whose truth is unknown."""
    truth, counted = np.ones((4, 5), np.uint8), np.ones((4, 5), bool)
    counted[:, 4] = False
    foreground = np.full((4, 5, 1), 0.7)
    foreground[:, 4] = 0.0
    assert metrics.pixel_calibration_error(truth, foreground, counted) == pytest.approx(0.3)
    both = np.concatenate([1 - foreground, foreground], axis=-1)
    assert metrics.pixel_calibration_error(truth, both, counted) == pytest.approx(0.3)


def test_probabilities_drawn_as_they_say_have_a_small_error():
    generator = np.random.default_rng(0)
    says = generator.random(20000)
    assert count_reliability(says, generator.random(20000) < says).error < 0.015
    assert count_reliability(says, generator.random(20000) < says**2).error == pytest.approx(1 / 6, abs=0.01)
