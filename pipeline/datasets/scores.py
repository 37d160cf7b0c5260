"""The scores tables: one row a sample, one file a model and fold, MODEL/FOLD.csv."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from pipeline.datasets.files import aside

SAMPLE_COLUMNS = ["sample_id", "sequence", "group", "time"]
TEXT_COLUMNS = ["sample_id", "sequence", "group", "fold", "empty"]


def write_scores(path: Path, scores: pd.DataFrame) -> None:
    """Write the table whole or not at all; a score that was left out is an empty cell."""
    with aside(path) as part:
        scores.to_csv(part, index=False, lineterminator="\n")


def read_scores(paths: Sequence[Path], metrics: Sequence[str]) -> pd.DataFrame:
    """The rows of all files with a first column `model`, the name of the file's folder; empty numbers are NaN.

    `metrics` are those that each sample has a score in. Raises ValueError for a file that lacks one of them.
    """
    return pd.concat([_read_one(path, metrics) for path in paths], ignore_index=True)


def sum_seconds(trials: Sequence[Path]) -> dict[str, float]:
    """Seconds of all trials of each model's searches, from the files MODEL/FOLD.csv."""
    seconds: dict[str, float] = {}
    for path in trials:
        spent = float(pd.read_csv(path, usecols=["seconds"])["seconds"].sum())
        seconds[path.parent.name] = seconds.get(path.parent.name, 0.0) + spent
    return seconds


def _read_one(path: Path, metrics: Sequence[str]) -> pd.DataFrame:
    table = pd.read_csv(path, dtype=dict.fromkeys(TEXT_COLUMNS, str), keep_default_na=False, na_values=[""])
    missing = [metric for metric in metrics if metric not in table]
    if missing:
        raise ValueError(f"{path} has no column {', '.join(missing)}: run evaluate again")
    table = table.fillna({name: "" for name in TEXT_COLUMNS if name in table})
    table.insert(0, "model", path.parent.name)
    return table.astype(dict.fromkeys(metrics, float))
