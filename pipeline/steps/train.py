"""Fit one model in one fold: training and validation subsets in, a fitted model out."""

import logging
import time
from pathlib import Path

import pandas as pd

from pipeline.backend import open_backend
from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.manifest import read_dataset
from pipeline.datasets.splits import hash_splits, read_splits, subset_ids
from pipeline.fitting.control import HISTORY_COLUMNS, FitControl
from pipeline.models import build_model, is_network, save_model
from pipeline.params import AugmentParams, ModelParams, TrackingParams, TrainParams, apply_best
from pipeline.provenance import complete_fit, describe_fit, read_record, write_record
from pipeline.tasks import TaskKind
from pipeline.tracking import track_fit

logger = logging.getLogger(__name__)


def train(
    index: Path,
    dataset: Path,
    splits: Path,
    fitted: Path,
    history: Path,
    record: Path,
    checkpoint: Path,
    best: list[Path] = [],  # noqa: B006  # never changed
    *,
    task: TaskKind,
    model: ModelParams,
    train: TrainParams,
    augment: AugmentParams,
    seed: int,
    experiment: str,
    tracking: TrackingParams,
) -> None:
    """Fit a model on the training subset of the fold that `fitted` is named by; a killed fit goes on from `checkpoint`,
    which stays until the whole run is done.

    `best` is the outcome of the fold's search, where there was one.
    """
    found = [read_record(path) for path in best]
    searched = found[0]["best"] if found else {}
    model, train, augment = apply_best(model, train, augment, searched)
    facts, table, arrays = (read_dataset(dataset), read_splits(splits), open_arrays(index.parent))
    positions = [arrays.positions(subset_ids(table, fitted.stem, subset)) for subset in ("train", "validation")]
    with open_backend(is_network(model), train.threads, train.precision, seed) as (backend, device):
        about = describe_fit(
            experiment=experiment, model=model, train=train, augment=augment, seed=seed, fold=fitted.stem,
            data_hash=facts.data_hash, split_hash=hash_splits(splits), backend=backend, device=device, searched=searched,
        )  # fmt: skip
        logger.info("%s fold %s: %d training, %d validation samples", model.name, fitted.stem, *map(len, positions))
        with track_fit(tracking, about) as run:
            start = time.perf_counter()
            network = build_model(model, facts, task, seed)
            events = checkpoint.with_suffix(".tensorboard") if train.tensorboard else None
            control = FitControl(
                checkpoint,
                about["key"],
                run.log_epoch,
                tensorboard=events,
                data_hash=facts.data_hash,
                fold=fitted.stem,
                is_diagnosed=True,
            )
            result = network.fit(arrays, positions[0], positions[1], train, augment, control)
            about = complete_fit(
                about, seconds=time.perf_counter() - start,
                trained_seconds=sum(row["seconds"] for row in result.history[-1:]),
                stopped=result.stopped, best_epoch=result.best_epoch,
                samples_seen=result.samples_seen, batch_size=result.batch_size, notes=result.notes,
                search_was_cut=any(search["was_cut"] for search in found),
            )  # fmt: skip
            run.finish(about)
    save_model(fitted, network, facts, task)
    pd.DataFrame(result.history, columns=HISTORY_COLUMNS).to_csv(history, index=False, lineterminator="\n")
    write_record(record, about)
    logger.info(
        "%s fold %s: done after %.0f s, stopped by %s", model.name, fitted.stem, about["seconds"], about["stopped"]
    )
