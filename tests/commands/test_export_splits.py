"""Folds that other tools read."""

import json
from pathlib import Path

import pandas as pd
import pytest

from pipeline.commands.export_splits import ExportError, export_splits


def write(path: Path, rows: list[tuple[str, str, str]]) -> Path:
    pd.DataFrame(rows, columns=["fold", "sample_id", "subset"]).to_csv(path, index=False)
    return path


def test_folds_are_written_as_nnunet_reads_them(tmp_path: Path) -> None:
    """By hand: test samples validate there, gap and final test go nowhere, and the refit is no fold."""
    rows = [
        *[("0", "s/1", "test"), ("0", "s/2", "train"), ("0", "s/3", "validation"), ("0", "s/4", "gap")],
        *[("1", "s/1", "train"), ("1", "s/2", "test"), ("1", "s/3", "train"), ("1", "s/5", "final_test")],
        ("refit", "s/1", "train"),
    ]
    export_splits(tmp_path / "splits_final.json", splits=write(tmp_path / "splits.csv", rows))
    assert json.loads((tmp_path / "splits_final.json").read_text()) == [
        {"train": ["s_2", "s_3"], "val": ["s_1"]},
        {"train": ["s_1", "s_3"], "val": ["s_2"]},
    ]


def test_samples_that_would_become_one_are_told(tmp_path: Path) -> None:
    splits = write(tmp_path / "splits.csv", [("0", "a/1", "train"), ("0", "a_1", "test")])
    with pytest.raises(ExportError, match="samples become one where / is written _: a_1"):
        export_splits(tmp_path / "out.json", splits=splits)


def test_missing_splits_are_told(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="snakemake --cores all"):
        export_splits(tmp_path / "out.json", splits=tmp_path / "splits.csv")
