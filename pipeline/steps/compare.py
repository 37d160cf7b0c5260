"""Which model is better, and how sure that is."""

import logging
from pathlib import Path

from pipeline.comparison import build_verdict, compare_models
from pipeline.datasets.scores import read_scores, write_scores
from pipeline.datasets.splits import read_summary
from pipeline.params import CompareParams, EvaluateParams, SplitParams
from pipeline.provenance import write_record

logger = logging.getLogger(__name__)


def compare(
    scores: list[Path],
    summary: Path,
    comparison: Path,
    tests: Path,
    metrics: Path,
    *,
    compare: CompareParams,
    evaluate: EvaluateParams,
    split: SplitParams,
    seed: int,
) -> None:
    """Compare all models by all metrics.

    `scores` are the files MODEL/FOLD.csv of all models and folds, `summary` is the splits' summary.
    """
    result = compare_models(read_scores(scores, evaluate.metrics), evaluate, compare, split, seed)
    verdict = build_verdict(result, compare, evaluate, float(read_summary(summary)["coverage"]))
    write_scores(comparison, result.summary)
    write_scores(tests, result.tests)
    write_record(metrics, verdict)
    logger.info("%s", verdict["verdict"])
