"""How alike two pictures are once one lies over the other: window by window, so that a common background is not enough."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.auditing.planes import Bytes

Floats = NDArray[np.float32]
Affine = NDArray[np.float32]
"""Places of the second plane from places of the first, shape (2, 3)."""

SOFT_PX = 0.8
"""Blur of both before they are compared: what JPEG and interpolation lose."""
WINDOW_PX = 15
STRIDE_PX = 6
SHADES = 65
"""Quantiles by which the shades of both are made alike."""
LEAST_OVERLAP = 0.4
"""Of both pictures: a crop by 20 % of each side and a turn by 45 degrees leave .5."""
LEAST_SCORE = 0.86
"""Copies have .86 to 1, neighbouring sections of a block at most .82 (measured by tests.auditing.poisoned)."""
MOST_ODD = 0.6
"""99 of 100 copies have at most .5; in frames of a still camera what moved has 1.3 and more, 19 times in 20."""
LEAST_WINDOWS = 12
"""Fewer windows with something to see tell nothing."""
FAINT = 2.0
"""Contrast of a window in grey levels below which there is nothing to see."""


@dataclass(frozen=True)
class Likeness:
    """How alike two pictures are where they overlap."""

    overlap: float = 0.0
    """Share of the area, of the picture of which less is seen."""
    score: float = 0.0
    """Mean correlation of the windows, weighted by their energy: 1 for the same picture."""
    odd: float = np.inf
    """Energy that the third worst window leaves unexplained, as a multiple of a typical window's."""
    windows: int = 0
    """Windows with something to see."""

    @property
    def is_same(self) -> bool:
        """Whether both may well show the same picture."""
        is_seen = self.overlap >= LEAST_OVERLAP and self.windows >= LEAST_WINDOWS
        return is_seen and self.score >= LEAST_SCORE and self.odd <= MOST_ODD


@dataclass(frozen=True)
class Overlay:
    """Two planes in the frame of the first, at the resolution of the coarser one."""

    first: Floats
    second: Floats
    inside: NDArray[np.bool_]
    """Where both are seen."""
    overlap: float


def lay(first: Bytes, second: Bytes, affine: Affine) -> Overlay | None:
    """Lay the second plane over the first; None where next to nothing of one is seen in the other."""
    scale = float(np.sqrt(abs(np.linalg.det(affine[:, :2]))))
    if not 0.2 < scale < 5:
        return None
    one, blurred = _blur(first, max(SOFT_PX, SOFT_PX / scale)), _blur(second, max(SOFT_PX, SOFT_PX * scale))
    seen = cv2.erode(_warp(np.ones_like(blurred), affine, first.shape), np.ones((3, 3), np.uint8))
    inside = seen > 0.99
    overlap = min(float(inside.mean()), float(inside.sum() * scale**2 / second.size))
    if overlap < LEAST_OVERLAP / 2:
        return None
    return Overlay(one, _shade_alike(_warp(blurred, affine, first.shape), one, inside), inside, overlap)


def compare(overlay: Overlay) -> Likeness:
    """Compare window by window."""
    correlation, one, other = _correlate(overlay.first, overlay.second)
    picked = (slice(WINDOW_PX // 2, None, STRIDE_PX),) * 2
    whole = _mean(overlay.inside.astype(np.float32), cv2.BORDER_CONSTANT)[picked] > 0.95
    if whole.sum() < LEAST_WINDOWS:
        return Likeness(overlay.overlap)
    correlation, one, other = (values[picked][whole] for values in (correlation, one, other))
    contrast, typical = np.maximum(one, other), float(np.mean(np.minimum(one, other) ** 2))
    unexplained = (1 - correlation) * contrast**2
    score = 1 - float(unexplained.sum() / max(float((contrast**2).sum()), 1.0))
    windows = int((contrast > max(FAINT, np.sqrt(typical) / 4)).sum())
    return Likeness(overlay.overlap, score, float(np.sort(unexplained)[-3] / (typical + 1)), windows)


def _blur(plane: Bytes, deviation_px: float) -> Floats:
    return np.asarray(cv2.GaussianBlur(plane.astype(np.float32), (0, 0), deviation_px), np.float32)


def _warp(values: Floats, affine: Affine, shape: tuple[int, ...]) -> Floats:
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(values, affine, shape[::-1], flags=flags), np.float32)


def _shade_alike(values: Floats, model: Floats, inside: NDArray[np.bool_]) -> Floats:
    """The values with the quantiles of the model's, so that neither contrast nor gamma counts."""
    levels = np.linspace(0, 1, SHADES)
    ours, theirs = np.quantile(values[inside], levels), np.quantile(model[inside], levels)
    return np.interp(values, ours + 1e-3 * levels, theirs).astype(np.float32)


def _correlate(one: Floats, other: Floats) -> tuple[Floats, Floats, Floats]:
    """Correlation in the window about each pixel, and both standard deviations there."""
    one_mean, other_mean = _mean(one), _mean(other)
    one_variance = np.maximum(_mean(one * one) - one_mean**2, 0)
    other_variance = np.maximum(_mean(other * other) - other_mean**2, 0)
    covariance = _mean(one * other) - one_mean * other_mean
    # windows without contrast have no correlation rather than that of rounding
    scale = np.sqrt(np.maximum(one_variance * other_variance, 1.0))
    return covariance / scale, np.sqrt(one_variance), np.sqrt(other_variance)


def _mean(values: Floats, border: int = cv2.BORDER_REFLECT) -> Floats:
    return np.asarray(cv2.boxFilter(values, -1, (WINDOW_PX, WINDOW_PX), borderType=border), np.float32)
