"""Which model is better, how sure that is, and what each took."""

import logging
from pathlib import Path

from pipeline.comparison import conclude, summarise_policies
from pipeline.datasets.scores import read_scores, sum_seconds, write_scores
from pipeline.datasets.splits import read_summary
from pipeline.params import CompareParams, EvaluateParams, SplitParams
from pipeline.provenance import read_record, write_record

logger = logging.getLogger(__name__)


def compare(
    scores: list[Path],
    summary: Path,
    records: list[Path],
    trials: list[Path],
    comparison: Path,
    tests: Path,
    metrics: Path,
    costs: Path,
    policies: Path,
    *,
    compare: CompareParams,
    evaluate: EvaluateParams,
    split: SplitParams,
    seed: int,
) -> None:
    """Compare all models by all metrics, and by what they took; and tell what other policies for empty masks would make of the scores.

    `scores` are the files MODEL/FOLD.csv of all models and folds, `records` those of their fits, MODEL/FOLD.json, `trials` those of
    their searches, MODEL/FOLD.csv, and `summary` is the splits' summary.
    """
    table = read_scores(scores, evaluate.sample_metrics)
    fits, coverage = [read_record(path) for path in records], float(read_summary(summary)["coverage"])
    found = conclude(
        table, fits, sum_seconds(trials), coverage, compare=compare, evaluate=evaluate, split=split, seed=seed
    )
    write_scores(comparison, found.comparison)
    write_scores(tests, found.tests)
    write_scores(costs, found.costs)
    write_record(metrics, found.metrics)
    write_scores(policies, summarise_policies(table, evaluate, split))
    logger.info("%s", found.metrics["verdict"])
