"""Differences of every pair of models, each with its tests and what they decide."""

from itertools import combinations

import numpy as np
import pandas as pd

from pipeline.comparison.blocks import estimate_by_blocks
from pipeline.comparison.claims import adjust, decide
from pipeline.comparison.effects import effect_interval, effect_size
from pipeline.comparison.equivalence import judge_equivalence
from pipeline.comparison.estimates import NOTHING, Estimate, estimate_by_flips, estimate_by_folds, estimate_by_units
from pipeline.comparison.friedman import Friedman
from pipeline.comparison.intervals import are_shares
from pipeline.comparison.pairing import Paired, is_within
from pipeline.comparison.planning import count_needed
from pipeline.comparison.pooled import Pooled, estimate_pooled_difference
from pipeline.metrics import METRICS
from pipeline.params import CompareParams, SplitParams

FEWEST_TO_SPREAD = 2
TEST_COLUMNS = [
    "model_a",
    "model_b",
    "metric",
    "difference",
    "low",
    "high",
    "interval",
    "effect_size",
    "effect_low",
    "effect_high",
    "p",
    "p_holm",
    "method",
    "p_equivalent",
    "verdict",
    "units",
    "units_needed",
]


def compare_pairs(
    pairs: dict[str, Paired],
    friedman: dict[str, Friedman],
    compare: CompareParams,
    split: SplitParams,
    seed: int,
) -> pd.DataFrame:
    """A row a pair of models and metric, columns TEST_COLUMNS; `difference` is a minus b, whichever way is better.

    `p_holm` and `p_equivalent` are corrected over the pairs of the metric; the latter is for the metric that decides, where
    compare.margin is set. `units_needed` are those beyond `units` that a pair would need which its own test leaves undecided; empty for a
    difference of nothing, and for one without a spread: of a single unit, or of a metric of many samples where units are few.
    """
    rows = [
        row
        for metric, paired in pairs.items()
        for row in _test(metric, paired, friedman.get(metric), compare, split, seed)
    ]
    return pd.DataFrame(rows, columns=TEST_COLUMNS)


def _test(
    metric: str, paired: Paired, friedman: Friedman | None, compare: CompareParams, split: SplitParams, seed: int
) -> list[list[object]]:
    pairs = list(combinations(range(len(paired.models)), 2))
    estimates = [_estimate(metric, paired, first, second, compare.confidence, split, seed) for first, second in pairs]
    level, margin = 1 - compare.confidence, compare.margin if metric == compare.metric else None
    p_holm = adjust([estimate.p for estimate in estimates])
    p_equivalent = adjust([judge_equivalence(estimate, margin) for estimate in estimates])
    strictest = level / max(1, np.sum(~np.isnan(p_holm)))
    values, units = paired.sample_scores if is_within(paired) else paired.unit_scores, len(paired.unit_scores)
    rows: list[list[object]] = []
    for (first, second), estimate, holm, equivalent in zip(pairs, estimates, p_holm, p_equivalent, strict=True):
        verdict = decide(METRICS[metric].sign * estimate.mean, holm, equivalent, friedman, level)
        is_open = verdict == "undecided" and not holm <= level
        differences = np.zeros(0) if isinstance(paired, Pooled) else values[:, first] - values[:, second]
        rows.append(
            [
                *(paired.models[first], paired.models[second], metric),
                *(estimate.mean, estimate.low, estimate.high, estimate.interval),
                *(effect_size(differences), *effect_interval(differences, estimate, compare.confidence)),
                *(estimate.p, holm, estimate.method, equivalent, verdict, units),
                _plan(paired, first, second, estimate, strictest) if is_open else np.nan,
            ]
        )
    return rows


def _plan(paired: Paired, first: int, second: int, estimate: Estimate, level: float) -> float:
    """Units more that would decide; where they are few, from the spread of the two to four there are, which is a guess."""
    units = len(paired.unit_scores)
    if not is_within(paired):
        return count_needed(estimate, units, level)
    if isinstance(paired, Pooled) or units < FEWEST_TO_SPREAD:
        return float("nan")
    differences = paired.unit_scores[:, first] - paired.unit_scores[:, second]
    return count_needed(estimate_by_units(differences, 1 - level), units, level)


def _estimate(
    metric: str, paired: Paired, first: int, second: int, confidence: float, split: SplitParams, seed: int
) -> Estimate:
    if not len(paired.scores):
        return NOTHING
    test_to_train = _test_to_train(split)
    if isinstance(paired, Pooled):
        return estimate_pooled_difference(paired, first, second, confidence, test_to_train)
    samples, units, folds = (
        scores[:, first] - scores[:, second]
        for scores in (paired.sample_scores, paired.unit_scores, paired.fold_scores)
    )
    if is_within(paired):
        return estimate_by_blocks(samples, paired.sample_unit, paired.sample_stretch, confidence)
    if test_to_train is not None:
        return estimate_by_folds(units, folds, test_to_train, confidence)
    is_binary = are_shares(paired.unit_scores[:, [first, second]], metric)
    return estimate_by_flips(units, confidence, seed, is_binary=is_binary)


def _test_to_train(split: SplitParams) -> float | None:
    """Test samples a training sample, where repeated folds share both; None for one pass."""
    return 1 / ((split.folds - 1) * (1 - split.validation_fraction)) if split.repeats > 1 else None
