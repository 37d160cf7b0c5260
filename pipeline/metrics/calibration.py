"""Whether probabilities are as often right as they say, in NumPy."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.overlap import Mask

BINS = 15
"""As Guo et al. 2017 (arXiv:1706.04599), and most after them."""
Floats = NDArray[np.floating[Any]]
Shares = NDArray[np.float64]


@dataclass(frozen=True)
class Reliability:
    """Bins (bin,) of probability, in order and without the empty ones: a probability is in (low, high], the lowest also at low."""

    low: Shares
    high: Shares
    count: NDArray[np.int64]
    """Probabilities in the bin."""
    probability: Shares
    """Their mean."""
    rate: Shares
    """How many of them came true."""

    @property
    def error(self) -> float:
        """Expected calibration error, sum n_b / n |rate_b - probability_b|; NaN of nothing."""
        if not self.count.size:
            return float("nan")
        return float(np.average(np.abs(self.rate - self.probability), weights=self.count))


def count_reliability(
    probabilities: Floats, came_true: Mask, bins: int = BINS, *, is_adaptive: bool = False
) -> Reliability:
    """Compare probabilities (n,) in [0, 1] with what came true (n,), in bins of equal width or, adaptive, of equal count.

    Equal widths: Naeini et al. 2015, Guo et al. 2017. Equal counts, by quantiles, so that equal probabilities share a bin:
    Nguyen & O'Connor 2015 (arXiv:1508.05154), Nixon et al. 2019 (arXiv:1904.01685).

    Probabilities .9, .9, .6, .6, of which the first three came true, in 2 bins: one bin (.5, 1], rate .75, probability .75,
    error 0; adaptive: [.6, .75] with rate .5 and (.75, .9] with rate 1, error (.1 + .1) / 2 = .1.
    """
    values = np.asarray(probabilities, np.float64)
    if not values.size:
        nothing = np.empty(0)
        return Reliability(nothing, nothing, np.empty(0, np.int64), nothing, nothing)
    shares = np.linspace(0, 1, bins + 1)
    edges = np.unique(np.quantile(values, shares)) if is_adaptive else shares
    if len(edges) == 1:
        edges = np.repeat(edges, 2)
    places = np.searchsorted(edges[1:-1], values, side="left")
    count = np.bincount(places, minlength=len(edges) - 1)
    sums = [np.bincount(places, weights=part, minlength=len(count)) for part in (values, came_true)]
    kept = count > 0
    probability, rate = (part[kept] / count[kept] for part in sums)
    return Reliability(edges[:-1][kept], edges[1:][kept], count[kept], probability, rate)


def judge_likeliest(targets: NDArray[np.integer[Any]], probabilities: Floats) -> tuple[Floats, Mask]:
    """Probability (n,) of each sample's likeliest class, and whether that is the true one; probabilities are (n, K)."""
    return probabilities.max(axis=-1), probabilities.argmax(axis=-1) == targets


def pixel_calibration_error(target: NDArray[np.integer[Any]], probabilities: Floats, counted: Mask) -> float:
    """Expected calibration error of one picture's counted pixels, in 15 bins of equal width; NaN where no pixel counts.

    `target` (height, width) holds classes, `probabilities` (height, width, K). K = 1: the probability of foreground against
    its frequency; K > 1: the probability of the likeliest class against how often it is right.

    Foreground everywhere at a probability of .7: .3.
    """
    truth, found = target[counted], probabilities[counted]
    if found.shape[-1] == 1:
        return count_reliability(found[:, 0], truth > 0).error
    return count_reliability(*judge_likeliest(truth, found)).error
