"""Losses of (y_true, y_pred) with keras.ops: class indices, some to be ignored, against logits.

y_true: (batch, height, width) whole numbers, IGNORED where a pixel does not count.
y_pred: (batch, height, width, channel) logits; one channel is binary (foreground), more are classes.
"""

from collections.abc import Callable
from typing import Any

from keras import ops

from pipeline.datasets.arrays import IGNORED
from pipeline.params import TrainParams

SMALLEST = 1e-7  # the resolution of float32 near 1
Tensor = Any
Loss = Callable[[Tensor, Tensor], Tensor]


def build_loss(train: TrainParams) -> Loss:
    """The weighted sum of train.loss."""

    def focal_of_params(y_true: Tensor, y_pred: Tensor) -> Tensor:
        return focal(y_true, y_pred, train.focal_gamma)

    losses: dict[str, Loss] = {
        "dice": dice,
        "binary_cross_entropy": binary_cross_entropy,
        "cross_entropy": cross_entropy,
        "focal": focal_of_params,
    }

    def weighted_sum(y_true: Tensor, y_pred: Tensor) -> Tensor:
        return sum(weight * losses[name](y_true, y_pred) for name, weight in train.loss.items())

    return weighted_sum


def dice(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """1 - 2 |T P| / (|T| + |P|) with soft P over the whole batch, the mean over foreground classes (Milletari et al. 2016).

    One pixel of truth 1 predicted .5 gives 1 - 2 * .5 / (1 + .5) = 1/3.
    """
    truth, counted = one_hot(y_true, ops.shape(y_pred)[-1])
    share = probabilities(y_pred) * counted
    axes = (0, 1, 2)
    overlap = 2 * ops.sum(truth * share, axis=axes)
    total = ops.sum(truth, axis=axes) + ops.sum(share, axis=axes)
    scores = (overlap + 1e-6) / (total + 1e-6)
    return 1 - ops.mean(scores if ops.shape(y_pred)[-1] == 1 else scores[1:])


def binary_cross_entropy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """-log p of the true class, the mean over counted pixels; logit 0 gives log 2 = .693."""
    return cross_entropy(y_true, y_pred)


def cross_entropy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """-log p of the true class, the mean over counted pixels; equal logits of K classes give log K."""
    return focal(y_true, y_pred, gamma=0.0)


def focal(y_true: Tensor, y_pred: Tensor, gamma: float = 2.0) -> Tensor:
    """-(1 - p)^gamma log p of the true class, the mean over counted pixels (Lin et al. 2017).

    p = .5 and gamma = 2 give .25 * log 2 = .173.
    """
    truth, counted = one_hot(y_true, ops.shape(y_pred)[-1])
    y_pred = ops.cast(y_pred, "float32")
    if ops.shape(y_pred)[-1] == 1:
        logs = -ops.softplus(ops.where(truth > 0, -y_pred, y_pred))
    else:
        logs = ops.sum(truth * ops.log_softmax(y_pred, axis=-1), axis=-1, keepdims=True)
    # above 0, where a power below 1 has no slope
    weight = ops.power(ops.maximum(1 - ops.exp(logs), SMALLEST), gamma) if gamma else 1.0
    return -ops.sum(weight * logs * counted) / ops.maximum(ops.sum(counted), 1.0)


def probabilities(y_pred: Tensor) -> Tensor:
    """Logits (..., channel) as probabilities: sigmoid of one channel, softmax over more."""
    y_pred = ops.cast(y_pred, "float32")
    return ops.sigmoid(y_pred) if ops.shape(y_pred)[-1] == 1 else ops.softmax(y_pred, axis=-1)


def one_hot(y_true: Tensor, channels: int) -> tuple[Tensor, Tensor]:
    """Truth (batch, height, width, channel) of 0 and 1, all 0 where ignored, and counted (..., 1)."""
    labels = ops.cast(ops.expand_dims(y_true, -1), "int32")
    counted = ops.cast(labels != IGNORED, "float32")
    first = 1 if channels == 1 else 0
    classes = ops.reshape(ops.arange(first, first + channels, dtype="int32"), (1, 1, 1, channels))
    return ops.cast(labels == classes, "float32"), counted
