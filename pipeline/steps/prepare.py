"""Step `prepare`: raw files and manifest to arrays."""

import logging
from pathlib import Path

from pipeline.datasets.arrays import write_arrays
from pipeline.datasets.manifest import read_dataset, read_manifest
from pipeline.datasets.preparing import build_index, prepare_samples
from pipeline.params import DataParams

logger = logging.getLogger(__name__)


def prepare(raw: Path, manifest: Path, dataset: Path, prepared: Path, *, data: DataParams) -> None:
    """Write images.npy, masks.npy and index.csv into the folder `prepared`, one sample in memory at a time."""
    table = read_manifest(manifest)
    write_arrays(prepared, build_index(table, data), prepare_samples(raw, table, read_dataset(dataset), data))
    logger.info("prepared %d samples in %s", len(table), prepared)
