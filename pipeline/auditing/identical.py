"""Identical pixels, and what contradicts itself on them."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.auditing.findings import Finding, find
from pipeline.auditing.samples import Samples

HOLDS = {"label": "label", "mask_hash": "mask"}
"""Columns that identical pictures must agree in, and what they hold."""


def find_identical(samples: Samples, empty: NDArray[np.bool_]) -> Iterator[Finding]:
    """Each sample beside the first of its content: a leak where both are ever in different subsets, else a warning.

    Other labels or masks of the same pixels are a finding of their own, of the same severity. Empty pictures count only
    where their labels contradict, as a warning; copies inside one sequence or group only where subsets divide them.
    """
    first, second = _pair_up(samples.table["content_hash"])
    folds = samples.first_apart(first, second)
    for one, other, fold in zip(first.tolist(), second.tolist(), folds.tolist(), strict=True):
        is_leak = fold >= 0 and not empty[one]
        kept = max(fold, 0)
        if is_leak or (not empty[one] and samples.units[one] != samples.units[other]):
            yield find(samples, "identical", one, other, kept, "the same pixels", is_leak=is_leak)
        told = _tell_contradiction(samples, one, other)
        if told:
            yield find(samples, "contradictory_label", one, other, kept, told, is_leak=is_leak)


def _pair_up(hashes: "pd.Series[str]") -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first sample of each content, and each other one of it."""
    places = pd.Series(np.arange(len(hashes)))
    firsts = places.groupby(hashes.to_numpy()).transform("first").to_numpy()
    others = np.flatnonzero(firsts != places.to_numpy())
    return firsts[others], others


def _tell_contradiction(samples: Samples, one: int, other: int) -> str:
    """What contradicts itself, "" where nothing does."""
    told = []
    for column, noun in HOLDS.items():
        values = [str(samples.table[column].iloc[place]) if column in samples.table else "" for place in (one, other)]
        if values[0] != values[1] and all(values):
            told.append(f"labels {values[0]} and {values[1]}" if column == "label" else f"different {noun}s")
    return f"the same pixels with {' and '.join(told)}" if told else ""
