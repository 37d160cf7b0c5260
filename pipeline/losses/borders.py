"""Cross-entropy of masks that counts most where classes meet."""

import math

from keras import ops

from pipeline.datasets.arrays import IGNORED
from pipeline.losses.arithmetic import Tensor, log_likelihood, one_hot, weighted_mean

REACH = 3  # sigmas after which nearness, .011 by then, is taken for none


def boundary_cross_entropy(y_true: Tensor, y_pred: Tensor, weight: float, sigma_px: float) -> Tensor:
    """The mean of -log p weighted by 1 + weight * exp(-d^2 / (2 sigma^2)), d pixels from a border (after Ronneberger et al. 2015).

    Of the row 0 0 0 1 the last two pixels lie at the border. With weight 1 and sigma 1 the weights are 1.135, 1.607, 2, 2, so
    that a loss of 1 in the last pixel alone gives 2 / 6.742 = .297. Theirs is the distance to the nearest two cells, for
    which masks of classes have no numbers.
    """
    truth, counted = one_hot(y_true, ops.shape(y_pred)[-1])
    weights = (1 + weight * nearness_to_borders(y_true, sigma_px)) * counted
    return -weighted_mean(log_likelihood(truth, y_pred), weights)


def nearness_to_borders(y_true: Tensor, sigma_px: float) -> Tensor:
    """exp(-d^2 / (2 sigma^2)), (batch, height, width, 1), of the distance to the nearest pixel at a border.

    The greatest exp of a squared distance is that of the nearest, and falls into a factor along each axis: exact.
    """
    labels = ops.cast(y_true, "int32")
    nearness = ops.maximum(_meetings(labels, axis=1), _meetings(labels, axis=2))
    for axis in (1, 2):
        nearness = _spread(nearness, axis, sigma_px)
    return ops.expand_dims(nearness, -1)


def _meetings(labels: Tensor, axis: int) -> Tensor:
    """1 for both of two neighbours along an axis whose classes differ, else 0."""
    length = ops.shape(labels)[axis]
    before, after = _cut(labels, axis, 0, length - 1), _cut(labels, axis, 1, length - 1)
    differ = (before != after) & (before != IGNORED) & (after != IGNORED)
    meet = ops.cast(differ, "float32")
    return ops.maximum(_pad(meet, axis, 0, 1), _pad(meet, axis, 1, 0))


def _spread(nearness: Tensor, axis: int, sigma_px: float) -> Tensor:
    """The greatest of the neighbours along an axis, each times exp(-distance^2 / (2 sigma^2))."""
    reach, length = math.ceil(REACH * sigma_px), ops.shape(nearness)[axis]
    padded = _pad(nearness, axis, reach, reach)
    spread = nearness
    for offset in range(-reach, reach + 1):
        factor = math.exp(-(offset**2) / (2 * sigma_px**2))
        spread = ops.maximum(spread, factor * _cut(padded, axis, reach + offset, length))
    return spread


def _cut(maps: Tensor, axis: int, start: int, length: int) -> Tensor:
    return maps[:, start : start + length] if axis == 1 else maps[:, :, start : start + length]


def _pad(maps: Tensor, axis: int, before: int, after: int) -> Tensor:
    return ops.pad(maps, [(before, after) if axis == at else (0, 0) for at in range(3)])
