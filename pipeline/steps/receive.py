"""Check the predictions of another tool before anything is fitted: which are there, for which samples, and what they hold."""

import logging
from pathlib import Path

from tqdm import tqdm

from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.faults import DataError
from pipeline.datasets.manifest import read_dataset
from pipeline.datasets.splits import read_splits, subset_ids
from pipeline.imported import Expected, ImportFault, list_files, read_prediction
from pipeline.models.predictions import sizes_of
from pipeline.params import PredictionsParams, SplitParams
from pipeline.provenance import hash_of_files, write_record

logger = logging.getLogger(__name__)


def receive(
    index: Path, dataset: Path, splits: Path, received: Path, *, model: PredictionsParams, split: SplitParams
) -> None:
    """Read every prediction of the samples that a fold tests; raises ImportFault with all that is wrong.

    `received` tells how many there are, their SHA-256, what lies there beside them, and how many validation samples have one.
    """
    arrays, facts, table = open_arrays(index.parent), read_dataset(dataset), read_splits(splits)
    sample_ids = list(arrays.index["sample_id"])
    rows = arrays.index.set_index("sample_id", drop=False).to_dict("index")
    faults, used, strangers, validated = list[str](), dict[Path, str](), dict[str, None](), 0
    for folder in model.folders(split.fold_names):
        folds = [fold for fold in split.fold_names if model.folder_of(fold) == folder]
        listing = list_files(model, folds[0], sample_ids)
        tested, validation = (
            list(dict.fromkeys(one for fold in folds for one in subset_ids(table, fold, subset)))
            for subset in ("test", "validation")
        )
        faults += listing.find_faults(tested)
        validated += sum(map(listing.holds, validation))
        used |= {listing.path(one): one for one in [*tested, *validation] if listing.holds(one)}
        strangers |= dict.fromkeys(listing.strangers)
    for path, sample_id in tqdm(used.items(), desc=f"read {model.name}", unit="file", disable=None):
        try:
            read_prediction(path, model, Expected(facts.classes, sizes_of(rows[sample_id])))
        except DataError as fault:
            faults += [f"{model.name}: {one}" for one in fault.faults]
    if faults:
        raise ImportFault("\n".join(dict.fromkeys(faults)))
    for name in strangers:
        logger.warning("%s belongs to no sample, and is not read", name)
    about = {"model": model.name, "folder": model.folder, "by_fold": model.is_by_fold, "files": len(used)}
    found = {"sha256": hash_of_files(list(used)), "strangers": sorted(strangers), "validated": validated}
    write_record(received, about | found)
    logger.info("%s: %d files of %s are as they should be", received, len(used), model.name)
