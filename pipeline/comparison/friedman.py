"""Friedman's test: whether more than two models differ at all."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from pipeline.comparison.pairing import Paired, is_within
from pipeline.comparison.pooled import Pooled
from pipeline.metrics import METRICS

FEWEST_MODELS = 3


@dataclass(frozen=True)
class Friedman:
    """The test over all models of one metric."""

    statistic: float
    """Chi-squared, with one degree of freedom less than there are models."""
    p: float
    units: int
    ranks: dict[str, float]
    """Mean rank of each model over the units; 1 is the best."""


def compare_ranks(metric: str, paired: Paired) -> Friedman | None:
    """Friedman's test over units; None for fewer than three models or five units, and where a unit alone has no score.

    It asks whether the models' ranks within a unit are all alike, ties taken into account; it is 0 where no unit tells any model from another.
    """
    units, models = paired.unit_scores.shape
    if models < FEWEST_MODELS or is_within(paired) or isinstance(paired, Pooled):
        return None
    ranks = stats.rankdata(-METRICS[metric].sign * paired.unit_scores, axis=1)
    means = {model: float(mean) for model, mean in zip(paired.models, ranks.mean(axis=0), strict=True)}
    if np.all(ranks == ranks[:, :1]):
        return Friedman(0.0, 1.0, units, means)
    found = stats.friedmanchisquare(*ranks.T)
    return Friedman(float(found.statistic), float(found.pvalue), units, means)
