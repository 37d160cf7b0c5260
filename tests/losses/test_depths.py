"""Losses of depth against numbers worked out by hand."""

from functools import partial
from typing import Any

import numpy as np
import pytest

from pipeline.losses.depths import berhu, gradient, huber, l1, mse, scale_invariant_log
from pipeline.losses.similarity import ssim
from tests.losses.slopes import slope, value

pytestmark = pytest.mark.usefixtures("keras_backend")
NAN = float("nan")


def row(*depths: float) -> np.ndarray:
    """Truth of one row of pixels."""
    return np.array(depths, "float32").reshape(1, 1, -1)


def predicted(depths: Any) -> np.ndarray:
    """The logits whose softplus is a depth."""
    return np.log(np.expm1(np.asarray(depths, "float64")))[..., None]


def test_l1_is_the_mean_of_errors() -> None:
    assert value(l1, row(1, 3), predicted(row(2, 3))) == pytest.approx(0.5, rel=1e-6)
    assert value(l1, row(1, 3, NAN), predicted(row(2, 3, 9))) == pytest.approx(0.5, rel=1e-6)


def test_mse_is_the_mean_of_squares() -> None:
    assert value(mse, row(1, 3), predicted(row(3, 3))) == pytest.approx(2, rel=1e-6)


def test_huber_is_quadratic_up_to_delta() -> None:
    assert value(partial(huber, delta=1.0), row(1, 1), predicted(row(1.5, 4))) == pytest.approx(1.3125, rel=1e-6)


def test_berhu_is_quadratic_beyond_a_fifth_of_the_largest_error() -> None:
    found = value(berhu, row(1, 1, 1), predicted(row(1.1, 1.5, 2)))
    assert found == pytest.approx((0.1 + (0.25 + 0.04) / 0.4 + (1 + 0.04) / 0.4) / 3, rel=1e-5)


def test_berhu_never_rewards_the_largest_error_for_growing() -> None:
    y_pred = predicted(row(*[4.0] * 50, 5.0))
    assert (slope(berhu, row(*[1.0] * 51), y_pred) > 0).all()


def test_gradient_is_of_the_edges_alone() -> None:
    assert value(gradient, row(1, 2, 4), predicted(row(1, 2, 2))) == pytest.approx(1, rel=1e-6)
    assert value(gradient, row(1, 2, 4), predicted(row(4, 5, 7))) == pytest.approx(0, abs=1e-6)
    upright = row(1, 2, 4).reshape(1, 3, 1)
    assert value(gradient, upright, predicted([[[1], [2], [2]]])) == pytest.approx(1, rel=1e-6)


def test_gradient_leaves_out_neighbours_of_holes() -> None:
    assert value(gradient, row(1, NAN, 4, 5), predicted(row(9, 9, 1, 4))) == pytest.approx(2, rel=1e-6)


def test_scale_invariant_log_forgives_a_share_of_the_scale() -> None:
    loss = partial(scale_invariant_log, invariance=0.5)
    assert value(loss, row(1, 2), predicted(row(2, 2))) == pytest.approx(0.180, abs=5e-4)
    assert value(loss, row(1, 2), predicted(row(3, 6))) == pytest.approx(0.5 * np.log(3) ** 2, rel=1e-5)


def test_scale_invariant_log_at_1_forgives_any_scale() -> None:
    depths = np.random.default_rng(0).uniform(0.5, 3, (2, 4, 4)).astype("float32")
    loss, y_true = partial(scale_invariant_log, invariance=1.0), depths[:, ::-1].copy()
    whole = value(loss, y_true, predicted(depths))
    factors = np.array([0.2, 7.0]).reshape(2, 1, 1)
    assert whole > 0.1
    assert value(loss, y_true, predicted(factors * depths)) == pytest.approx(whole, rel=1e-4)


def test_scale_invariant_log_reaches_depths_near_0_and_passes_over_a_truth_of_0() -> None:
    loss = partial(scale_invariant_log, invariance=0.0)
    assert value(loss, row(1, 0), np.full((1, 1, 2, 1), -100.0)) == pytest.approx(1e4, rel=1e-5)
    np.testing.assert_allclose(slope(loss, row(1, 0), np.full((1, 1, 2, 1), -100.0)).ravel(), [-200, 0], rtol=1e-5)


def test_ssim_of_even_maps_is_that_of_their_means() -> None:
    y_true = np.ones((1, 9, 9), "float32")
    expected = (1 - (4 + 1e-4) / (5 + 1e-4)) / 2
    for window in (3, 7):
        assert value(partial(ssim, window=window), y_true, predicted(2 * y_true)) == pytest.approx(expected, abs=1e-4)


def test_ssim_takes_a_map_smaller_than_its_window_whole() -> None:
    y_true = np.random.default_rng(0).uniform(0.5, 2, (1, 3, 3)).astype("float32")
    y_pred = predicted(y_true[:, ::-1])
    assert value(partial(ssim, window=7), y_true, y_pred) == value(partial(ssim, window=3), y_true, y_pred) > 0


def test_ssim_leaves_out_windows_that_touch_holes() -> None:
    y_true = np.random.default_rng(0).uniform(0.5, 2, (1, 5, 8)).astype("float32")
    y_pred = predicted(y_true + 0.3)
    with_hole = y_true.copy()
    with_hole[0, 2, 4] = NAN  # of windows of 3, only those of the first two and the last columns miss it
    found = slope(partial(ssim, window=3), with_hole, y_pred)
    expected = [
        value(partial(ssim, window=3), part, predicted(part + 0.3)) for part in (y_true[..., :4], y_true[..., 5:])
    ]
    assert value(partial(ssim, window=3), with_hole, y_pred) == pytest.approx(
        np.average(expected, weights=[2, 1]), rel=1e-4
    )
    assert not found[0, :, 4].any() and found[0, :, :4].any() and found[0, :, 5:].any()
