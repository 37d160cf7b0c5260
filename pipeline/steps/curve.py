"""The learning curve of every model that was fitted on parts of its training subsets, and what more samples would give."""

import logging
from pathlib import Path

import pandas as pd

from pipeline.datasets.scores import read_scores, write_scores
from pipeline.datasets.splits import read_splits, subset_ids
from pipeline.learning_curve import describe_gain, summarise_curve
from pipeline.params import CompareParams, CurveParams, SplitParams, parse_fold

logger = logging.getLogger(__name__)


def curve(
    folds: list[Path],
    splits: Path,
    scores: list[Path],
    learning_curve: Path,
    *,
    curve: CurveParams,
    compare: CompareParams,
    split: SplitParams,
    seed: int,
) -> None:
    """Fit a power law to each model's scores by the number of its training samples.

    `folds` are the splits tables of the parts, `scores` the files MODEL/FOLD.csv of the fits on them and on whole training subsets.
    """
    table = read_scores(scores, (compare.metric,))
    parsed = {name: parse_fold(name) for name in table["fold"].unique()}
    table["share"] = table["fold"].map({name: fold.share for name, fold in parsed.items()})
    tables = {path.stem: path for path in folds}
    counts = {name: len(subset_ids(read_splits(tables.get(name, splits)), name, "train")) for name in parsed}
    sizes = pd.Series(counts, dtype=float).groupby(lambda name: parsed[name].share).mean()
    table["fold"] = table["fold"].map({name: fold.base for name, fold in parsed.items()})
    found = {
        str(model): summarise_curve(
            rows, sizes, compare.metric, curve.more, compare.confidence, split.divides_sequences, seed
        )
        for model, rows in table.groupby("model", sort=False)
    }
    write_scores(learning_curve, pd.concat([rows.assign(model=model) for model, rows in found.items()]))
    for model, rows in found.items():
        for _, row in rows[rows["kind"] == "predicted"].iterrows():
            logger.info("%s: %s", model, describe_gain(rows, row, compare.confidence))
