"""The splits table: which sample belongs to which subset in each fold."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from pipeline.datasets.files import aside

Subset = Literal["train", "validation", "test", "gap", "final_test"]
COLUMNS = ["fold", "sample_id", "subset"]


def read_splits(path: Path) -> pd.DataFrame:
    """The table of columns fold, sample_id, subset, all strings."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def write_splits(path: Path, splits: pd.DataFrame) -> None:
    """Write the table whole or not at all."""
    with aside(path) as part:
        splits[COLUMNS].to_csv(part, index=False, lineterminator="\n")


def hash_splits(path: Path) -> str:
    """SHA-256 of the table's file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def subset_ids(splits: pd.DataFrame, fold: str, subset: Subset) -> list[str]:
    """The sample_ids of one subset of one fold, in the table's order; raises ValueError for a fold that is not there."""
    rows = splits[splits["fold"] == fold]
    if rows.empty:
        raise ValueError(f"the splits have no fold {fold}: known are {', '.join(splits['fold'].unique())}")
    return [str(sample_id) for sample_id in rows.loc[rows["subset"] == subset, "sample_id"]]


def count_training(folds: Iterable[str], splits: Path, extra: Sequence[Path]) -> dict[str, int]:
    """Training samples by fold, from the table FOLD.csv among `extra` where there is one, else from that of the split."""
    tables = {path.stem: path for path in extra}
    return {fold: len(subset_ids(read_splits(tables.get(fold, splits)), fold, "train")) for fold in folds}


def read_summary(path: Path) -> dict[str, Any]:
    """The splits' hash, kind, coverage and folds."""
    summary: dict[str, Any] = json.loads(path.read_text())
    return summary


def write_summary(path: Path, summary: dict[str, Any]) -> None:
    """Write the summary whole or not at all."""
    with aside(path) as part:
        part.write_text(json.dumps(summary, indent=2) + "\n")
