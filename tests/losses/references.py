"""The losses once more, in NumPy with float64 and from other libraries, pixel by pixel where that is plainest."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import ndimage
from skimage.metrics import structural_similarity

from pipeline.datasets.arrays import IGNORED

Array = np.ndarray[Any, np.dtype[Any]]
CROSS = ndimage.generate_binary_structure(2, 1)


def shares_of(logits: Array) -> Array:
    """Probabilities of all classes, background first, for one channel too."""
    if logits.shape[-1] == 1:
        logits = np.concatenate([np.zeros_like(logits), logits], axis=-1)
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def likelihoods(y_true: Array, y_pred: Array, ignored: int = IGNORED) -> Array:
    """Probability of the true class of all that counts, in a row."""
    counted = y_true != ignored
    shares = shares_of(y_pred)[counted]
    return shares[np.arange(len(shares)), y_true[counted]]


def foreground(y_true: Array, y_pred: Array) -> Iterator[tuple[Array, Array, Array]]:
    """Counted, truth and soft prediction (batch, height, width) of every foreground class."""
    counted, shares = y_true != IGNORED, shares_of(y_pred)
    for index in range(1, shares.shape[-1]):
        yield counted, (y_true == index) & counted, shares[..., index] * counted


def tversky_of_classes(y_true: Array, y_pred: Array, alpha: float, beta: float) -> list[float]:
    return [
        1
        - (share * truth).sum()
        / ((share * truth).sum() + alpha * share[~truth].sum() + beta * (1 - share)[truth].sum())
        for _, truth, share in foreground(y_true, y_pred)
    ]


def focal(y_true: Array, y_pred: Array, gamma: float, ignored: int = IGNORED) -> float:
    share = likelihoods(y_true, y_pred, ignored)
    return float(np.mean(-((1 - share) ** gamma) * np.log(share)))


def boundary_cross_entropy(y_true: Array, y_pred: Array, weight: float, sigma_px: float) -> float:
    """Distances by SciPy's distance transform; nothing beyond 3 sigma in either direction is near."""
    weights = np.stack([1 + weight * _nearness(labels, sigma_px) for labels in y_true])[y_true != IGNORED]
    return float(-np.average(np.log(likelihoods(y_true, y_pred)), weights=weights))


def _nearness(labels: Array, sigma_px: float) -> Array:
    meets = np.zeros(labels.shape, bool)
    for row, column in np.ndindex(labels.shape):
        for other in [(row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)]:
            if min(other) >= 0 and other[0] < labels.shape[0] and other[1] < labels.shape[1]:
                pair = {labels[row, column], labels[other]}
                meets[row, column] |= len(pair) == 2 and IGNORED not in pair
    if not meets.any():
        return np.zeros(labels.shape)
    return np.exp(-(ndimage.distance_transform_edt(~meets) ** 2) / (2 * sigma_px**2))


def cl_dice(y_true: Array, y_pred: Array, iterations: int) -> float:
    scores = []
    for _, truth, share in foreground(y_true, y_pred):
        drawn = truth.astype(float)
        inside = _sum_of_skeletons(share, drawn, iterations)
        found = _sum_of_skeletons(drawn, share, iterations)
        scores.append(2 * inside * found / (inside + found))
    return float(1 - np.mean(scores))


def _sum_of_skeletons(maps: Array, cover: Array, iterations: int) -> float:
    skeletons = np.stack([_skeleton(one, iterations) for one in maps])
    return float((skeletons * cover).sum() / skeletons.sum())


def _skeleton(image: Array, iterations: int) -> Array:
    """Algorithm 1 of Shit et al. 2021, with the union of fuzzy sets a + b - a b."""
    skeleton = np.zeros_like(image)
    for _ in range(iterations + 1):
        eroded = ndimage.grey_erosion(image, footprint=CROSS, mode="nearest")
        ridge = np.maximum(image - ndimage.grey_dilation(eroded, size=(3, 3), mode="nearest"), 0)
        skeleton = np.maximum(skeleton, skeleton + ridge - skeleton * ridge)
        image = eroded
    return skeleton


def errors(y_true: Array, y_pred: Array) -> Array:
    """Prediction less truth, NaN where nothing was measured."""
    return np.logaddexp(0, y_pred[..., 0]) - y_true


def huber(y_true: Array, y_pred: Array, delta: float) -> float:
    size = np.abs(errors(y_true, y_pred))
    return float(np.nanmean(np.where(size <= delta, size**2 / 2, delta * (size - delta / 2))))


def berhu(y_true: Array, y_pred: Array, turn: float) -> float:
    size = np.abs(errors(y_true, y_pred))
    return float(np.nanmean(np.where(size <= turn, size, (size**2 + turn**2) / (2 * turn))))


def gradient(y_true: Array, y_pred: Array) -> float:
    error = errors(y_true, y_pred)
    return float(np.nanmean(np.abs(np.diff(error, axis=2))) + np.nanmean(np.abs(np.diff(error, axis=1))))


def scale_invariant_log(y_true: Array, y_pred: Array, invariance: float) -> float:
    """Eigen et al. 2014, the second form of their equation 1, with its sum over pairs of pixels."""
    costs = []
    for truth, logits in zip(y_true, y_pred[..., 0], strict=True):
        distances = (np.log(np.logaddexp(0, logits)) - np.log(truth))[np.isfinite(truth)]
        pairs = np.mean(distances[:, None] * distances)
        costs.append(np.mean(distances**2) - invariance * pairs)
    return float(np.mean(costs))


def ssim(y_true: Array, y_pred: Array, window: int) -> float:
    """By scikit-image, of the windows in which all was measured."""
    found = []
    for truth, logits in zip(y_true, y_pred[..., 0], strict=True):
        filled = np.where(np.isnan(truth), 0, truth).astype(float)
        depth = np.where(np.isnan(truth), 0, np.logaddexp(0, logits))
        _, maps = structural_similarity(
            filled, depth, win_size=window, data_range=1, use_sample_covariance=False, full=True
        )
        reach = window // 2
        for row in range(reach, truth.shape[0] - reach):
            for column in range(reach, truth.shape[1] - reach):
                around = truth[row - reach : row + reach + 1, column - reach : column + reach + 1]
                if not np.isnan(around).any():
                    found.append((1 - maps[row, column]) / 2)
    return float(np.mean(found))


def smoothed_cross_entropy(y_true: Array, y_pred: Array, smoothing: float, class_weights: Array) -> float:
    total, counted = 0.0, 0
    for label, shares in zip(y_true, shares_of(y_pred), strict=True):
        if label >= 0:
            spread = np.full(len(shares), smoothing / len(shares))
            spread[label] += 1 - smoothing
            total, counted = total - class_weights[label] * (spread * np.log(shares)).sum(), counted + 1
    return total / counted


def top_2_tolerant(y_true: Array, y_pred: Array, tolerance: float, threshold: float, temperature: float) -> float:
    costs = []
    for label, shares in zip(y_true, shares_of(y_pred), strict=True):
        if label >= 0:
            second, first = sorted([0.0, *np.delete(shares, label)])[-2:]
            is_near = 1 / (1 + np.exp((first - shares[label] - threshold) / temperature))
            is_in_two = 1 / (1 + np.exp((second - shares[label]) / temperature))
            costs.append(-(1 - tolerance * is_near * is_in_two) * np.log(shares[label]))
    return float(np.mean(costs))
