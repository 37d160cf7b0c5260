"""From a prepared data set with a copy in it to what the audit writes, and to the stop."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.datasets.manifest import write_manifest
from pipeline.datasets.pixels import Pixels
from pipeline.datasets.splits import write_splits
from pipeline.datasets.storing import write_arrays
from pipeline.params import LeakSearchParams, SplitParams
from pipeline.provenance import read_record
from pipeline.steps.audit import audit
from tests.auditing.pictures import draw_shapes

SUBSETS = ("train", "train", "validation", "test", "test")


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Five pictures, the last of which is the first at half the size and mirrored."""
    random = np.random.default_rng(0)
    pictures = [draw_shapes(random) for _ in range(4)]
    pictures.append(np.ascontiguousarray(pictures[0][::2, ::-2]))
    ids = list("abcde")
    sizes = [picture.shape for picture in pictures]
    table = pd.DataFrame(sizes, columns=["height", "width", "channels"]).assign(sample_id=ids, group=ids, sequence="")
    table = table.assign(time=0, subset="", label="", content_hash=ids, mask_hash="", parts="", dtype="uint8")
    table = table.assign(mask="", images=[f"images/{name}.png" for name in ids], foreground=np.nan)
    write_manifest(tmp_path / "manifest.csv", table)
    index = table.assign(
        original_height=table["height"], original_width=table["width"], has_mask=False, has_depth=False
    )
    columns = [
        "sample_id",
        "sequence",
        "time",
        "group",
        "subset",
        "height",
        "width",
        "channels",
        "original_height",
        "original_width",
    ]
    kept = index[[*columns, "label", "has_mask", "has_depth", "dtype"]]
    prepared = (tmp_path / "prepared" / name for name in ("images.npy", "masks.npy", "depths.npy", "index.csv"))
    write_arrays(*prepared, kept, map(Pixels, pictures))
    write_splits(tmp_path / "splits.csv", pd.DataFrame({"fold": "0", "sample_id": ids, "subset": SUBSETS}))
    names = {"manifest": "manifest.csv", "splits": "splits.csv", "index": "prepared/index.csv"}
    return {name: tmp_path / path for name, path in names.items()} | {"audited": tmp_path / "audited.json"}


def test_copy_is_written_with_what_was_done_to_it(files):
    audit(**files, leak_search=LeakSearchParams(), split=SplitParams(kind="predefined", folds=1), seed=0)
    audited = read_record(files["audited"])
    [finding] = audited["findings"]
    assert (audited["leaks"], audited["warnings"], audited["counts"]) == (1, 0, {"near_identical": 1})
    assert (finding["a"], finding["b"], finding["subset_a"], finding["subset_b"]) == ("a", "e", "train", "test")
    assert finding["detail"].startswith("mirrored, scaled by 0.5")
    assert finding["score"] > 0.9
    assert (audited["compared"]["samples"], audited["compared"]["pairs_possible"]) == (5, 10)


def test_search_can_be_left_out_and_that_is_told(files):
    audit(
        **files,
        leak_search=LeakSearchParams(near_identical=False),
        split=SplitParams(kind="predefined", folds=1),
        seed=0,
    )
    audited = read_record(files["audited"])
    assert audited["leaks"] == 0
    assert "audit.near_identical is false" in audited["compared"]["left_out"]
