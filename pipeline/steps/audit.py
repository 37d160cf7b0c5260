"""From manifest, arrays and splits to the leaks between the subsets."""

import logging
from pathlib import Path

from pipeline.auditing import Planes, audit_samples, count_in_words, gather_samples
from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.manifest import read_manifest
from pipeline.datasets.splits import read_splits
from pipeline.params import LeakSearchParams, SplitParams
from pipeline.provenance import write_record

logger = logging.getLogger(__name__)


def audit(
    manifest: Path,
    index: Path,
    splits: Path,
    audited: Path,
    *,
    leak_search: LeakSearchParams,
    split: SplitParams,
    seed: int,
) -> None:
    """Look for what several subsets of one fold have in common; `index` lies beside the prepared arrays."""
    arrays, samples = open_arrays(index.parent), gather_samples(read_manifest(manifest), read_splits(splits))
    planes = Planes(arrays, arrays.positions(samples.table["sample_id"]))
    found = audit_samples(samples, planes, leak_search, split, seed)
    write_record(audited, found)
    logger.info("%s: %d leaks, %d warnings among %d samples", audited, found["leaks"], found["warnings"], len(samples))
    if found["counts"]:
        logger.warning("found: %s", count_in_words(found["counts"]))
