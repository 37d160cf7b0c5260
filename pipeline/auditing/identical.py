"""Identical pixels, and what contradicts itself on them."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.auditing.findings import Finding, find
from pipeline.auditing.samples import Samples

HOLDS = {"label": "label", "mask_hash": "mask"}
"""Columns that identical pictures must agree in, and what they hold."""
FEW = 30
"""Copies of one content that are all compared with each other."""


def find_identical(samples: Samples, empty: NDArray[np.bool_]) -> Iterator[Finding]:
    """Each sample beside the first of its content: a leak where both are ever in different subsets, else a warning.

    Other labels or masks of the same pixels are a finding of their own, of the same severity. Empty pictures count only
    where their labels contradict, as a warning; copies inside one sequence or group only where subsets divide them.
    """
    first, second, is_extra = _pair_up(samples.table["content_hash"])
    folds = samples.first_apart(first, second)
    for one, other, extra, fold in zip(first.tolist(), second.tolist(), is_extra.tolist(), folds.tolist(), strict=True):
        is_leak = fold >= 0 and not empty[one]
        if extra and not is_leak:
            continue
        kept = max(fold, 0)
        if is_leak or (not empty[one] and samples.units[one] != samples.units[other]):
            yield find(samples, "identical", one, other, kept, "the same pixels", is_leak=is_leak)
        told = _tell_contradiction(samples, one, other)
        if told:
            yield find(samples, "contradictory_label", one, other, kept, told, is_leak=is_leak)


def _pair_up(hashes: "pd.Series[str]") -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """The first sample of each content and each other one of it; then, as extras, the others of few beside each other."""
    places = pd.Series(np.arange(len(hashes)))
    firsts = places.groupby(hashes.to_numpy()).transform("first").to_numpy()
    others = np.flatnonzero(firsts != places.to_numpy())
    members = pd.Series(others).groupby(firsts[others]).indices.values()
    # the first may be in a gap where two others are in different subsets
    extras = [pair for rows in members if 1 < len(rows) <= FEW for pair in combinations(others[rows].tolist(), 2)]
    more = np.array(extras, np.int64).reshape(-1, 2)
    pairs = np.concatenate([np.stack([firsts[others], others], axis=1), more])
    return pairs[:, 0], pairs[:, 1], np.arange(len(pairs)) >= len(others)


def _tell_contradiction(samples: Samples, one: int, other: int) -> str:
    """What contradicts itself, "" where nothing does."""
    told = []
    for column, noun in HOLDS.items():
        values = [str(samples.table[column].iloc[place]) if column in samples.table else "" for place in (one, other)]
        if values[0] != values[1] and all(values):
            told.append(f"labels {values[0]} and {values[1]}" if column == "label" else f"different {noun}s")
    return f"the same pixels with {' and '.join(told)}" if told else ""
