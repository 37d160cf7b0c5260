"""One row of scores a sample."""

import logging
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.manifest import read_dataset
from pipeline.datasets.predictions import read_predictions
from pipeline.datasets.scores import SAMPLE_COLUMNS, write_scores
from pipeline.params import EvaluateParams
from pipeline.tasks import build_task

logger = logging.getLogger(__name__)


def evaluate(
    dataset: Path, index: Path, predictions: list[Path], scores: list[Path], *, task: str, evaluate: EvaluateParams
) -> None:
    """Score every predicted sample against its target.

    `index` lies beside the prepared arrays; `scores` has one file for each of `predictions`, named by the fold.
    """
    kind, arrays = build_task(task, read_dataset(dataset)), open_arrays(index.parent)
    for source, result in zip(predictions, scores, strict=True):
        predicted = read_predictions(source)
        positions = arrays.positions(predicted.sample_ids)
        maps = tqdm(predicted.items(), desc=str(result), total=len(predicted), disable=None)
        rows = [
            kind.score(arrays.mask(position), kind.to_mask(probabilities, predicted.threshold), evaluate)
            for position, (_, probabilities) in zip(positions, maps, strict=True)
        ]
        table = arrays.index.iloc[positions][SAMPLE_COLUMNS].reset_index(drop=True).assign(fold=result.stem)
        write_scores(result, table.join(pd.DataFrame(rows, columns=list(evaluate.metrics))))
        logger.info("%d samples scored in %s", len(rows), result)
