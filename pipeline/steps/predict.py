"""Predict the test samples of every fold of one model; temperature, threshold and sets come from each fold's validation subset."""

import logging
from pathlib import Path

from tqdm import tqdm

from pipeline.backend import open_backend
from pipeline.calibration import calibrate
from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.predictions import write_predictions
from pipeline.datasets.splits import read_splits, subset_ids
from pipeline.models import is_network, load_model
from pipeline.params import ModelParams, PredictParams, TrainParams
from pipeline.predicting import Pairs, choose, find_known, predict_samples
from pipeline.tasks import build_task

logger = logging.getLogger(__name__)


def predict(
    index: Path,
    splits: Path,
    fitted: list[Path],
    predictions: list[Path],
    *,
    model: ModelParams,
    predict: PredictParams,
    train: TrainParams,
    seed: int,
) -> None:
    """Write what each head gives for each fold's test samples; `fitted` and `predictions` are in the same order of folds."""
    table, arrays = read_splits(splits), open_arrays(index.parent)
    with open_backend(is_network(model), train.threads, "float32", seed):
        for source, result in zip(fitted, predictions, strict=True):
            fold_model, dataset, task = load_model(source, predict)
            validation = arrays.positions(subset_ids(table, source.stem, "validation"))
            validation = find_known(fold_model, arrays, validation)
            kind = build_task(task, dataset)
            chosen = choose(Pairs(fold_model, arrays, validation, kind), kind, predict, seed)
            logger.info(
                "fold %s: temperature %s, threshold %.2f, quantile of sets %s",
                source.stem, dict(chosen.temperatures), chosen.threshold, chosen.quantile,
            )  # fmt: skip
            sample_ids = subset_ids(table, source.stem, "test")
            found = predict_samples(fold_model, arrays, arrays.positions(sample_ids))
            samples = (calibrate(prediction, chosen.temperatures) for prediction in found)
            bar = tqdm(
                samples, desc=f"{model.name} fold {source.stem}", total=len(sample_ids), unit="sample", disable=None
            )
            write_predictions(
                result, chosen.threshold, zip(sample_ids, bar, strict=True), chosen.quantile, chosen.temperatures
            )
