"""The manifest's files."""

from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.datasets.manifest import Dataset, read_dataset, read_manifest, write_dataset, write_manifest


def test_a_manifest_is_read_as_written(tmp_path: Path) -> None:
    manifest = pd.DataFrame({"sample_id": ["001", "NA"], "sequence": ["", "None"], "time": [0, 3], "mask": ["m,1", ""]})
    manifest = manifest.assign(height=8, width=9, channels=1, foreground=[0.1 + 0.2, np.nan])
    write_manifest(tmp_path / "new" / "manifest.csv", manifest)
    pd.testing.assert_frame_equal(read_manifest(tmp_path / "new" / "manifest.csv"), manifest, check_exact=True)


def test_a_dataset_is_read_as_written(tmp_path: Path) -> None:
    dataset = Dataset(2, "uint16", (255, 0), ("inside", "membrane"), "abc", "subsets", ("a warning",))
    write_dataset(tmp_path / "dataset.json", dataset)
    assert read_dataset(tmp_path / "dataset.json") == dataset
    assert dataset.classes == 2
