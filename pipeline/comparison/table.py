"""Comparison of all models by all metrics: means with intervals, and a test a pair of models."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

from pipeline.comparison.estimates import (
    NOTHING,
    Estimate,
    block_length,
    effect_size,
    estimate_by_blocks,
    estimate_by_flips,
    estimate_by_folds,
    estimate_by_units,
)
from pipeline.comparison.pairing import Floats, Paired, mean_by, pair_scores
from pipeline.comparison.selection import Corrected, correct_winner
from pipeline.metrics import METRICS
from pipeline.params import CompareParams, EvaluateParams, SplitParams

FEWEST_UNITS = 5
"""With fewer independent units nothing is claimed beyond them."""

SUMMARY_COLUMNS = ["model", "metric", "mean", "low", "high", "samples", "units", "interval", "left_out"]
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


@dataclass(frozen=True)
class Comparison:
    """All that the scores say about the models."""

    summary: pd.DataFrame
    """A row a model and metric, columns SUMMARY_COLUMNS; `interval` is its method."""
    tests: pd.DataFrame
    """A row a pair of models and metric, columns TEST_COLUMNS; `difference` is a minus b."""
    metric: str
    """The metric that decides."""
    paired: Paired
    """Its scores."""
    winner: str
    """The model with its best mean."""
    corrected: Corrected
    """The winner's mean without the luck of being chosen."""

    @property
    def is_within(self) -> bool:
        """Whether the units are too few to claim anything beyond them."""
        return is_within(self.paired)


def compare_models(
    scores: pd.DataFrame, evaluate: EvaluateParams, compare: CompareParams, split: SplitParams, seed: int
) -> Comparison:
    """Compare the models of a score table (model, fold, sample_id, sequence, group, time, metrics) on the samples they share.

    Means are over independent units, a unit's samples averaged first; where parts are shared, a unit is a fold. The test fits the split scheme: sign flips over units for
    one pass, the corrected t test for repeats, a block bootstrap for under five units. Holm's correction is over the pairs of
    models, for each metric by itself. The winner has the highest mean, or the lowest of an error. A model without any score in a
    metric has empty cells in its summary and no test. Raises ValueError where no sample has a score of the deciding metric
    from every model that has any.
    """
    if split.kind == "parts_k_fold":  # samples of one fold share parts, samples of two folds share none
        scores = scores.assign(group=scores["fold"])
    pairs = pair_scores(scores, evaluate.metrics, by_sequence=split.kind in ("time_series", "blocked"))
    decisive = pairs[compare.metric]
    if not len(decisive.scores):
        raise ValueError(f"no sample has a {compare.metric} from every model: score the same folds of all models")
    summary = [row for metric, paired in pairs.items() for row in _summarise(metric, paired, compare.confidence)]
    tests = [row for metric, paired in pairs.items() for row in _test(metric, paired, compare.confidence, split, seed)]
    winner = int((METRICS[compare.metric].sign * decisive.unit_scores.mean(axis=0)).argmax())
    return Comparison(
        summary=pd.DataFrame(summary, columns=SUMMARY_COLUMNS),
        tests=pd.DataFrame(tests, columns=TEST_COLUMNS),
        metric=compare.metric,
        paired=decisive,
        winner=decisive.models[winner],
        corrected=_correct(compare.metric, _exchangeable(decisive, winner), compare.confidence, seed),
    )


def is_within(paired: Paired) -> bool:
    """Whether there are so few units that only the samples inside them can be resampled."""
    return len(paired.unit_scores) < FEWEST_UNITS


def _summarise(metric: str, paired: Paired, confidence: float) -> list[list[object]]:
    samples, units = len(paired.sample_scores), len(paired.unit_scores)
    rows: list[list[object]] = []
    for place, model in enumerate(paired.models):
        mean = _estimate_mean(paired, place, confidence)
        low, high = np.clip([mean.low, mean.high], METRICS[metric].low, METRICS[metric].high)
        rows.append([model, metric, mean.mean, low, high, samples, units, mean.method, paired.left_out])
    nothing = [NOTHING.mean, NOTHING.low, NOTHING.high, 0, 0, NOTHING.method, paired.left_out]
    return rows + [[model, metric, *nothing] for model in paired.without]


def _estimate_mean(paired: Paired, place: int, confidence: float) -> Estimate:
    if not len(paired.scores):
        return NOTHING
    if is_within(paired):
        return estimate_by_blocks(paired.sample_scores[:, place], paired.sample_unit, paired.sample_stretch, confidence)
    return estimate_by_units(paired.unit_scores[:, place], confidence)


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


def _correct(metric: str, units: Floats, confidence: float, seed: int) -> Corrected:
    corrected = correct_winner(METRICS[metric].sign * units, confidence, seed)
    return corrected if METRICS[metric].higher_is_better else corrected.flip()


def _adjust(p: list[float]) -> Floats:
    """Holm's correction; where no test was possible the p-value stays NaN."""
    adjusted = np.array(p)
    is_known = ~np.isnan(adjusted)
    if is_known.any():
        adjusted[is_known] = multipletests(adjusted[is_known], method="holm")[1]
    return adjusted


def _exchangeable(paired: Paired, winner: int) -> Floats:
    """Scores (units, models) that may be resampled: of units, or where they are few, of equal blocks inside them."""
    if not is_within(paired):
        return paired.unit_scores
    length = block_length(paired.sample_scores[:, winner], paired.sample_stretch)
    size = np.bincount(paired.sample_stretch)[paired.sample_stretch]
    place = np.arange(len(size)) - np.searchsorted(paired.sample_stretch, paired.sample_stretch)
    blocks = np.stack([paired.sample_stretch, place * np.maximum(1, size // length) // size])
    _, block = np.unique(blocks, axis=1, return_inverse=True)
    return mean_by(paired.sample_scores, block.astype(np.int64))
