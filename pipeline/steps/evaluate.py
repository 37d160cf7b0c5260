"""One row of scores a sample."""

import logging
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.manifest import read_dataset
from pipeline.datasets.predictions import read_predictions
from pipeline.datasets.scores import SAMPLE_COLUMNS, write_scores
from pipeline.params import EvaluateParams, PredictParams
from pipeline.tasks import TaskKind, build_task

logger = logging.getLogger(__name__)


def evaluate(
    dataset: Path,
    index: Path,
    predictions: list[Path],
    scores: list[Path],
    *,
    task: TaskKind,
    evaluate: EvaluateParams,
    predict: PredictParams,
) -> None:
    """Score every predicted sample against its target, and its set of classes where there is one.

    `index` lies beside the prepared arrays; `scores` has one file for each of `predictions`, named by the fold.
    """
    kind, arrays = build_task(task, read_dataset(dataset)), open_arrays(index.parent)
    names = [head.name for head in kind.heads]
    for source, result in zip(predictions, scores, strict=True):
        predicted = read_predictions(source)
        positions = arrays.positions(predicted.sample_ids)
        samples = tqdm(predicted.items(), desc=str(result), total=len(predicted), disable=None)
        rows = [
            kind.score(targets, prediction, predicted.threshold, evaluate)
            | kind.score_set(targets, prediction, predicted.quantile, predict.sets)
            for targets, (_, prediction) in zip((arrays.targets(names, at) for at in positions), samples, strict=True)
        ]
        table = arrays.index.iloc[positions][SAMPLE_COLUMNS].reset_index(drop=True).assign(fold=result.stem)
        write_scores(result, table.join(pd.DataFrame(rows, columns=list(rows[0] if rows else evaluate.metrics))))
        logger.info("%d samples scored in %s", len(rows), result)
