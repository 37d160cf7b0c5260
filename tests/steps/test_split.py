"""The step from manifest to splits."""

import logging
from pathlib import Path

import pytest

from pipeline.datasets.manifest import write_manifest
from pipeline.datasets.splits import hash_splits, read_splits, read_summary, subset_ids
from pipeline.params import SplitParams, write_section
from pipeline.steps.split import split
from tests.manifests import draw_manifest


def test_split_writes_the_table_and_its_hash(tmp_path: Path) -> None:
    manifest, splits, summary = (tmp_path / name for name in ("manifest.csv", "splits.csv", "splits.json"))
    write_manifest(manifest, draw_manifest([6] * 4, unlabelled=2))
    section = SplitParams(kind="leave_one_group_out", folds=4)
    split(manifest, splits, summary, split=section, seed=3)
    assert subset_ids(read_splits(splits), "1", "test") == [f"s1/{time:03d}" for time in range(6)]
    assert read_summary(summary) == {
        "hash": hash_splits(splits),
        "kind": "leave_one_group_out",
        "coverage": 1.0,
        "folds": 4,
        "settings": {"split": write_section(section), "seed": 3},
    }


def test_split_says_where_not_every_sample_is_tested(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write_manifest(tmp_path / "manifest.csv", draw_manifest([24]))
    section = SplitParams(kind="time_series", folds=3, gap=2, validation_fraction=0.25)
    with caplog.at_level(logging.INFO):
        split(tmp_path / "manifest.csv", tmp_path / "splits.csv", tmp_path / "splits.json", split=section, seed=0)
    assert "the folds test 50.0 % of the samples outside the final test" in caplog.text
