"""The splits table: which sample belongs to which subset in each fold."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any, Literal

import pandas as pd

Subset = Literal["train", "validation", "test", "gap", "final_test"]
REFIT = "refit"
COLUMNS = ["fold", "sample_id", "subset"]


def read_splits(path: Path) -> pd.DataFrame:
    """The table of columns fold, sample_id, subset, all strings."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def write_splits(path: Path, splits: pd.DataFrame) -> None:
    """Write the table whole or not at all."""
    _write_whole(path, splits[COLUMNS].to_csv(index=False, lineterminator="\n"))


def hash_splits(path: Path) -> str:
    """SHA-256 of the table's file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def subset_ids(splits: pd.DataFrame, fold: str, subset: Subset) -> list[str]:
    """The sample_ids of one subset of one fold, in the table's order; raises ValueError for a fold that is not there."""
    rows = splits[splits["fold"] == fold]
    if rows.empty:
        raise ValueError(f"the splits have no fold {fold}: known are {', '.join(splits['fold'].unique())}")
    return [str(sample_id) for sample_id in rows.loc[rows["subset"] == subset, "sample_id"]]


def read_summary(path: Path) -> dict[str, Any]:
    """The splits' hash, kind, coverage and folds."""
    summary: dict[str, Any] = json.loads(path.read_text())
    return summary


def write_summary(path: Path, summary: dict[str, Any]) -> None:
    """Write the summary whole or not at all."""
    _write_whole(path, json.dumps(summary, indent=2) + "\n")


def _write_whole(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(path.name + ".part")
    aside.write_text(text)
    os.replace(aside, path)
