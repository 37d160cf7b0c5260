"""One more fold out of the split's, for a learning curve or another seed."""

import logging
from pathlib import Path

from pipeline.datasets.manifest import read_manifest
from pipeline.datasets.splits import read_splits, subset_ids, write_splits
from pipeline.params import SplitParams, parse_fold
from pipeline.splitting import derive_fold

logger = logging.getLogger(__name__)


def refold(manifest: Path, splits: Path, folds: Path, *, split: SplitParams, seed: int) -> None:
    """Write the splits table of the extra fold that `folds` is named by: the split's own validation and test, and less to train on, or as much."""
    table = derive_fold(read_manifest(manifest), read_splits(splits), parse_fold(folds.stem), split, seed)
    write_splits(folds, table)
    logger.info("%s: %d training samples", folds, len(subset_ids(table, folds.stem, "train")))
