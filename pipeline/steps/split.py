"""From the manifest to the splits table: which samples train, validate and test in each fold."""

import logging
from pathlib import Path

from pipeline.datasets.manifest import read_manifest
from pipeline.datasets.splits import hash_splits, write_splits, write_summary
from pipeline.params import SplitParams, write_section
from pipeline.splitting import coverage, split_samples

logger = logging.getLogger(__name__)


def split(manifest: Path, splits: Path, summary: Path, *, split: SplitParams, seed: int) -> None:
    """Assign every labelled sample to one subset in every fold, whole groups only."""
    samples = read_manifest(manifest)
    table = split_samples(samples, split, seed)
    share = coverage(table)

    write_splits(splits, table)
    facts = {"hash": hash_splits(splits), "kind": split.kind, "coverage": share, "folds": split.fold_count}
    write_summary(summary, facts | {"settings": {"split": write_section(split), "seed": seed}})

    logger.info("%s: %d folds of %d samples", splits, split.fold_count, table["sample_id"].nunique())
    given = sorted(set(samples["subset"]) & {"train", "validation", "test"})
    if len(given) > 1 and split.kind != "predefined":
        logger.warning(
            "the subsets given with the data (%s) are not used: split.kind predefined takes them", ", ".join(given)
        )
    if share < 1:
        logger.warning("the folds test %.1f %% of the samples outside the final test", 100 * share)
