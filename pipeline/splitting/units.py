"""What a split never divides: samples of one group, of identical content, or with a part in common."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from sklearn.model_selection import ShuffleSplit, StratifiedShuffleSplit

from pipeline.splitting.parts import find_parts
from pipeline.splitting.strata import Values, bin_values

Integers = NDArray[np.int64]


def find_units(samples: pd.DataFrame) -> Integers:
    """Number of each sample's unit, 0 first: those that share a group, a content_hash or a part, directly or through others."""
    rows = np.arange(len(samples))
    parts = find_parts(samples["parts"])
    firsts = np.unique(parts.combination, return_index=True)[1]
    has_parts = np.isin(parts.combination, parts.holders)
    links = [
        *((rows, _first_alike(samples[column])) for column in ("group", "content_hash")),
        (rows[has_parts], firsts[parts.combination[has_parts]]),
        (firsts[parts.holders], len(rows) + parts.held),  # parts are nodes after the samples
    ]
    starts, ends = (np.concatenate(side) for side in zip(*links, strict=True))
    size = len(rows) + len(parts.names)
    graph = csr_array((np.ones(len(starts)), (starts, ends)), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1][: len(rows)], dtype=np.int64)


def draw_units(free: Integers, fraction: float, values: Values | None, seed: int) -> Integers:
    """A share of two or more free units, at least one, never all, stratified by the units' values where given."""
    number = min(max(1, round(fraction * len(free))), len(free) - 1)
    if values is None:
        pairs = ShuffleSplit(n_splits=1, test_size=number, random_state=seed).split(free)
    else:
        strata = bin_values(values[free], min(number, len(free) - number))
        pairs = StratifiedShuffleSplit(n_splits=1, test_size=number, random_state=seed).split(free, strata)
    _, drawn = next(iter(pairs))
    return np.asarray(free[drawn], dtype=np.int64)


def derive_seed(*path: int) -> int:
    """A seed of its own for every place in the split."""
    return int(np.random.SeedSequence(path).generate_state(1)[0])


def without_copies(subsets: NDArray[np.str_], content: "pd.Series[str] | pd.Series[int]") -> NDArray[np.str_]:
    """Put into the gap what is identical to a sample of a subset that must know less of it."""
    kept = subsets.copy()
    for known, hidden in (
        (("train", "validation", "test"), "final_test"),
        (("train", "validation"), "test"),
        (("train",), "validation"),
    ):
        copies = content.isin(content[kept == hidden]).to_numpy()
        kept[np.isin(kept, known) & copies] = "gap"
    return kept


def _first_alike(values: "pd.Series[str]") -> Integers:
    """The first row of the same value, for each row."""
    rows = pd.Series(np.arange(len(values)))
    return np.asarray(rows.groupby(values.to_numpy()).transform("first"), dtype=np.int64)
