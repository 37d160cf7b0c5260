"""Files that show the same are joined, so that a split of whole groups divides none of them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from pipeline.commands.regroup import join_pairs, regroup
from pipeline.datasets.faults import DataError
from pipeline.datasets.manifest import read_manifest
from pipeline.params import Params, read_params
from pipeline.steps.prepare import prepare
from pipeline.steps.validate import validate
from tests.auditing.pictures import draw_shapes

PHOTOS = """
experiment: photos
dataset: photos
task: null
models: []
data: {channels: ["."], masks: null, labels: '(?P<label>.)$'}
split: {kind: group_k_fold, folds: 3}
"""


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Five scenes; `copy` is `a0` cropped and brightened."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params.yaml").write_text(PHOTOS)
    folder = tmp_path / "data/raw/photos"
    folder.mkdir(parents=True)
    scenes = [np.asarray(draw_shapes(np.random.default_rng(seed))) for seed in range(5)]
    copy = np.clip(scenes[0][10:-6, 8:-8] * 1.1, 0, 255).astype(np.uint8)
    for name, pixels in {**{f"a{number}": scene for number, scene in enumerate(scenes)}, "copy": copy}.items():
        Image.fromarray(pixels).save(folder / f"{name}.png")
    return folder


def look(raw: Path) -> tuple[Params, pd.DataFrame]:
    """Validate and prepare as the workflow does."""
    params, out = read_params(Path("params.yaml")), Path("data/experiments/photos")
    validate(raw, out / "manifest.csv", out / "dataset.json", data=params.data)
    files = [out / "prepared" / name for name in ("images.npy", "masks.npy", "depths.npy", "index.csv")]
    prepare(raw, out / "manifest.csv", out / "dataset.json", *files, data=params.data)
    return params, read_manifest(out / "manifest.csv")


def test_a_copy_is_joined_to_its_original_and_nothing_else(raw: Path) -> None:
    look(raw)
    regroup()
    assert (raw / "groups.csv").read_text() == "file,group\na0.png,a0.png\ncopy.png,a0.png\n"
    _, manifest = look(raw)
    assert dict(zip(manifest["sample_id"], manifest["group"], strict=True)) == {
        **{f"a{number}": f"a{number}" for number in range(5)},
        "copy": "a0",
    }


def test_groups_that_are_there_stay(raw: Path) -> None:
    (raw / "groups.csv").write_text("file,group\na1.png,site 1\na2.png,site 1\n")
    look(raw)
    regroup()
    groups = pd.read_csv(raw / "groups.csv").set_index("file")["group"]
    assert groups["a1.png"] == groups["a2.png"] == "site 1"
    assert groups["a0.png"] == groups["copy.png"] == "a0.png"


def test_what_is_joined_to_a_group_takes_its_name() -> None:
    assert join_pairs([("b", "a")], {"b": "site 1"}) == {"a": "site 1", "b": "site 1"}


def test_nothing_is_written_before_the_data_were_looked_at_and_where_nothing_is_alike(raw: Path) -> None:
    with pytest.raises(DataError, match="type snakemake preview --cores all first"):
        regroup()
    (raw / "copy.png").unlink()
    look(raw)
    with pytest.raises(DataError, match="there is nothing to join"):
        regroup()
    assert not (raw / "groups.csv").exists()


def test_pairs_join_through_others() -> None:
    assert join_pairs([("c", "b"), ("b", "a"), ("x", "y")], {}) == {"a": "a", "b": "a", "c": "a", "x": "x", "y": "x"}
