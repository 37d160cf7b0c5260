"""What the audit knows of each sample: its subset in every fold, and its rows of manifest and index."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

Integers = NDArray[np.int64]

SUBSETS = ("train", "validation", "test", "final_test", "gap")
GAP = SUBSETS.index("gap")


@dataclass(frozen=True)
class Samples:
    """The samples of the splits table, in its order; a place is a number in that order."""

    table: pd.DataFrame
    """Their rows of the manifest."""
    folds: tuple[str, ...]
    """Names of the folds."""
    subsets: NDArray[np.int8]
    """Place in SUBSETS of each sample in each fold, shape (folds, samples)."""

    def __len__(self) -> int:
        return len(self.table)

    def names(self, place: int) -> str:
        """The sample_id at a place."""
        return str(self.table["sample_id"].iloc[place])

    @cached_property
    def units(self) -> Integers:
        """Number of each sample's unit: those that share a sequence or a group, directly or through others."""
        rows = np.arange(len(self))
        sequences = self.table["sequence"].where(self.table["sequence"] != "", "\n" + self.table["sample_id"])
        keys = [self.table["group"].to_numpy(), sequences.to_numpy()]
        firsts = [pd.Series(rows).groupby(key).transform("first") for key in keys]
        links = (np.ones(2 * len(rows), np.int8), (np.tile(rows, 2), np.concatenate(firsts)))
        graph = csr_array(links, shape=(len(rows), len(rows)))
        return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)

    @cached_property
    def histories(self) -> Integers:
        """Number of each sample's subsets over all folds: samples of one history are together in every fold."""
        return np.asarray(np.unique(self.subsets, axis=1, return_inverse=True)[1], np.int64).reshape(-1)

    def first_apart(self, first: Integers, second: Integers) -> Integers:
        """The first fold in which each pair is in different subsets, gaps not counted; -1 where none."""
        one, other = self.subsets[:, first], self.subsets[:, second]
        apart = (one != other) & (one != GAP) & (other != GAP)
        return np.where(apart.any(axis=0), apart.argmax(axis=0), -1)


def gather_samples(manifest: pd.DataFrame, splits: pd.DataFrame) -> Samples:
    """Join the manifest to the splits."""
    codes, names = pd.factorize(splits["sample_id"])
    fold_codes, folds = pd.factorize(splits["fold"])
    subsets = np.full((len(folds), len(names)), GAP, np.int8)
    subsets[fold_codes, codes] = pd.Categorical(splits["subset"], SUBSETS).codes
    table = manifest.set_index("sample_id", drop=False).loc[names].reset_index(drop=True)
    return Samples(table, tuple(map(str, folds)), subsets)
