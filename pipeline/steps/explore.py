"""What the data look like: counts, sizes, classes and intensities."""

from pathlib import Path

from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.manifest import read_dataset, read_manifest
from pipeline.datasets.overview import summarise_data
from pipeline.provenance import write_record


def explore(manifest: Path, dataset: Path, index: Path, explored: Path) -> None:
    """Summarise the manifest and the prepared arrays, which lie beside their index, in one pass."""
    write_record(explored, summarise_data(read_manifest(manifest), read_dataset(dataset), open_arrays(index.parent)))
