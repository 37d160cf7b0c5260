"""Check the predictions of another tool before anything is fitted: which are there, for which samples, and what they hold."""

import logging
from pathlib import Path

from tqdm import tqdm

from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.faults import DataError
from pipeline.datasets.manifest import read_dataset
from pipeline.datasets.splits import read_splits, subset_ids
from pipeline.imported import Found, ImportFault, open_predictions
from pipeline.params import PredictionsParams, SplitParams
from pipeline.params.tasks import TASKS, TaskKind
from pipeline.provenance import hash_of_files, write_record
from pipeline.tasks import build_task

logger = logging.getLogger(__name__)


def receive(
    index: Path,
    dataset: Path,
    splits: Path,
    received: Path,
    *,
    task: TaskKind,
    model: PredictionsParams,
    split: SplitParams,
) -> None:
    """Read every prediction of the samples that a fold tests; raises ImportFault with all that is wrong.

    `received` tells how many there are, their SHA-256, what lies there beside them, and how many validation samples have one.
    """
    arrays, facts, table = open_arrays(index.parent), read_dataset(dataset), read_splits(splits)
    (name,) = model.heads_of(TASKS[task].heads)
    (channels,) = (head.channels for head in build_task(task, facts).heads if head.name == name)
    faults, used, strangers, validated = list[str](), list[tuple[Found, str]](), dict[str, None](), 0
    paths = dict[Path, None]()
    for folder in model.folders(split.fold_names):
        folds = [fold for fold in split.fold_names if model.folder_of(fold) == folder]
        found = open_predictions(model, name, channels, folds[0], arrays)
        listing = found.listing
        tested, validation = (
            list(dict.fromkeys(one for fold in folds for one in subset_ids(table, fold, subset)))
            for subset in ("test", "validation")
        )
        faults += listing.find_faults(tested)
        validated += sum(map(listing.holds, validation))
        read = [one for one in dict.fromkeys([*tested, *validation]) if listing.holds(one)]
        used += [(found, one) for one in read]
        paths |= dict.fromkeys(listing.paths_of(read))
        strangers |= dict.fromkeys(listing.strangers)
    for found, sample_id in tqdm(used, desc=f"read {model.name}", unit="file", disable=None):
        try:
            found.read(sample_id)
        except DataError as fault:
            faults += [f"{model.name}: {one}" for one in fault.faults]
    if faults:
        raise ImportFault("\n".join(dict.fromkeys(faults)))
    for stranger in strangers:
        logger.warning("%s belongs to no sample, and is not read", stranger)
    about = {"model": model.name, "folder": model.folder, "by_fold": model.is_by_fold, "files": len(paths)}
    told = {"sha256": hash_of_files(list(paths)), "strangers": sorted(strangers), "validated": validated}
    write_record(received, about | told)
    logger.info("%s: %d samples of %s are as they should be", received, len(used), model.name)
