"""Intervals of a model's mean score over independent units, by the method that covers best (docs/evidence.md)."""

import numpy as np
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from pipeline.comparison.bounded import bound_mean
from pipeline.comparison.estimates import Estimate
from pipeline.comparison.pairing import Floats
from pipeline.metrics import METRICS

ALLOWING = "bootstrap allowing for unseen failures"


def estimate_mean(units: Floats, confidence: float, metric: str) -> Estimate:
    """Wilson's interval where scores are shares of 0 and 1, a bootstrap that allows for unseen failures where a sample may fail altogether, else
    Student's corrected for skewness.
    """
    if are_shares(units, metric):
        return estimate_by_share(units, confidence)
    return estimate_by_bounds(units, confidence) if may_fail(metric) else estimate_by_skewness(units, confidence)


def may_fail(metric: str) -> bool:
    """Whether a sample may score 0 of 1: its foreground missed, its class not told. No model gets every pixel wrong."""
    own = METRICS[metric]
    return (own.low, own.high) == (0, 1) and own.higher_is_better and (own.is_of_foreground or own.head == "label")


def are_shares(scores: Floats, metric: str) -> bool:
    """Whether every score is 0 or 1, right or wrong, and the metric ends there."""
    return (METRICS[metric].low, METRICS[metric].high) == (0, 1) and bool(np.isin(scores, (0, 1)).all())


def estimate_by_share(units: Floats, confidence: float) -> Estimate:
    """Wilson's interval of a share of 0/1 scores: of 30 right of 30, .886 to 1, where Student's ends at 1 on both sides."""
    low, high = proportion_confint(units.sum(), len(units), 1 - confidence, method="wilson")
    return Estimate(float(units.mean()), float(low), float(high), np.nan, "none", "Wilson")


def estimate_by_bounds(units: Floats, confidence: float) -> Estimate:
    """Interval of scores from 0 to 1 that allows for failures nobody has seen: 30 scores of .9, .827 to .908."""
    low, high = bound_mean(np.clip(units, 0, 1)[:, None], confidence)  # a mean of ones may be rounded above 1
    return Estimate(float(units.mean()), float(low[0]), float(high[0]), np.nan, "none", ALLOWING)


def estimate_by_skewness(units: Floats, confidence: float) -> Estimate:
    """Student's interval after a transformation that takes the skewness away (Hall 1992, doi:10.1111/j.2517-6161.1992.tb01876.x).

    With w = (mean - truth) / sd and skewness k, g(w) = w + k w^2 / 3 + k^2 w^3 / 27 + k / (6 n) has hardly any left; the interval is
    where g(w) lies within t / sqrt(n). Scores that crowd below 1 get a longer arm downwards. Without skewness it is Student's.

    0, 0, 0, 1, 3: k = .97, interval -.43 to 7.24, Student's is -.82 to 2.42.
    """
    count, mean, spread = len(units), float(units.mean()), float(units.std(ddof=1))
    skewness = float(np.mean((units - mean) ** 3)) / spread**3 if spread else 0.0
    reach = float(stats.t.ppf((1 + confidence) / 2, count - 1)) / np.sqrt(count)
    low, high = (mean - spread * _undo(sign * reach, skewness, count) for sign in (1, -1))
    return Estimate(mean, float(low), float(high), np.nan, "none", "skewness-corrected t")


def _undo(value: float, skewness: float, count: int) -> float:
    """The w whose g(w) is the value."""
    if not skewness:
        return value
    return float(3 / skewness * (np.cbrt(1 + skewness * (value - skewness / (6 * count))) - 1))
