"""Scores of one predicted depth map against the measured one, in NumPy; pixels without a measurement do not count.

`target` and `prediction` are (H, W) in metres. A pixel is measured where the target is finite and above zero; where no pixel
is, every score is NaN, "no score". Definitions of Eigen et al. 2014 (arXiv:1406.2283), a sample at a time. The worked
numbers are for measured 1, 2, 4 m predicted as 1, 1, 5 m.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Depth = NDArray[np.floating[Any]]
Floats = NDArray[np.float64]

NEAREST_M = 1e-3
"""Predictions nearer than 1 mm count as 1 mm where a ratio or logarithm is taken."""


def rmse(target: Depth, prediction: Depth) -> float:
    """Root of the mean squared error in metres, sqrt(mean((p - t)^2)).

    sqrt((0 + 1 + 1) / 3) = .816.
    """
    truth, found = _measured(target, prediction)
    return float(np.sqrt(_mean((found - truth) ** 2)))


def absolute_relative_error(target: Depth, prediction: Depth) -> float:
    """Mean error as a share of the true depth, mean(|p - t| / t).

    (0 + 1 / 2 + 1 / 4) / 3 = .25.
    """
    truth, found = _measured(target, prediction)
    return _mean(np.abs(found - truth) / truth)


def delta_1(target: Depth, prediction: Depth) -> float:
    """Share of the pixels with max(t / p, p / t) < 1.25.

    Ratios 1, 2, 1.25, of which 1 is below 1.25: .333.
    """
    return _share_within(target, prediction, 1.25)


def delta_2(target: Depth, prediction: Depth) -> float:
    """Share of the pixels with max(t / p, p / t) < 1.25^2.

    Ratios 1, 2, 1.25, of which 2 are below 1.5625: .667.
    """
    return _share_within(target, prediction, 1.25**2)


def delta_3(target: Depth, prediction: Depth) -> float:
    """Share of the pixels with max(t / p, p / t) < 1.25^3.

    Ratios 1, 2, 1.25, of which 2 are below 1.953: .667.
    """
    return _share_within(target, prediction, 1.25**3)


def log10(target: Depth, prediction: Depth) -> float:
    """Mean error of the decimal logarithm, mean(|log10 p - log10 t|).

    (0 + log10 2 + log10 1.25) / 3 = (0 + .301 + .097) / 3 = .133.
    """
    truth, found = _measured(target, prediction)
    return _mean(np.abs(np.log10(np.maximum(found, NEAREST_M)) - np.log10(truth)))


def _share_within(target: Depth, prediction: Depth, ratio: float) -> float:
    truth, found = _measured(target, prediction)
    found = np.maximum(found, NEAREST_M)
    return _mean((np.maximum(truth / found, found / truth) < ratio).astype(np.float64))


def _measured(target: Depth, prediction: Depth) -> tuple[Floats, Floats]:
    is_measured = np.isfinite(target) & (target > 0)
    return target[is_measured].astype(np.float64), prediction[is_measured].astype(np.float64)


def _mean(values: Floats) -> float:
    return float(values.mean()) if values.size else float("nan")
