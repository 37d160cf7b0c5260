"""Step `prepare`: raw files and manifest to arrays."""

import logging
from pathlib import Path

from pipeline.datasets.composing.preparing import prepare_composites
from pipeline.datasets.manifest import read_dataset, read_manifest
from pipeline.datasets.preparing import build_index, prepare_samples
from pipeline.datasets.space import check_space
from pipeline.datasets.storing import foretell_bytes, write_arrays
from pipeline.params import DataParams

logger = logging.getLogger(__name__)


def prepare(
    raw: Path,
    manifest: Path,
    dataset: Path,
    images: Path,
    masks: Path,
    depths: Path,
    index: Path,
    *,
    data: DataParams,
) -> None:
    """Write all images, masks and depths, and the index of where each sample lies in them, one sample in memory at a time."""
    table = read_manifest(manifest)
    if data.compose is not None:
        prepare_composites(raw, table, images, masks, depths, index, data, data.compose)
        logger.info("prepared the parts of %d composites in %s", len(table), index.parent)
        return
    rows, samples = build_index(table, data), prepare_samples(raw, table, read_dataset(dataset), data)
    check_space(index.parent, foretell_bytes(rows))
    write_arrays(images, masks, depths, index, rows, samples)
    logger.info("prepared %d samples in %s", len(table), index.parent)
