"""How far probabilities can be believed, and how uncertain each test sample is."""

import logging
from pathlib import Path

from tqdm import tqdm

from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.manifest import read_dataset
from pipeline.datasets.predictions import read_by_model
from pipeline.datasets.scores import write_scores
from pipeline.gauging import gauge_models
from pipeline.params import CompareParams, SplitParams
from pipeline.tasks import TaskKind, build_task
from pipeline.uncertainty import TELL

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
    models = tqdm(read_by_model(predictions), desc="gauge", unit="model", disable=None)
    found = gauge_models(models, open_arrays(index.parent), heads, split, compare.confidence, seed)
    for path, table in zip((calibration, reliability, uncertainty), found, strict=True):
        write_scores(path, table)
    logger.info("%d models gauged in %s", len({path.parent for path in predictions}), calibration)
