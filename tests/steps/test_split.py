"""The step from manifest to splits."""

import logging
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from pipeline.datasets.manifest import write_manifest
from pipeline.datasets.splits import hash_splits, read_splits, read_summary, subset_ids
from pipeline.params import DataParams, SplitParams
from pipeline.splitting import SplitError
from pipeline.steps.split import split
from tests.manifests import draw_manifest

PLAIN: dict[str, Any] = {"clip_frames": 1, "data": DataParams()}


def test_split_writes_the_table_and_its_hash(tmp_path: Path) -> None:
    manifest, splits, summary = (tmp_path / name for name in ("manifest.csv", "splits.csv", "splits.json"))
    write_manifest(manifest, draw_manifest([6] * 4, unlabelled=2))
    split(manifest, splits, summary, split=SplitParams(kind="leave_one_group_out", folds=4), seed=3, **PLAIN)
    assert subset_ids(read_splits(splits), "1", "test") == [f"s1/{time:03d}" for time in range(6)]
    assert read_summary(summary) == {
        "hash": hash_splits(splits),
        "kind": "leave_one_group_out",
        "coverage": 1.0,
        "folds": 4,
    }


def test_split_says_where_not_every_sample_is_tested(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write_manifest(tmp_path / "manifest.csv", draw_manifest([24]))
    section = SplitParams(kind="time_series", folds=3, gap=2, validation_fraction=0.25)
    with caplog.at_level(logging.INFO):
        split(
            tmp_path / "manifest.csv", tmp_path / "splits.csv", tmp_path / "splits.json", split=section, seed=0, **PLAIN
        )
    assert "the folds test 50.0 % of the samples outside the final test" in caplog.text


@pytest.mark.parametrize(
    ("sequences", "resized", "told"),
    [
        ([6, 2, 6], {}, r"sequence 's1' has 2 frames, too few for clips of 4: set the model's clip to 2 or less"),
        ([], {}, "no sample is in a sequence: set data.ordered to true"),
        ([6, 6, 6], {}, "is 20x8, most are 8x8, and the frames of a clip must be alike: set data.resize"),
        ([6, 6, 6], {"resize": [8, 8]}, None),
    ],
)
def test_sequences_must_hold_the_longest_clip(
    sequences: list[int], resized: dict[str, list[int]], told: str | None, tmp_path: Path
) -> None:
    manifest = draw_manifest(sequences or [1, 1, 1, 1]).assign(height=8, width=8)
    manifest.loc[3, "width"] = 20
    if not sequences:
        manifest["sequence"] = ""
    write_manifest(tmp_path / "manifest.csv", manifest)
    with pytest.raises(SplitError, match=told) if told else nullcontext():
        split(
            *(tmp_path / name for name in ("manifest.csv", "splits.csv", "splits.json")),
            split=SplitParams(kind="group_k_fold", folds=3),
            seed=0,
            clip_frames=4,
            data=DataParams.model_validate(resized),
        )
