"""One row of scores a sample."""

import logging
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.clips import clip_positions
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
    scoring: EvaluateParams,
    predict: PredictParams,
) -> None:
    """Score every predicted sample against its target, and its set of classes where there is one.

    `index` lies beside the prepared arrays; `scores` has one file for each of `predictions`, named by the fold. Empty masks score as
    the metrics have it; evaluate.empty_masks judges them where models are compared, by the column `empty`.
    """
    kind, arrays = build_task(task, read_dataset(dataset)), open_arrays(index.parent)
    names = [head.name for head in kind.heads]
    for source, result in zip(predictions, scores, strict=True):
        predicted = read_predictions(source)
        positions = arrays.positions(predicted.sample_ids)
        before = clip_positions(arrays.index, positions, 2)[:, 0] if "flicker" in scoring.metrics else positions
        rows = []
        for at, last, (_, prediction) in zip(
            positions,
            before,
            tqdm(predicted.items(), desc=str(result), total=len(predicted), disable=None),
            strict=True,
        ):
            targets, previous = arrays.targets(names, at), None
            if last != at:
                previous = (arrays.targets(names, last), predicted[arrays.index["sample_id"].iloc[last]])
            row: dict[str, float | str] = {
                **kind.score(targets, prediction, predicted.threshold, scoring, previous),
                **kind.score_set(targets, prediction, predicted.quantile, predict.sets),
                **kind.note(targets, prediction, predicted.threshold, scoring),
            }
            rows.append(row)
        table = arrays.index.iloc[positions][SAMPLE_COLUMNS].reset_index(drop=True).assign(fold=result.stem)
        write_scores(result, table.join(pd.DataFrame(rows, columns=list(rows[0] if rows else scoring.sample_metrics))))
        logger.info("%d samples scored in %s", len(rows), result)
