"""What the data look like: counts, sizes, classes and intensities."""

import logging
from pathlib import Path

from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.manifest import read_dataset, read_manifest
from pipeline.datasets.overview import summarise_data
from pipeline.provenance import write_record

logger = logging.getLogger(__name__)


def explore(manifest: Path, dataset: Path, index: Path, explored: Path) -> None:
    """Summarise the manifest and the prepared arrays, which lie beside their index, in one pass."""
    arrays = open_arrays(index.parent)
    write_record(explored, summarise_data(read_manifest(manifest), read_dataset(dataset), arrays))
    logger.info("%s: %d samples", explored, len(arrays))
