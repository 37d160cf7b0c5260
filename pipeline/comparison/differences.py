"""Differences of every pair of models, each with its test."""

from itertools import combinations

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

from pipeline.comparison.estimates import (
    NOTHING,
    Estimate,
    effect_size,
    estimate_by_blocks,
    estimate_by_flips,
    estimate_by_folds,
)
from pipeline.comparison.means import is_within
from pipeline.comparison.pairing import Floats, Paired
from pipeline.params import SplitParams

TEST_COLUMNS = [
    "model_a",
    "model_b",
    "metric",
    "difference",
    "low",
    "high",
    "effect_size",
    "p",
    "p_holm",
    "method",
    "units",
]


def compare_pairs(pairs: dict[str, Paired], confidence: float, split: SplitParams, seed: int) -> pd.DataFrame:
    """A row a pair of models and metric, columns TEST_COLUMNS; `difference` is a minus b, whichever way is better."""
    rows = [row for metric, paired in pairs.items() for row in _test(metric, paired, confidence, split, seed)]
    return pd.DataFrame(rows, columns=TEST_COLUMNS)


def _test(metric: str, paired: Paired, confidence: float, split: SplitParams, seed: int) -> list[list[object]]:
    pairs = list(combinations(range(len(paired.models)), 2))
    estimates = [_estimate_difference(paired, first, second, confidence, split, seed) for first, second in pairs]
    adjusted = _adjust([estimate.p for estimate in estimates])
    rows: list[list[object]] = []
    for (first, second), estimate, p_holm in zip(pairs, estimates, adjusted, strict=True):
        values = paired.sample_scores if is_within(paired) else paired.unit_scores
        names = [paired.models[first], paired.models[second], metric]
        interval = [estimate.mean, estimate.low, estimate.high, effect_size(values[:, first] - values[:, second])]
        rows.append([*names, *interval, estimate.p, p_holm, estimate.method, len(paired.unit_scores)])
    return rows


def _estimate_difference(
    paired: Paired, first: int, second: int, confidence: float, split: SplitParams, seed: int
) -> Estimate:
    if not len(paired.scores):
        return NOTHING
    samples, units, folds = (
        scores[:, first] - scores[:, second]
        for scores in (paired.sample_scores, paired.unit_scores, paired.fold_scores)
    )
    if is_within(paired):
        return estimate_by_blocks(samples, paired.sample_unit, paired.sample_stretch, confidence)
    if split.repeats > 1:
        train_to_test = (split.folds - 1) * (1 - split.validation_fraction)
        return estimate_by_folds(units, folds, 1 / train_to_test, confidence)
    return estimate_by_flips(units, confidence, seed)


def _adjust(p: list[float]) -> Floats:
    """Holm's correction; where no test was possible the p-value stays NaN."""
    adjusted = np.array(p)
    is_known = ~np.isnan(adjusted)
    if is_known.any():
        adjusted[is_known] = multipletests(adjusted[is_known], method="holm")[1]
    return adjusted
