"""Losses of masks against numbers worked out by hand."""

import math
from functools import partial
from typing import Any

import numpy as np
import pytest
from keras import ops
from sklearn.metrics import log_loss

from pipeline.datasets.arrays import IGNORED
from pipeline.losses import probabilities
from pipeline.losses.borders import boundary_cross_entropy, nearness_to_borders
from pipeline.losses.masks import binary_cross_entropy, cross_entropy, dice, focal, focal_tversky, tversky
from pipeline.losses.skeletons import cl_dice
from tests.losses.slopes import slope, value

pytestmark = pytest.mark.usefixtures("keras_backend")
SURE = 60.0


def logit(share: float) -> float:
    return math.log(share / (1 - share))


def pixels(*logits: Any) -> np.ndarray:
    """Logits of one row of pixels, (1, 1, pixels, channel)."""
    return np.array(logits, "float32").reshape(1, 1, len(logits), -1)


def test_dice_of_one_pixel_predicted_half() -> None:
    assert value(dice, [[[1]]], pixels(0.0)) == pytest.approx(1 / 3, abs=1e-6)


def test_dice_pools_the_batch_and_its_classes_are_averaged() -> None:
    # class 1: 2 * .5 / (1 + .5 + .2), class 2: 2 * .7 / (1 + .7 + .4); background does not count
    y_pred = pixels(*np.log([[0.1, 0.5, 0.4], [0.1, 0.2, 0.7]]))
    expected = 1 - (1.0 / 1.7 + 1.4 / 2.1) / 2
    assert value(dice, [[[1, 2]]], y_pred) == pytest.approx(expected, abs=1e-6)
    assert value(dice, [[[1]], [[2]]], y_pred.reshape(2, 1, 1, 3)) == pytest.approx(expected, abs=1e-6)


def test_dice_of_nothing_predicted_as_nothing_is_no_loss() -> None:
    assert value(dice, [[[0, 0]]], pixels(-SURE, -SURE)) == pytest.approx(0, abs=1e-6)


def test_tversky_of_one_pixel_predicted_half() -> None:
    miss = partial(tversky, alpha=0.3, beta=0.7)
    assert value(miss, [[[1]]], pixels(0.0)) == pytest.approx(1 - 0.5 / 0.85, abs=1e-6)
    # overlap 1, half a pixel wrongly foreground
    assert value(miss, [[[1, 0]]], pixels(SURE, 0.0)) == pytest.approx(1 - 1 / 1.15, abs=1e-6)


def test_focal_tversky_of_one_pixel_predicted_half() -> None:
    loss = partial(focal_tversky, alpha=0.3, beta=0.7, power=0.75)
    assert value(loss, [[[1]]], pixels(0.0)) == pytest.approx(0.514, abs=5e-4)


def test_binary_cross_entropy_is_that_of_scikit_learn() -> None:
    shares = [0.8, 0.4, 0.1]
    found = value(binary_cross_entropy, [[[1, 0, 1]]], pixels(*map(logit, shares)))
    assert found == pytest.approx(log_loss([1, 0, 1], shares), rel=1e-5)


def test_cross_entropy_of_equal_logits_is_log_of_classes() -> None:
    assert value(cross_entropy, [[[0, 2]]], pixels([3, 3, 3], [0, 0, 0])) == pytest.approx(math.log(3), rel=1e-6)


def test_focal_turns_down_what_is_easy() -> None:
    assert value(partial(focal, gamma=2.0), [[[1]]], pixels(0.0)) == pytest.approx(0.25 * math.log(2), rel=1e-5)
    expected = -(0.1**2 * math.log(0.9) + 0.8**2 * math.log(0.2)) / 2
    found = value(partial(focal, gamma=2.0), [[[1, 0]]], pixels(logit(0.9), logit(0.8)))
    assert found == pytest.approx(expected, rel=1e-4)


def test_focal_below_1_keeps_a_finite_slope_where_a_network_is_sure() -> None:
    assert np.isfinite(slope(partial(focal, gamma=0.5), [[[0, 1]]], pixels(-200.0, 200.0))).all()


def test_borders_count_most() -> None:
    loss = partial(boundary_cross_entropy, weight=1.0, sigma_px=1.0)
    y_pred = pixels(-SURE, -SURE, -SURE, -math.log(math.e - 1))  # p = 1/e in the last pixel
    assert value(loss, [[[0, 0, 0, 1]]], y_pred) == pytest.approx(0.297, abs=5e-4)


def test_without_borders_it_is_cross_entropy() -> None:
    loss = partial(boundary_cross_entropy, weight=10.0, sigma_px=5.0)
    y_true, y_pred = [[[1, IGNORED, 0]]], pixels(0.3, 0.0, -2.0)  # what is ignored makes no border
    assert value(loss, y_true, y_pred) == pytest.approx(value(cross_entropy, y_true, y_pred), rel=1e-6)


def test_nearness_is_that_of_the_euclidean_distance() -> None:
    mask = np.zeros((1, 9, 9), "int32")
    mask[0, 0, 0] = 1
    nearness = ops.convert_to_numpy(nearness_to_borders(mask, 2.0))[0, ..., 0]
    assert nearness[0, 0] == nearness[0, 1] == nearness[1, 0] == 1
    assert nearness[4, 5] == pytest.approx(math.exp(-(4**2 + 4**2) / 8), rel=1e-5)
    assert nearness[3, 0] == pytest.approx(math.exp(-(2**2) / 8), rel=1e-5)


def line(thickness: int) -> np.ndarray:
    """A horizontal line through the middle of 9 x 15 pixels."""
    mask = np.zeros((1, 9, 15), "int32")
    mask[:, 4 - thickness // 2 : 5 + thickness // 2, 3:12] = 1
    return mask


def sure(mask: np.ndarray) -> np.ndarray:
    return np.where(mask > 0, SURE, -SURE)[..., None]


def test_cl_dice_of_a_line_predicted_half() -> None:
    y_pred = np.where(line(1) > 0, 0.0, -SURE)[..., None]
    assert value(partial(cl_dice, iterations=3), line(1), y_pred) == pytest.approx(1 / 3, abs=1e-5)


def test_cl_dice_forgives_thickness_but_not_a_gap() -> None:
    loss, torn = partial(cl_dice, iterations=3), line(3)
    torn[:, :, 7] = 0
    assert value(loss, line(1), sure(line(3))) == pytest.approx(0, abs=1e-5)
    assert value(dice, line(1), sure(line(3))) == pytest.approx(0.5, abs=1e-5)
    assert value(loss, line(3), sure(torn)) > 0.05
    assert value(loss, line(3), sure(torn)) > value(dice, line(3), sure(torn))


@pytest.mark.parametrize("channels", [1, 4])
def test_probabilities_sum_to_one(channels: int) -> None:
    scores = ops.convert_to_numpy(probabilities(np.random.default_rng(0).normal(0, 3, (2, 2, 2, channels))))
    assert scores.min() >= 0 and scores.max() <= 1
    if channels > 1:
        np.testing.assert_allclose(scores.sum(axis=-1), 1, atol=1e-6)
