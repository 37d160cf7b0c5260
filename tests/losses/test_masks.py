"""Losses against numbers worked out by hand, and their slopes against finite differences."""

import math
from functools import partial
from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from pipeline.datasets.arrays import IGNORED
from pipeline.losses import Loss, build_loss, probabilities
from pipeline.losses.masks import binary_cross_entropy, cross_entropy, dice, focal
from pipeline.params import TrainParams

pytestmark = pytest.mark.usefixtures("keras_backend")
LOSSES: dict[str, Loss] = {
    "dice": dice,
    "cross_entropy": cross_entropy,
    "focal": partial(focal, gamma=2.0),
    "focal below 1": partial(focal, gamma=0.5),
}


def value(loss: Loss, y_true: Any, y_pred: Any) -> float:
    return float(ops.convert_to_numpy(loss(np.array(y_true, "int32"), np.array(y_pred, "float32"))))


def logit(share: float) -> float:
    return math.log(share / (1 - share))


def pixels(*logits: Any) -> np.ndarray:
    """Logits of one row of pixels, (1, 1, pixels, channel)."""
    return np.array(logits, "float32").reshape(1, 1, len(logits), -1)


def slope(loss: Loss, y_true: np.ndarray, y_pred: np.ndarray) -> np.ndarray:
    """The gradient by the backend's own differentiation."""
    if keras.backend.backend() == "jax":
        import jax

        return np.asarray(jax.grad(lambda logits: loss(y_true, logits))(y_pred))
    import tensorflow

    logits = tensorflow.constant(y_pred)
    with tensorflow.GradientTape() as tape:
        tape.watch(logits)
        result = loss(y_true, logits)
    return np.asarray(tape.gradient(result, logits))


def test_dice_of_one_pixel_predicted_half() -> None:
    assert value(dice, [[[1]]], pixels(0.0)) == pytest.approx(1 / 3, abs=1e-6)


def test_dice_pools_the_batch_and_its_classes_are_averaged() -> None:
    # class 1: 2 * .5 / (1 + .5 + .2), class 2: 2 * .7 / (1 + .7 + .4); background does not count
    y_pred = pixels(*np.log([[0.1, 0.5, 0.4], [0.1, 0.2, 0.7]]))
    expected = 1 - (1.0 / 1.7 + 1.4 / 2.1) / 2
    assert value(dice, [[[1, 2]]], y_pred) == pytest.approx(expected, abs=1e-6)
    assert value(dice, [[[1]], [[2]]], y_pred.reshape(2, 1, 1, 3)) == pytest.approx(expected, abs=1e-6)


def test_dice_of_nothing_predicted_as_nothing_is_no_loss() -> None:
    assert value(dice, [[[0, 0]]], pixels(-60.0, -60.0)) == pytest.approx(0, abs=1e-6)


def test_binary_cross_entropy_is_the_mean_of_minus_log_p() -> None:
    y_pred = pixels(logit(0.8), logit(0.4), logit(0.1))
    expected = -(math.log(0.8) + math.log(0.6) + math.log(0.1)) / 3
    assert value(binary_cross_entropy, [[[1, 0, 1]]], y_pred) == pytest.approx(expected, rel=1e-5)


def test_cross_entropy_of_equal_logits_is_log_of_classes() -> None:
    assert value(cross_entropy, [[[0, 2]]], pixels([3, 3, 3], [0, 0, 0])) == pytest.approx(math.log(3), rel=1e-6)


def test_focal_turns_down_what_is_easy() -> None:
    assert value(partial(focal, gamma=2.0), [[[1]]], pixels(0.0)) == pytest.approx(0.25 * math.log(2), rel=1e-5)
    expected = -(0.1**2 * math.log(0.9) + 0.8**2 * math.log(0.2)) / 2
    assert value(partial(focal, gamma=2.0), [[[1, 0]]], pixels(logit(0.9), logit(0.8))) == pytest.approx(
        expected, rel=1e-4
    )


def test_losses_stay_finite_where_a_network_is_sure() -> None:
    for loss in LOSSES.values():
        for y_true in ([[[0, 1]]], [[[1, 0]]]):
            y_pred = pixels(-200.0, 200.0)
            assert math.isfinite(value(loss, y_true, y_pred))
            assert np.isfinite(slope(loss, np.array(y_true, "int32"), y_pred)).all()


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("channels", [1, 3])
def test_slope_is_that_of_finite_differences(name: str, channels: int) -> None:
    random = np.random.default_rng(0)
    y_true = random.integers(0, max(2, channels), (2, 3, 4)).astype("int32")
    y_true[0, 0, 0] = IGNORED
    y_pred = random.normal(0, 1, (2, 3, 4, channels)).astype("float32")
    found = slope(LOSSES[name], y_true, y_pred)
    for place in [(0, 0, 0, 0), (0, 1, 2, 0), (1, 2, 3, channels - 1)]:
        step = np.zeros_like(y_pred)
        step[place] = 1e-2
        rise = value(LOSSES[name], y_true, y_pred + step) - value(LOSSES[name], y_true, y_pred - step)
        assert found[place] == pytest.approx(rise / 2e-2, abs=2e-4)
    assert np.isfinite(found).all()
    assert not found[0, 0, 0].any()


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("channels", [1, 3])
def test_ignored_pixels_change_nothing(name: str, channels: int) -> None:
    random = np.random.default_rng(0)
    y_true = random.integers(0, max(2, channels), (1, 4, 4))
    y_pred = random.normal(0, 1, (1, 4, 4, channels))
    whole = value(LOSSES[name], y_true[:, :, :2], y_pred[:, :, :2])
    y_true[:, :, 2:] = IGNORED
    for shift in (0, 50):
        y_pred[:, :, 2:] += shift
        assert value(LOSSES[name], y_true, y_pred) == pytest.approx(whole, rel=1e-6)


@pytest.mark.parametrize("channels", [1, 3])
def test_nothing_counted_is_finite(channels: int) -> None:
    y_true = np.full((1, 2, 2), IGNORED, "int32")
    for loss in LOSSES.values():
        y_pred = np.zeros((1, 2, 2, channels), "float32")
        assert math.isfinite(value(loss, y_true, y_pred))
        assert not slope(loss, y_true, y_pred).any()


def test_loss_of_params_is_the_weighted_sum() -> None:
    y_true, y_pred = [[[1, 0]]], pixels(0.3, -0.2)
    train = TrainParams(loss={"dice": 0.5, "focal": 2.0}, focal_gamma=3.0)
    expected = 0.5 * value(dice, y_true, y_pred) + 2 * value(partial(focal, gamma=3.0), y_true, y_pred)
    assert value(build_loss(train), y_true, y_pred) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("channels", [1, 4])
def test_probabilities_sum_to_one(channels: int) -> None:
    scores = ops.convert_to_numpy(probabilities(np.random.default_rng(0).normal(0, 3, (2, 2, 2, channels))))
    assert scores.min() >= 0 and scores.max() <= 1
    if channels > 1:
        np.testing.assert_allclose(scores.sum(axis=-1), 1, atol=1e-6)
