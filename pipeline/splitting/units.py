"""What a split never divides: samples of one group, and samples of identical content."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from sklearn.model_selection import ShuffleSplit, StratifiedShuffleSplit

Integers = NDArray[np.int64]
STRATA = 10
"""Most bins of foreground share; finer ones tell little and cost time."""


def find_units(samples: pd.DataFrame) -> Integers:
    """Number of each sample's unit, 0 first: those that share a group or a content_hash, directly or through others."""
    rows = np.arange(len(samples))
    firsts = [
        pd.Series(rows).groupby(samples[column].to_numpy()).transform("first") for column in ("group", "content_hash")
    ]
    links = (np.ones(2 * len(rows)), (np.tile(rows, 2), np.concatenate(firsts)))
    graph = csr_array(links, shape=(len(rows), len(rows)))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def bin_foreground(foreground: NDArray[np.float64], most: int) -> Integers:
    """Stratum of each value: at most `most` bins of equal number (give or take one) by rank."""
    bins = max(1, min(STRATA, most))
    ranks = np.argsort(np.argsort(foreground, kind="stable"), kind="stable")
    return (ranks * bins // len(foreground)).astype(np.int64)


def draw_units(free: Integers, fraction: float, foreground: NDArray[np.float64] | None, seed: int) -> Integers:
    """A share of two or more free units, at least one, never all, stratified by the units' foreground where given."""
    number = min(max(1, round(fraction * len(free))), len(free) - 1)
    if foreground is None:
        pairs = ShuffleSplit(n_splits=1, test_size=number, random_state=seed).split(free)
    else:
        strata = bin_foreground(foreground[free], min(number, len(free) - number))
        pairs = StratifiedShuffleSplit(n_splits=1, test_size=number, random_state=seed).split(free, strata)
    _, drawn = next(iter(pairs))
    return np.asarray(free[drawn], dtype=np.int64)


def derive_seed(*path: int) -> int:
    """A seed of its own for every place in the split."""
    return int(np.random.SeedSequence(path).generate_state(1)[0])
