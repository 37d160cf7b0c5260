"""Comparison of all models by all metrics: means with intervals, and a test a pair of models."""

from dataclasses import dataclass

import pandas as pd

from pipeline.comparison.blocks import mean_by_blocks
from pipeline.comparison.differences import compare_pairs
from pipeline.comparison.friedman import Friedman, compare_ranks
from pipeline.comparison.means import summarise_means
from pipeline.comparison.pairing import Paired, is_within, pair_scores
from pipeline.comparison.pooled_rows import mark_rows, pool
from pipeline.comparison.selection import Corrected, correct_winner
from pipeline.comparison.settling import settle_scores
from pipeline.metrics import METRICS
from pipeline.params import CompareParams, EvaluateParams, SplitParams


@dataclass(frozen=True)
class Comparison:
    """All that the scores say about the models."""

    summary: pd.DataFrame
    """A row a model and metric, columns means.SUMMARY_COLUMNS."""
    tests: pd.DataFrame
    """A row a pair of models and metric, columns differences.TEST_COLUMNS."""
    metric: str
    """The metric that decides."""
    pairs: dict[str, Paired]
    """The scores of every metric."""
    winner: str
    """The model with its best mean."""
    corrected: Corrected
    """The winner's mean without the luck of being chosen."""
    friedman: dict[str, Friedman]
    """Friedman's test of every metric that more than two models have."""

    @property
    def paired(self) -> Paired:
        """The scores of the metric that decides."""
        return self.pairs[self.metric]


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
    pairs = pair_models(scores, evaluate, split)
    decisive = pairs[compare.metric]
    if not len(decisive.scores):
        raise ValueError(f"no sample has a {compare.metric} from every model: score the same folds of all models")
    winner = int((METRICS[compare.metric].sign * decisive.unit_scores.mean(axis=0)).argmax())
    friedman = {metric: test for metric, paired in pairs.items() if (test := compare_ranks(metric, paired))}
    return Comparison(
        summary=summarise_means(pairs, compare.confidence),
        tests=compare_pairs(pairs, friedman, compare, split, seed),
        metric=compare.metric,
        pairs=pairs,
        winner=decisive.models[winner],
        corrected=_correct(decisive, winner, compare, seed),
        friedman=friedman,
    )


def summarise_models(
    scores: pd.DataFrame, evaluate: EvaluateParams, compare: CompareParams, split: SplitParams
) -> pd.DataFrame:
    """The means and intervals of `compare_models` alone, columns SUMMARY_COLUMNS; no metric has to decide."""
    return summarise_means(pair_models(scores, evaluate, split), compare.confidence)


def pair_models(scores: pd.DataFrame, evaluate: EvaluateParams, split: SplitParams) -> dict[str, Paired]:
    """Each metric's scores of all models on the same samples, those of empty masks as evaluate.empty_masks wants them."""
    scores = mark_rows(settle_scores(scores, evaluate, split), evaluate.pooled_metrics)
    return pool(scores, pair_scores(scores, evaluate.metrics, by_sequence=split.divides_sequences))


def _correct(decisive: Paired, winner: int, compare: CompareParams, seed: int) -> Corrected:
    metric, weights = METRICS[compare.metric], None
    units = decisive.unit_scores
    if is_within(decisive):
        units, weights = mean_by_blocks(decisive, winner)
    corrected = correct_winner(metric.sign * units, compare.confidence, seed, weights)
    return corrected if metric.higher_is_better else corrected.flip()
