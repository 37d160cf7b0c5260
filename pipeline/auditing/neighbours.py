"""Frames of one sequence that are nearer to each other than the gap, or at least still alike."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.auditing.findings import Finding, find
from pipeline.auditing.planes import Planes
from pipeline.auditing.samples import GAP, Samples
from pipeline.auditing.verifying import verify

Integers = NDArray[np.int64]

MOST_BORDERS = 200
"""Borders between subsets whose frames are compared."""


def find_neighbours(samples: Samples, gap: int) -> Iterator[Finding]:
    """Frames of one sequence in different subsets and at most `gap` frames apart: fewer than the gap lie between."""
    order, sequences, times = _in_order(samples)
    for step in range(1, len(order)):
        first, second = order[:-step], order[step:]
        is_near = (sequences[:-step] == sequences[step:]) & (times[step:] - times[:-step] <= gap)
        if not is_near.any():
            return
        first, second = first[is_near], second[is_near]
        folds = samples.first_apart(first, second)
        for one, other, fold in zip(first.tolist(), second.tolist(), folds.tolist(), strict=True):
            if fold >= 0:
                apart = abs(int(samples.table["time"].iloc[other]) - int(samples.table["time"].iloc[one]))
                told = f"{apart} frames apart in sequence {samples.table['sequence'].iloc[one]}, the gap is {gap}"
                yield find(samples, "neighbour", one, other, fold, told, is_leak=True)


def find_alike_borders(samples: Samples, planes: Planes) -> Iterator[Finding]:
    """A warning for each sequence whose frames on both sides of a gap still show the same, at the most alike of them."""
    best: dict[str, Finding] = {}
    for one, other, fold in _find_borders(samples)[:MOST_BORDERS]:
        outcome = verify(planes, one, other, np.eye(2, 3, dtype=np.float32))
        if outcome is None or not outcome.is_telling:
            continue
        sequence = str(samples.table["sequence"].iloc[one])
        apart = abs(int(samples.table["time"].iloc[other]) - int(samples.table["time"].iloc[one]))
        told = f"{apart} frames apart in sequence {sequence}, and still alike: a longer split.gap is safer"
        score = outcome.likeness.score
        if sequence not in best or best[sequence].score < score:
            best[sequence] = find(samples, "near_identical", one, other, fold, told, is_leak=False, score=score)
    yield from best.values()


def _in_order(samples: Samples) -> tuple[Integers, Integers, Integers]:
    """Places of the frames by sequence and time, and both of them."""
    places = np.flatnonzero(samples.table["sequence"] != "")
    sequences = pd.factorize(samples.table["sequence"].iloc[places])[0]
    times = samples.table["time"].to_numpy(np.int64)[places]
    order = np.lexsort((times, sequences))
    return places[order], sequences[order].astype(np.int64), times[order]


def _find_borders(samples: Samples) -> list[tuple[int, int, int]]:
    """Frames on both sides of each border between subsets, and the first fold that has it."""
    order, sequences, _ = _in_order(samples)
    borders: dict[tuple[int, int], int] = {}
    for fold in range(len(samples.folds)):
        subsets = samples.subsets[fold, order]
        kept = np.flatnonzero(subsets != GAP)
        first, second = kept[:-1], kept[1:]
        is_border = (sequences[first] == sequences[second]) & (subsets[first] != subsets[second])
        for one, other in zip(order[first[is_border]].tolist(), order[second[is_border]].tolist(), strict=True):
            borders.setdefault((one, other), fold)
    return [(one, other, fold) for (one, other), fold in borders.items()]
