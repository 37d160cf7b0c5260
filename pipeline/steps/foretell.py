"""Foretell what a run will cost before it starts: fits, minutes, disk."""

import logging
import time
from pathlib import Path

import numpy as np

from pipeline.backend import open_backend
from pipeline.datasets.arrays import Arrays, open_arrays
from pipeline.datasets.manifest import read_dataset
from pipeline.datasets.splits import read_splits, subset_ids
from pipeline.fitting.control import FitControl
from pipeline.models import Model, build_model
from pipeline.params import AugmentParams, ModelParams, NetworkParams, SearchParams, SplitParams, TrainParams
from pipeline.params.search import dimensions_of
from pipeline.provenance import write_record
from pipeline.tasks import TaskKind, build_task

logger = logging.getLogger(__name__)
PROBE_STEPS = 3
MB = 1e6


def foretell(
    index: Path,
    dataset: Path,
    splits: Path,
    cost: Path,
    *,
    task: TaskKind,
    models: tuple[ModelParams, ...],
    train: TrainParams,
    augment: AugmentParams,
    search: SearchParams,
    split: SplitParams,
    seed: int,
    extra_fits: tuple[tuple[str, str], ...],
) -> None:
    """Fit each network for a few steps, and multiply: a fit may stop early, so the minutes are an upper bound for one job at a time."""
    facts, table, arrays = (read_dataset(dataset), read_splits(splits), open_arrays(index.parent))
    positions = arrays.positions(subset_ids(table, "0", "train"))
    networks = [entry for entry in models if isinstance(entry, NetworkParams)]
    counts = {entry.name: split.fold_count + sum(name == entry.name for name, _ in extra_fits) for entry in models}
    minutes, disk = 0.0, 0.0
    with open_backend(bool(networks), train.threads, train.precision, seed):
        for entry in networks:
            model = build_model(entry, facts, task, seed)
            seconds = _seconds_a_sample(model, arrays, positions, train, entry.augment_of(augment), facts.data_hash)
            searched = split.fold_count * search.trials * (search.samples or train.budget)
            minutes += (counts[entry.name] * train.budget + searched) * seconds / 60
            disk += counts[entry.name] * sum(array.nbytes for array in model.state().values()) / MB
    area = float((arrays.index["height"] * arrays.index["width"]).mean())
    values = sum(head.channels * (1 if head.is_pooled else area) for head in build_task(task, facts).heads)
    disk += len(models) * len(arrays) * values * np.dtype("float16").itemsize / MB
    trials = search.trials * sum(bool(dimensions_of(search, entry)) for entry in models) * split.fold_count
    fits = sum(counts.values())
    write_record(cost, {"fits": fits, "trials": trials, "minutes": round(minutes, 1), "disk_mb": round(disk)})
    told = "%d fits and %d trials: those of networks take at most %.1f min one after another, start of each job apart; %.0f MB"
    logger.info(told, fits, trials, minutes, disk)


def _seconds_a_sample(
    model: Model, arrays: Arrays, positions: np.ndarray, train: TrainParams, augment: AugmentParams, data_hash: str
) -> float:
    """Seconds of a training sample after compiling, validation of a sample included."""
    probe = train.model_copy(
        update={
            "samples": 2 * PROBE_STEPS * train.batch_size,
            "epoch_samples": PROBE_STEPS * train.batch_size,
            "minutes": None,
            "stages": (),
        }
    )
    times: list[float] = []
    control = FitControl(on_epoch=lambda _: times.append(time.perf_counter()), data_hash=data_hash)
    model.fit(arrays, positions, positions[:1], probe, augment, control)
    return (times[-1] - times[-2]) / probe.epoch_samples
