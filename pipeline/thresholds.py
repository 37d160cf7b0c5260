"""The probability from which a pixel is foreground, chosen on the validation subset."""

from collections.abc import Callable, Iterable

import numpy as np

from pipeline.datasets.arrays import IGNORED

CANDIDATES = np.round(np.arange(0.02, 0.99, 0.02), 2)
ByThreshold = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
"""Mask and probabilities (height, width) of a sample, and candidates -> its score (candidate,) at every candidate."""


def choose_threshold(
    pairs: Iterable[tuple[np.ndarray, np.ndarray]],
    by_threshold: ByThreshold | None = None,
    candidates: np.ndarray = CANDIDATES,
) -> tuple[float, float]:
    """The candidate with the highest mean score over samples, of Dice unless given, and that mean; of equals the one nearest .5.

    `pairs` are masks (height, width), 255 where ignored, and probabilities (height, width) of foreground. A sample
    without foreground has a Dice of 1 where nothing is predicted and of 0 elsewhere. Without pairs: .5 and NaN.
    """
    score = by_threshold or dice_by_threshold
    found = [score(mask, probabilities, candidates) for mask, probabilities in pairs]
    if not found:
        return 0.5, float("nan")
    scores = np.mean(found, axis=0)
    best = np.flatnonzero(scores >= scores.max() - 1e-9)
    choice = best[np.argmin(np.abs(candidates[best] - 0.5))]
    return float(candidates[choice]), float(scores[choice])


def dice_by_threshold(mask: np.ndarray, probabilities: np.ndarray, candidates: np.ndarray = CANDIDATES) -> np.ndarray:
    """Dice (candidate,) of one sample at every candidate, from two histograms."""
    counted = mask != IGNORED
    truth = mask[counted] > 0
    bins = np.searchsorted(candidates, probabilities[counted], side="right")
    size = len(candidates) + 1
    hits, chosen = (np.bincount(bins[where], minlength=size) for where in (truth, np.ones_like(truth)))
    hits, chosen = (counts[::-1].cumsum()[::-1][1:] for counts in (hits, chosen))
    total = chosen + truth.sum()
    return np.where(total == 0, 1.0, 2 * hits / np.maximum(total, 1))
