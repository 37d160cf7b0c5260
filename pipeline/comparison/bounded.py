"""Interval of a mean of scores from 0 to 1 that may also be 0 in samples nobody has seen."""

import numpy as np
from scipy import stats

from pipeline.comparison.pairing import Floats

UNSEEN = 0.5
"""Weight of an unseen score at the end of the range, where a sample weighs 1: half a sample, as in Jeffreys' interval of a share. The least of
.1, .25, .35 and .5 that covered .92 in 30 units and .935 in 100 of all distributions tried; others confirm it (docs/evidence.md)."""
STEPS = 40  # halvings, to a hundred millionth of the tilt
TILTS = (-9.0, 14.0)  # logarithms of the tilts between which every limit lies, from 5 to 100,000 units


def bound_mean(scores: Floats, confidence: float, unseen: float = UNSEEN) -> tuple[Floats, Floats]:
    """Limits of the mean of each column of scores (units, columns) in [0, 1].

    The Bayesian bootstrap (Rubin 1981, doi:10.1214/aos/1176345338) gives the units random weights, exponential and divided by their
    sum; the interval is where the weighted mean lies. It knows no scores but those seen. Here one score more, at the end of
    the range, has a share in the weights, 0 for the lower limit and 1 for the upper: with weight 1 it is the interval of
    Learned-Miller and Thomas 2019 (arXiv:1905.06208), Clopper and Pearson's for scores of 0 and 1, and wider than need be; with
    UNSEEN it allows for a few failures among samples like these.

    30 scores of .9: .827 to .908; thirty are no proof that one in twenty does not fail. Of 300: .892 to .901.
    """
    return _bound_below(scores, confidence, unseen), 1 - _bound_below(1 - scores, confidence, unseen)


def _bound_below(scores: Floats, confidence: float, unseen: float) -> Floats:
    """Where the weighted mean falls below with the probability of one tail, found by halving the interval of the tilt."""
    values = np.concatenate([np.zeros_like(scores[:1]), scores])
    weights = np.concatenate([[unseen], np.ones(len(scores))])
    scale = np.where(scores.any(axis=0), scores.mean(axis=0), 1.0)
    small, large = (np.full(scores.shape[1], end) for end in TILTS)
    for _ in range(STEPS):
        middle = (small + large) / 2
        is_likely = _tail(_tilt(values, weights, np.exp(middle) / scale), weights) > (1 - confidence) / 2
        small, large = np.where(is_likely, middle, small), np.where(is_likely, large, middle)
    tilted = _tilt(values, weights, np.exp(small) / scale)
    return np.asarray(weights @ (tilted * values) / weights.sum())


def _tilt(values: Floats, weights: Floats, tilt: Floats) -> Floats:
    """Factors 1 / (1 + tilt value), their weighted mean 1, that make the mean of the values a lower limit."""
    factors = 1 / (1 + tilt * values)
    return np.asarray(factors * weights.sum() / (weights @ factors))


def _tail(factors: Floats, weights: Floats) -> Floats:
    """Probability of a weighted mean below the tilted one, by the saddlepoint (Lugannani and Rice 1980, doi:10.2307/1426607).

    A mean of Dirichlet weights is below c where the sum of gamma variables times (values - c) is below 0; no integral is left. Against
    draws it moves a limit by hardly 2 % of its arm.
    """
    spread = np.sqrt(weights @ (factors - 1) ** 2)
    distance = np.sqrt(np.maximum(-2 * weights @ np.log(factors), 0))
    is_flat = (spread < 1e-6) | (distance < 1e-6)
    spread, distance = np.where(is_flat, 1, spread), np.where(is_flat, 1, distance)
    tail = stats.norm.cdf(-distance) + stats.norm.pdf(distance) * (1 / spread - 1 / distance)
    return np.where(is_flat, 0.5, tail)
