"""The chosen model, in the MLflow registry."""

import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm import tqdm

from pipeline.backend import open_backend
from pipeline.comparison import summarise_models
from pipeline.datasets.arrays import Arrays, open_arrays
from pipeline.datasets.predictions import read_predictions
from pipeline.datasets.scores import SAMPLE_COLUMNS, write_scores
from pipeline.datasets.splits import read_splits, subset_ids
from pipeline.ensemble import Ensemble, Polled
from pipeline.metrics import METRICS
from pipeline.packing import choose_files, has_network, load_models
from pipeline.params import (
    CompareParams,
    DataParams,
    EvaluateParams,
    PredictParams,
    RegistryParams,
    SplitParams,
    TrackingParams,
    TrainParams,
)
from pipeline.predicting import Choices, Pairs, choose, predict_samples
from pipeline.provenance import Record, read_record, write_record
from pipeline.tasks import TaskKind, build_task
from pipeline.tracking.registry import log_final_test, register_models

logger = logging.getLogger(__name__)


def register(
    index: Path,
    splits: Path,
    metrics: Path,
    models: list[Path],
    predictions: list[Path],
    registered: Path,
    uncertainty: Path,
    *,
    experiment: str,
    task: TaskKind,
    seed: int,
    data: DataParams,
    split: SplitParams,
    train: TrainParams,
    predict: PredictParams,
    evaluate: EvaluateParams,
    compare: CompareParams,
    registry: RegistryParams,
    tracking: TrackingParams,
) -> None:
    """Put the winner's fold ensemble, or its refit, into the registry, and score it once on the final test samples.

    `models` are the files MODEL/FOLD.npz of all models that were fitted here, `predictions` those of the same names that tell what each
    fold's validation subset decided; `uncertainty` is a table of how uncertain the final test samples are.
    """
    compared = read_record(metrics)
    winner = registry.model or _choose_own(compared, {path.parent.name for path in models})
    passed_over = compared["winner"] if compared["winner"] != winner and not registry.model else None
    if passed_over:
        logger.warning(
            "%s is another tool's, and cannot be registered: %s, the best that was fitted here, is", passed_over, winner
        )
    chosen = choose_files(models, winner, registry.use)
    arrays, table = open_arrays(index.parent), read_splits(splits)
    with open_backend(has_network(chosen), train.threads, "float32", seed):
        ensemble = load_models(chosen, 0.5, predict, data.as_files)
        if registry.use == "ensemble":
            decided = [_read_choices(path) for path in choose_files(predictions, winner, "ensemble")]
        else:
            validation = arrays.positions(subset_ids(table, "refit", "validation"))
            kind = build_task(task, ensemble.dataset)
            decided = [choose(Pairs(ensemble, arrays, validation, kind), kind, predict, seed)]
        ensemble = _decide(ensemble, decided, predict)
        version = register_models(chosen, ensemble, predict, registry.name or experiment, experiment, tracking)
        final_test = arrays.positions(table.loc[table["subset"] == "final_test", "sample_id"].unique())
        polled = Polled(ensemble)
        rows = _score(polled, arrays, final_test, task, evaluate)
    samples = arrays.index.iloc[final_test][SAMPLE_COLUMNS]
    write_scores(uncertainty, polled.tabulate(samples))
    summary = _summarise(rows, winner, evaluate, compare, split) if len(rows) else None
    if summary:
        log_final_test(version, summary, experiment, tracking)
    about = {"uri": version.uri, "alias": version.alias, "run_id": version.run_id, "model": winner, "use": registry.use}
    files = [path.as_posix() for path in chosen]
    served = {"threshold": ensemble.threshold, "quantile": ensemble.quantile, "temperatures": ensemble.temperatures}
    decided_on = {"final_test": summary, "passed_over": passed_over}
    write_record(registered, {**about, "files": files, **served, **decided_on})


def _choose_own(compared: Record, own: set[str]) -> str:
    """The best of the models that were fitted here, by the mean of the metric that decides; the winner where it is one of them."""
    if compared["winner"] in own:
        return str(compared["winner"])
    metric = compared["metric"]
    means = {model: cells[metric]["mean"] for model, cells in compared["models"].items() if model in own}
    known = {model: METRICS[metric].sign * mean for model, mean in means.items() if mean is not None}
    return max(known, key=known.__getitem__) if known else min(own)


def _read_choices(path: Path) -> Choices:
    """What was decided about one fold's predictions."""
    found = read_predictions(path)
    return Choices(found.threshold, found.quantile, found.temperatures)


def _decide(ensemble: Ensemble, decided: list[Choices], predict: PredictParams) -> Ensemble:
    """The ensemble, each model at its own temperatures, with threshold, unless that is given, and reach of the sets as means."""
    quantiles = [own.quantile for own in decided if own.quantile is not None]
    threshold = np.mean([own.threshold for own in decided]) if predict.threshold == "validation" else predict.threshold
    return replace(
        ensemble,
        threshold=float(threshold),
        quantile=float(np.mean(quantiles)) if quantiles else None,
        temperatures=tuple(dict(own.temperatures) for own in decided),
    )


def _score(
    polled: Polled, arrays: Arrays, positions: np.ndarray, task: TaskKind, evaluate: EvaluateParams
) -> pd.DataFrame:
    """A row of scores for each sample; no frame is seen but those at `positions`."""
    ensemble = polled.ensemble
    kind = build_task(task, ensemble.dataset)
    names = [head.name for head in kind.heads]
    samples = tqdm(predict_samples(polled, arrays, positions), desc="final test", total=len(positions), disable=None)
    rows: list[dict[str, float | str]] = [
        {
            **kind.score(targets, prediction, ensemble.threshold, evaluate),
            **kind.score_set(targets, prediction, ensemble.quantile, ensemble.sets),
            **kind.note(targets, prediction, ensemble.threshold, evaluate),
        }
        for targets, prediction in zip((arrays.targets(names, at) for at in positions), samples, strict=True)
    ]
    table = arrays.index.iloc[positions][SAMPLE_COLUMNS].reset_index(drop=True)
    return table.join(pd.DataFrame(rows, columns=list(rows[0] if rows else evaluate.sample_metrics)))


def _summarise(
    rows: pd.DataFrame, model: str, evaluate: EvaluateParams, compare: CompareParams, split: SplitParams
) -> dict[str, dict[str, float | None]]:
    """Mean, low and high of each metric, by the rules of the comparison; None where the samples are too few."""
    table = summarise_models(rows.assign(model=model, fold="final_test"), evaluate, compare, split)
    rows_of = table.set_index("metric")[["mean", "low", "high"]].to_dict(orient="index")
    return {
        str(metric): {str(key): float(value) if np.isfinite(value) else None for key, value in row.items()}
        for metric, row in rows_of.items()
    }
