"""Where the variance of the scores comes from: seeds, folds, models."""

import logging
from pathlib import Path

from pipeline.datasets.scores import read_scores, write_scores
from pipeline.params import CompareParams, EvaluateParams, SplitParams
from pipeline.variance import summarise_seeds

logger = logging.getLogger(__name__)


def vary(
    scores: list[Path], variance: Path, *, evaluate: EvaluateParams, compare: CompareParams, split: SplitParams
) -> None:
    """Decompose the variance of the folds' mean scores; `scores` are the files MODEL/FOLD.csv of all seeds of all folds."""
    table = read_scores(scores, (compare.metric,))
    write_scores(variance, summarise_seeds(table, evaluate, compare, split))
    logger.info("%s: %d files of scores", variance, len(scores))
