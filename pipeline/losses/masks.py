"""Losses of masks.

y_true: (batch, height, width) whole numbers, IGNORED where a pixel does not count.
y_pred: (batch, height, width, channel) logits; one channel is binary (foreground), more are classes.
"""

from keras import ops

from pipeline.losses.arithmetic import (
    SMALLEST,
    SMOOTHING,
    Tensor,
    log_likelihood,
    one_hot,
    power_of_doubt,
    probabilities,
    weighted_mean,
)


def dice(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """1 - 2 |T P| / (|T| + |P|) with soft P over the whole batch, the mean over foreground classes (Milletari et al. 2016).

    One pixel of truth 1 predicted .5 gives 1 - 2 * .5 / (1 + .5) = 1/3.
    """
    return tversky(y_true, y_pred, alpha=0.5, beta=0.5)


def tversky(y_true: Tensor, y_pred: Tensor, alpha: float, beta: float) -> Tensor:
    """1 - |T P| / (|T P| + alpha |P - T| + beta |T - P|), the mean over foreground classes (Salehi et al. 2017).

    One pixel of truth 1 predicted .5 gives 1 - .5 / (.5 + .5 beta), at beta .7 .412.
    """
    return ops.mean(_tversky_of_classes(y_true, y_pred, alpha, beta))


def focal_tversky(y_true: Tensor, y_pred: Tensor, alpha: float, beta: float, power: float) -> Tensor:
    """The mean over foreground classes of tversky^power (Abraham & Khan 2019, whose gamma is 1 / power).

    One pixel of truth 1 predicted .5 gives at beta .7 and power .75 .412^.75 = .514.
    """
    losses = _tversky_of_classes(y_true, y_pred, alpha, beta)
    return ops.mean(ops.power(ops.maximum(losses, SMALLEST), power))


def binary_cross_entropy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """-log p of the true class, the mean over counted pixels; logit 0 gives log 2 = .693."""
    return cross_entropy(y_true, y_pred)


def cross_entropy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """-log p of the true class, the mean over counted pixels; equal logits of K classes give log K."""
    return focal(y_true, y_pred, gamma=0.0)


def focal(y_true: Tensor, y_pred: Tensor, gamma: float) -> Tensor:
    """-(1 - p)^gamma log p of the true class, the mean over counted pixels (Lin et al. 2017).

    p = .5 and gamma = 2 give .25 * log 2 = .173.
    """
    truth, counted = one_hot(y_true, ops.shape(y_pred)[-1])
    likelihood = log_likelihood(truth, y_pred)
    return -weighted_mean(power_of_doubt(likelihood, gamma) * likelihood, counted)


def _tversky_of_classes(y_true: Tensor, y_pred: Tensor, alpha: float, beta: float) -> Tensor:
    """The loss of each foreground class, over the whole batch."""
    channels = ops.shape(y_pred)[-1]
    truth, counted = one_hot(y_true, channels)
    share = probabilities(y_pred) * counted
    overlap, area, foreseen = (ops.sum(values, axis=(0, 1, 2)) for values in (truth * share, truth, share))
    missed = alpha * (foreseen - overlap) + beta * (area - overlap)
    losses = 1 - (overlap + SMOOTHING) / (overlap + missed + SMOOTHING)
    return losses if channels == 1 else losses[1:]
