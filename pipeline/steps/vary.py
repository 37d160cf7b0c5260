"""Where the variance of the scores comes from: seeds, folds, models."""

import logging
from pathlib import Path

from pipeline.datasets.scores import read_scores, write_scores
from pipeline.params import CompareParams, parse_fold
from pipeline.variance import summarise_variance

logger = logging.getLogger(__name__)


def vary(scores: list[Path], variance: Path, *, compare: CompareParams) -> None:
    """Decompose the variance of the folds' mean scores; `scores` are the files MODEL/FOLD.csv of all seeds of all folds."""
    table = read_scores(scores, (compare.metric,))
    folds = {name: parse_fold(name) for name in table["fold"].unique()}
    # a group's samples are averaged first, as in the comparison
    means = table.groupby(["model", "fold", "group"], sort=False)[compare.metric].mean()
    rows = means.groupby(["model", "fold"], sort=False).mean().reset_index()
    rows["repeat"] = rows["fold"].map({name: fold.repeat for name, fold in folds.items()})
    rows["fold"] = rows["fold"].map({name: fold.base for name, fold in folds.items()})
    write_scores(variance, summarise_variance(rows, compare.metric, compare.confidence))
    logger.info("%s: %d fits of %d models", variance, len(rows), rows["model"].nunique())
