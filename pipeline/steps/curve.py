"""The learning curve of every model that was fitted on parts of its training subsets, and what more samples would give."""

import logging
from pathlib import Path

from pipeline.datasets.scores import read_scores, write_scores
from pipeline.datasets.splits import count_training
from pipeline.learning_curve import describe_gain, summarise_curves
from pipeline.params import CompareParams, CurveParams, EvaluateParams, SplitParams

logger = logging.getLogger(__name__)


def curve(
    folds: list[Path],
    splits: Path,
    scores: list[Path],
    learning_curve: Path,
    *,
    curve: CurveParams,
    evaluate: EvaluateParams,
    compare: CompareParams,
    split: SplitParams,
    seed: int,
) -> None:
    """Fit a power law to each model's scores by the number of its training samples.

    `folds` are the splits tables of the parts, `scores` the files MODEL/FOLD.csv of the fits on them and on whole training subsets.
    """
    table = read_scores(scores, (compare.metric,))
    counts = count_training(table["fold"].unique(), splits, folds)
    found = summarise_curves(table, counts, curve, evaluate, compare, split, seed)
    write_scores(learning_curve, found)
    for model, rows in found.groupby("model", sort=False):
        for _, row in rows[rows["kind"] == "predicted"].iterrows():
            logger.info("%s: %s", model, describe_gain(rows, row, compare.confidence))
