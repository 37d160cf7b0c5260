"""Losses of the class of a whole image.

y_true: (batch,) whole numbers, UNKNOWN where a sample does not count. y_pred: (batch, class) logits.
class_weights: one a class, or None; the sum of weighted losses is divided by the number of samples, not by their weights, so
that a batch of one class keeps its weight.
"""

from collections.abc import Sequence

from keras import ops

from pipeline.losses.arithmetic import Tensor, log_likelihood, one_hot, power_of_doubt, probabilities

UNKNOWN = -1
Weights = Sequence[float] | None


def cross_entropy(y_true: Tensor, y_pred: Tensor, smoothing: float, class_weights: Weights) -> Tensor:
    """-sum q log p, q = (1 - smoothing) one-hot truth + smoothing / classes, the mean over samples (Szegedy et al. 2016).

    Of two classes, p = .8 of the true one and smoothing .1 give -(.95 log .8 + .05 log .2) = .292.
    """
    classes = ops.shape(y_pred)[-1]
    truth, _ = one_hot(y_true, classes, UNKNOWN)
    share = (1 - smoothing) * truth + smoothing / classes
    return _mean(-log_likelihood(share, y_pred), y_true, class_weights, classes)


def focal(y_true: Tensor, y_pred: Tensor, gamma: float, class_weights: Weights) -> Tensor:
    """-(1 - p)^gamma log p of the true class, the mean over samples (Lin et al. 2017).

    p = .5 and gamma = 2 give .25 * log 2 = .173.
    """
    classes = ops.shape(y_pred)[-1]
    likelihood = log_likelihood(one_hot(y_true, classes, UNKNOWN)[0], y_pred)
    return _mean(-power_of_doubt(likelihood, gamma) * likelihood, y_true, class_weights, classes)


def top_2_tolerant(
    y_true: Tensor,
    y_pred: Tensor,
    tolerance: float,
    threshold: float,
    temperature: float,
    class_weights: Weights,
) -> Tensor:
    """-(1 - tolerance * close) log p of the true class, the mean over samples (own).

    close = sigmoid((threshold - (first - p)) / temperature) * sigmoid((p - second) / temperature), where first and second are
    the likeliest of the other classes (second is 0 of two classes): near 1 while the truth is among the first two and not
    further than the threshold behind the first, else near 0. It rises with p, so that being second is never cheaper than
    being first.
    p = .4 beside .5 and .1, tolerance .5, threshold .2 and temperature .05 give close = .881 * .998 = .879 and
    .561 * -log .4 = .514; without tolerance .916.
    """
    classes = ops.shape(y_pred)[-1]
    truth, _ = one_hot(y_true, classes, UNKNOWN)
    likelihood = log_likelihood(truth, y_pred)
    close = _closeness(truth, probabilities(y_pred), threshold, temperature)
    return _mean(-(1 - tolerance * close) * likelihood, y_true, class_weights, classes)


def _closeness(truth: Tensor, shares: Tensor, threshold: float, temperature: float) -> Tensor:
    """How much of a close call each sample is, (batch, 1)."""
    share = ops.sum(truth * shares, axis=-1, keepdims=True)
    others, _ = ops.top_k(shares * (1 - truth), 2)  # the truth's own 0 is the second of two classes
    first, second = others[..., :1], others[..., 1:]
    is_near = ops.sigmoid((threshold - (first - share)) / temperature)
    return is_near * ops.sigmoid((share - second) / temperature)


def _mean(losses: Tensor, y_true: Tensor, class_weights: Weights, classes: int) -> Tensor:
    """Of losses (batch, 1), over the samples whose class is known."""
    truth, counted = one_hot(y_true, classes, UNKNOWN)
    weights = counted
    if class_weights is not None:
        weights = ops.sum(truth * ops.convert_to_tensor(class_weights, "float32"), axis=-1, keepdims=True)
    return ops.sum(losses * weights) / ops.maximum(ops.sum(counted), 1.0)
