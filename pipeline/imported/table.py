"""Classes of whole images that another tool wrote into one table."""

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.imported.faults import ImportFault, listed
from pipeline.imported.reading import CLOSE
from pipeline.params import PredictionsParams

Array = np.ndarray[Any, np.dtype[Any]]
SAMPLE, LABEL = "sample_id", "label"


@dataclass(frozen=True)
class Rows:
    """The rows of one table by sample_id."""

    entry: PredictionsParams
    folder: Path
    probabilities: dict[str, Array]
    """Of the classes (K,), float32."""
    strangers: tuple[str, ...]
    """Rows that belong to no sample."""

    def paths_of(self, sample_ids: Sequence[str]) -> list[Path]:
        """The table, where any of the samples is asked for."""
        return [self.folder / self.entry.table] if sample_ids else []

    @property
    def sample_ids(self) -> list[str]:
        """Samples that have a row."""
        return list(self.probabilities)

    def holds(self, sample_id: str) -> bool:
        """Whether there is a row of the sample."""
        return sample_id in self.probabilities

    def find_faults(self, sample_ids: Sequence[str]) -> list[str]:
        """Which of these samples have no row."""
        missing = [sample_id for sample_id in sample_ids if sample_id not in self.probabilities]
        if not missing:
            return []
        others = f"; rows there that belong to no sample: {listed(self.strangers)}" if self.strangers else ""
        told = f"{self.entry.name}: {len(missing)} of {len(sample_ids)} samples to test have no row in '{self.folder / self.entry.table}'"
        return [f"{told}: {listed(missing)}{others}. Predict them too, or spell {SAMPLE} as splits.csv does"]


def read_rows(entry: PredictionsParams, fold: str, sample_ids: Iterable[str], classes: Sequence[str]) -> Rows:
    """The table of a fold's folder; `sample_ids` are all samples that there are, `classes` the names of theirs in order.

    Raises ImportFault with all that is wrong.
    """
    path = Path(entry.folder_of(fold)) / entry.table
    if not path.is_file():
        raise ImportFault(f"{entry.name}: the table '{path}' does not exist: put it there, or name it in table")
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except ValueError as fault:  # pandas' own parser errors are of this kind
        raise ImportFault(f"{entry.name}: '{path}' is no CSV ({fault}): export it again") from None
    if faults := list(_find_faults(table, classes)):
        raise ImportFault("\n".join(f"{entry.name}: '{path}' {fault}" for fault in faults))
    found = dict(zip(table[SAMPLE], _to_probabilities(table, classes), strict=True))
    known = set(sample_ids)
    strangers = tuple(name for name in found if name not in known)
    return Rows(entry, path.parent, {name: row for name, row in found.items() if name in known}, strangers)


def _find_faults(table: pd.DataFrame, classes: Sequence[str]) -> Iterator[str]:
    if SAMPLE not in table:
        yield f"has no column {SAMPLE}, but {listed(list(table.columns))}: name the column of the samples so"
        return
    twice = table.loc[table[SAMPLE].duplicated(), SAMPLE].unique().tolist()
    if twice:
        yield f"has more than one row of {listed(twice)}: keep one a sample"
    if LABEL in table:
        for name in sorted(set(table[LABEL]) - set(classes)):
            near = difflib.get_close_matches(name, classes, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {listed(classes)}"
            yield f"has the class {name!r}, which the data have not: {hint}"
        return
    missing = [name for name in classes if name not in table]
    if missing:
        yield f"has no column {listed(missing)}: give a column {LABEL}, or one a class with its probability"
        return
    values = table[list(classes)].apply(pd.to_numeric, errors="coerce").to_numpy(float)
    wrong = ~(np.isfinite(values) & (values >= -CLOSE) & (values <= 1 + CLOSE)).all(axis=1)
    wrong |= ~(np.abs(values.sum(axis=1) - 1) <= CLOSE * len(classes))
    if wrong.any():
        row = table.loc[wrong].iloc[0]
        shown = ", ".join(f"{name} {row[name]}" for name in classes[:5])
        yield (
            f"has {wrong.sum()} rows that are no probabilities, the first of {row[SAMPLE]}: {shown}; export them after softmax, from 0"
            " to 1 with a sum of 1"
        )


def _to_probabilities(table: pd.DataFrame, classes: Sequence[str]) -> Array:
    """Probabilities (row, class), float32."""
    if LABEL in table:
        return np.eye(len(classes), dtype=np.float32)[pd.Index(classes).get_indexer(pd.Index(table[LABEL]))]
    values = np.clip(table[list(classes)].astype(float).to_numpy(), 0, 1)
    return np.asarray(values / values.sum(axis=1, keepdims=True), np.float32)
