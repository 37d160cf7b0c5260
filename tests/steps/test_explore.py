"""The step's file agrees with the data, whatever targets these have."""

import numpy as np
import pandas as pd
import pytest

from pipeline.datasets.manifest import Dataset, write_dataset, write_manifest
from pipeline.datasets.pixels import Pixels
from pipeline.datasets.storing import write_arrays
from pipeline.provenance import read_record
from pipeline.steps.explore import explore
from tests.experiments import draw_experiment, draw_params


def test_explore_agrees_with_the_data(tmp_path):
    files = draw_experiment(tmp_path, draw_params(), sequences=6, frames=4, size=32, unlabelled=2)
    explored = read_record(files["explored"])
    samples = explored["samples"]
    assert (samples["all"], samples["labelled"], samples["unlabelled"], samples["sequences"]) == (26, 24, 2, 6)
    assert sum(row["pixels"] for row in explored["classes"]) == 24 * (32 - 4) * 32
    assert samples["without_foreground"] == 2


@pytest.mark.parametrize("dtype", ["uint16", "float32"])
def test_data_without_any_mask_are_summarised(tmp_path, dtype):
    ids = ["cat/1", "cat/2", "dog/1"]
    columns = {"sequence": "", "time": 0, "subset": "", "channels": 1, "dtype": dtype, "height": 4, "width": 6}
    table = pd.DataFrame({"sample_id": ids, "group": ids, "label": ["cat", "cat", "dog"]}).assign(**columns)
    table = table.assign(mask="", depth=["depth/1.png", "", ""], foreground=np.nan)
    paths = [tmp_path / name for name in ("images.npy", "masks.npy", "depths.npy", "index.csv")]
    index = table.assign(original_height=4, original_width=6, has_mask=False, has_depth=table["depth"] != "")
    depth = np.full((4, 6), 2.5, np.float32)
    images = [Pixels(np.full((4, 6, 1), 300 * n, dtype), None, None if n else depth) for n in range(3)]
    write_arrays(*paths, index.drop(columns=["mask", "depth", "foreground"]), images)
    write_manifest(tmp_path / "manifest.csv", table)
    write_dataset(tmp_path / "dataset.json", Dataset(1, dtype, (), (), "hash", "classes", label_names=("cat", "dog")))
    explore(tmp_path / "manifest.csv", tmp_path / "dataset.json", paths[-1], tmp_path / "explored.json")
    explored = read_record(tmp_path / "explored.json")
    assert (explored["classes"], explored["foreground"]["mean"]) == ([], None)
    assert [(row["label"], row["samples"]) for row in explored["labels"]] == [("cat", 2), ("dog", 1)]
    assert (explored["channels"][0]["least"], explored["channels"][0]["most"]) == (0, 600)
    assert explored["depth"]["percentiles"]["50"] == 2.5
    assert [mean["label"] for mean in explored["means"]] == ["cat", "dog"]
