"""Real folders, each read as what it is by a params file of at most 15 lines."""

import os
from pathlib import Path

import pandas as pd
import pytest

from pipeline.datasets.arrays import Arrays, open_arrays
from pipeline.datasets.manifest import Dataset, read_dataset, read_manifest
from pipeline.datasets.splits import read_splits, read_summary
from pipeline.params import Params, read_params
from pipeline.steps.prepare import prepare
from pipeline.steps.split import split
from pipeline.steps.validate import validate

PARAMS = Path(__file__).parent / "real_data"
SHARED = Path(os.environ.get("SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
pytestmark = pytest.mark.slow


def look_at(name: str, out: Path) -> tuple[pd.DataFrame, Dataset, Arrays, pd.DataFrame]:
    """Manifest, data set, arrays and splits of a folder, by the steps that come before the audit."""
    raw, params = SHARED / name, read_short_params(name)
    if not raw.is_dir():
        pytest.skip(f"{raw} is not here: set SHARED_DATA to the folder that holds {name}")
    manifest, dataset, splits = out / "manifest.csv", out / "dataset.json", out / "splits.csv"
    validate(raw, manifest, dataset, data=params.data)
    files = [out / "prepared" / file for file in ("images.npy", "masks.npy", "depths.npy", "index.csv")]
    prepare(raw, manifest, dataset, *files, data=params.data)
    settings = {"split": params.split}
    split(manifest, splits, out / "splits.json", seed=0, **settings)
    assert read_summary(out / "splits.json")["folds"] == params.split.fold_count
    return read_manifest(manifest), read_dataset(dataset), open_arrays(out / "prepared"), read_splits(splits)


def read_short_params(name: str) -> Params:
    path = PARAMS / f"{name}.yaml"
    assert len(path.read_text().splitlines()) <= 15
    return read_params(path)


def test_isbi2012_is_a_stack_with_masks_and_a_stack_without(tmp_path: Path) -> None:
    manifest, dataset, arrays, _ = look_at("isbi2012", tmp_path)
    assert manifest["sequence"].value_counts().to_dict() == {"train": 30, "test": 30}
    assert (manifest["mask"] != "").sum() == 30
    assert (dataset.layout, dataset.mask_values) == ("subsets", (255, 0))
    assert arrays.image(0).shape == (512, 512, 1)


def test_davis_sequences_are_two_films(tmp_path: Path) -> None:
    manifest, dataset, _, splits = look_at("davis_sequences", tmp_path)
    assert manifest["sequence"].value_counts().to_dict() == {"dog": 60, "drift-chicane": 52}
    assert dataset.layout == "sequences"
    assert set(splits["subset"]) == {"train", "validation", "test", "gap"}


def test_rgbd_freespace_has_mask_and_depth_with_holes(tmp_path: Path) -> None:
    _, dataset, arrays, _ = look_at("rgbd_freespace", tmp_path)
    assert dataset.targets == ("mask", "depth")
    missing = sum(int(pd.isna(arrays.depth(n)).sum()) for n in range(50)) / (50 * 180 * 320)
    assert missing == pytest.approx(0.0845, abs=1e-4)


def test_cats_dogs_are_classes_in_folders_and_equally_in_names(tmp_path: Path) -> None:
    manifest, dataset, _, _ = look_at("cats_dogs", tmp_path)
    assert manifest["label"].value_counts().to_dict() == {"cat": 150, "dog": 150}
    assert dataset.label_names == ("cat", "dog")
    by_name = read_short_params("cats_dogs").data.model_copy(update={"labels": r"^(?P<label>cat|dog)\."})
    validate(SHARED / "cats_dogs", tmp_path / "m.csv", tmp_path / "d.json", data=by_name)
    assert read_manifest(tmp_path / "m.csv")["label"].tolist() == manifest["label"].tolist()


def test_scenes15_has_the_given_subsets(tmp_path: Path) -> None:
    manifest, dataset, _, splits = look_at("scenes15", tmp_path)
    assert (len(manifest), len(dataset.label_names)) == (1070, 15)
    assert dict(zip(splits["sample_id"], splits["subset"], strict=True)) | dict(
        zip(manifest["sample_id"], manifest["subset"], strict=True)
    ) == dict(zip(manifest["sample_id"], manifest["subset"], strict=True))
    shared = manifest.groupby("content_hash").filter(lambda rows: len(rows) > 1)
    assert shared["content_hash"].nunique() == 18


def test_fgbg_components_are_parts_of_composites(tmp_path: Path) -> None:
    manifest, dataset, arrays, splits = look_at("fgbg_components", tmp_path)
    assert len(manifest) == 500
    assert arrays.image(0).shape == (64, 64, 6)
    assert dataset.channels == 6
    parts = splits[splits["fold"] == "0"].merge(manifest[["sample_id", "parts"]]).query("subset != 'gap'")
    subsets = parts.assign(part=parts["parts"].str.split(";")).explode("part").groupby("part")["subset"].nunique()
    assert subsets.max() == 1
