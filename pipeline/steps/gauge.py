"""How far probabilities can be believed, and how uncertain each test sample is."""

import logging
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.manifest import read_dataset
from pipeline.datasets.predictions import read_predictions
from pipeline.datasets.scores import write_scores
from pipeline.gauging import CALIBRATION_COLUMNS, RELIABILITY_COLUMNS, Row, collect
from pipeline.gauging import gauge as gauge_head
from pipeline.params import CompareParams, SplitParams
from pipeline.tasks import TaskKind, build_task
from pipeline.uncertainty import TELL, UNCERTAINTY_COLUMNS

logger = logging.getLogger(__name__)


def gauge(
    dataset: Path,
    index: Path,
    predictions: list[Path],
    calibration: Path,
    reliability: Path,
    uncertainty: Path,
    *,
    task: TaskKind,
    split: SplitParams,
    compare: CompareParams,
    seed: int,
) -> None:
    """Write the calibration error of every model that gives probabilities, the bins behind it, and how uncertain each test sample is.

    `index` lies beside the prepared arrays; `predictions` are the files MODEL/FOLD.npz of all tested folds.
    """
    heads = [head.name for head in build_task(task, read_dataset(dataset)).heads if head.name in TELL]
    arrays, models = open_arrays(index.parent), dict.fromkeys(path.parent.name for path in predictions)
    errors: list[Row] = []
    bins: list[Row] = []
    tables = [pd.DataFrame(columns=["model", "sample_id", "fold", *UNCERTAINTY_COLUMNS])]
    for model in tqdm(models, desc="gauge", unit="model", disable=None):
        folds = {path.stem: read_predictions(path) for path in predictions if path.parent.name == model}
        said, table = collect(folds, arrays, heads, split, seed)
        tables.append(table.assign(model=model))
        for head, part in said.items():
            found = gauge_head(part, compare.confidence)
            for kept, rows in zip((errors, bins), found, strict=True):
                kept += [{"model": model, "head": head, **row} for row in rows]
    write_scores(calibration, pd.DataFrame(errors, columns=CALIBRATION_COLUMNS))
    write_scores(reliability, pd.DataFrame(bins, columns=RELIABILITY_COLUMNS))
    write_scores(uncertainty, pd.concat([table for table in tables if len(table)] or tables))
    logger.info("%d models gauged in %s", len(models), calibration)
