"""What the losses share: truth as one-hot, logits as probabilities, means over what counts; all of it in float32."""

from typing import Any

from keras import ops

from pipeline.datasets.arrays import IGNORED

SMALLEST = 1e-7  # the resolution of float32 near 1
SMOOTHING = 1e-6  # makes the overlap of nothing with nothing 1
Tensor = Any


def probabilities(y_pred: Tensor) -> Tensor:
    """Logits (..., channel) as probabilities: sigmoid of one channel, softmax over more."""
    y_pred = ops.cast(y_pred, "float32")
    return ops.sigmoid(y_pred) if ops.shape(y_pred)[-1] == 1 else ops.softmax(y_pred, axis=-1)


def one_hot(y_true: Tensor, channels: int, ignored: int = IGNORED) -> tuple[Tensor, Tensor]:
    """Truth (..., channel) of 0 and 1, all 0 where ignored, and counted (..., 1).

    One channel is of class 1 against the rest.
    """
    labels = ops.cast(ops.expand_dims(y_true, -1), "int32")
    counted = ops.cast(labels != ignored, "float32")
    first = 1 if channels == 1 else 0
    return ops.cast(labels == ops.arange(first, first + channels, dtype="int32"), "float32"), counted


def log_likelihood(truth: Tensor, y_pred: Tensor) -> Tensor:
    """Log of the probability of the true class, (..., 1), from one-hot truth and logits."""
    y_pred = ops.cast(y_pred, "float32")
    if ops.shape(y_pred)[-1] == 1:
        return -ops.softplus(ops.where(truth > 0, -y_pred, y_pred))
    return ops.sum(truth * ops.log_softmax(y_pred, axis=-1), axis=-1, keepdims=True)


def power_of_doubt(likelihood: Tensor, gamma: float) -> Tensor:
    """(1 - p)^gamma from log p."""
    if gamma == 0:
        return ops.ones_like(likelihood)
    # above 0, where a power below 1 has no slope
    return ops.power(ops.maximum(1 - ops.exp(likelihood), SMALLEST), gamma)


def weighted_mean(values: Tensor, weights: Tensor) -> Tensor:
    """Sum of weights * values / sum of weights; 0 where nothing has weight."""
    total = ops.sum(weights)
    return ops.sum(weights * values) / ops.where(total > 0, total, 1.0)
