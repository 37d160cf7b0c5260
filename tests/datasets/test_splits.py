"""The splits table on disk."""

from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest

from pipeline.datasets.splits import hash_splits, read_splits, read_summary, subset_ids, write_splits, write_summary

SPLITS = pd.DataFrame(
    {"fold": ["0", "0", "refit", "refit"], "sample_id": ["000", "NA", "000", "NA"], "subset": ["test", "train"] * 2}
)


def test_the_table_comes_back_as_it_was(tmp_path: Path) -> None:
    write_splits(tmp_path / "new" / "splits.csv", SPLITS)
    assert read_splits(tmp_path / "new" / "splits.csv").equals(SPLITS)


def test_the_hash_is_the_files(tmp_path: Path) -> None:
    path = tmp_path / "splits.csv"
    write_splits(path, SPLITS)
    text = "fold,sample_id,subset\n0,000,test\n0,NA,train\nrefit,000,test\nrefit,NA,train\n"
    assert hash_splits(path) == sha256(text.encode()).hexdigest()


def test_subset_ids_are_those_of_one_fold() -> None:
    assert subset_ids(SPLITS, "0", "train") == ["NA"]
    assert subset_ids(SPLITS, "0", "gap") == []


def test_an_unknown_fold_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="no fold 7: known are 0, refit"):
        subset_ids(SPLITS, "7", "train")


def test_the_summary_comes_back_as_it_was(tmp_path: Path) -> None:
    summary = {"hash": "a", "kind": "blocked", "coverage": 0.5, "folds": 2}
    write_summary(tmp_path / "splits.json", summary)
    assert read_summary(tmp_path / "splits.json") == summary
