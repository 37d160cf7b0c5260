"""Candidates by local features: pictures of which several features match, all turned and scaled alike."""

from collections.abc import Iterator
from itertools import product

import numpy as np
from numpy.typing import NDArray

from pipeline.auditing.keypoints import Floats, Keypoints, mirror, normalise

Integers = NDArray[np.int64]
Bins = NDArray[np.int8]

ALIKE = 0.88
"""Least cosine of two descriptors that vote."""
VOTES = 4
"""Least votes that agree."""
NEAREST = 4
"""Most votes of a feature."""
LIST_LENGTH = 400
"""Features a list of the index; a feature is compared with those of its two nearest lists."""
BLOCK = 20_000_000
"""Products held at once."""
BINS = (12, 16, 32, 32)
"""Bins of the turn (30 degrees each), of the scale (an octave each), and of the place along x and y."""
CELL_PX = 64
"""Width of a bin of the place."""
MIDDLE_PX = 96
"""The point of the first picture, in x and y, whose place in the second the votes are about."""


def find_by_features(keypoints: Keypoints, units: Integers, histories: Integers, seed: int) -> Integers:
    """Rows (first, second, mirrored, votes) of pairs of different units and histories, first < second.

    `units` and `histories` are those of the pictures; `seed` draws the centres of the index's lists.
    """
    owners = keypoints.owners
    votes = _vote(keypoints, units[owners], histories[owners], seed)
    ballots = [_describe(keypoints, owners, *vote) for vote in votes]
    if not ballots:
        return np.empty((0, 4), np.int64)
    pairs, bins = (np.concatenate(column) for column in zip(*ballots, strict=True))
    return _elect(pairs, bins, len(keypoints.starts) - 1)


def _vote(
    keypoints: Keypoints, units: Integers, histories: Integers, seed: int
) -> Iterator[tuple[Integers, Integers, bool]]:
    """Features that match, list by list of the index: asking, found, and whether the asking picture was mirrored."""
    stored = keypoints.descriptors
    number = max(1, len(stored) // LIST_LENGTH)
    drawn = np.random.default_rng(seed).choice(len(stored), min(number, len(stored)), replace=False)
    centres = normalise(stored[drawn])
    homes = _find_lists(stored, centres, False)
    members = [np.flatnonzero(homes[:, 0] == place) for place in range(len(centres))]
    for is_mirrored in (False, True):
        asked = _find_lists(stored, centres, is_mirrored) if is_mirrored else homes
        for place, columns in enumerate(members):
            rows = np.flatnonzero((asked == place).any(axis=1))
            for block in np.array_split(rows, max(1, len(rows) * len(columns) // BLOCK)):
                if len(block) and len(columns):
                    cosines = _normalise(stored[block], is_mirrored) @ normalise(stored[columns]).T
                    cosines[units[block, None] == units[columns]] = -1
                    cosines[histories[block, None] == histories[columns]] = -1
                    first, second = _take_nearest(cosines)
                    yield block[first], columns[second], is_mirrored


def _find_lists(descriptors: NDArray[np.uint8], centres: Floats, is_mirrored: bool) -> Integers:
    """The two centres nearest to each descriptor, of the mirrored picture where asked, nearest first."""
    if len(centres) < 2:
        return np.zeros((len(descriptors), 1), np.int64)
    found = []
    for block in np.array_split(descriptors, max(1, len(descriptors) * len(centres) // BLOCK)):
        cosines = _normalise(block, is_mirrored) @ centres.T
        best = np.argpartition(-cosines, 1, axis=1)[:, :2]
        order = np.argsort(-np.take_along_axis(cosines, best, axis=1), axis=1)
        found.append(np.take_along_axis(best, order, axis=1))
    return np.concatenate(found)


def _normalise(descriptors: NDArray[np.uint8], is_mirrored: bool) -> Floats:
    return normalise(mirror(descriptors) if is_mirrored else descriptors)


def _take_nearest(cosines: Floats) -> tuple[Integers, Integers]:
    """Rows and columns of the largest cosines of each row, as far as they suffice."""
    number = min(NEAREST, cosines.shape[1])
    best = np.argpartition(-cosines, number - 1, axis=1)[:, :number]
    rows, ranks = np.nonzero(np.take_along_axis(cosines, best, axis=1) > ALIKE)
    return rows, best[rows, ranks]


def _describe(
    keypoints: Keypoints, owners: NDArray[np.int32], asking: Integers, found: Integers, is_mirrored: bool
) -> tuple[Integers, Bins]:
    """The pair of each vote, and its turn, scale, x and y in bins of half the width (Lowe 2004, section 7.3).

    Each vote says by which turn and scale the first picture becomes the second, and where its point MIDDLE_PX then lies.
    """
    swaps = owners[asking] > owners[found]
    first, second = np.where(swaps, found, asking), np.where(swaps, asking, found)
    start, end = keypoints.places[first], keypoints.places[second]
    turn = end[:, 3] + start[:, 3] - 180 if is_mirrored else end[:, 3] - start[:, 3]
    octaves = np.log2(end[:, 2] / start[:, 2])
    x, y = (MIDDLE_PX - start[:, :2]).T
    x = -x if is_mirrored else x
    cosine, sine = np.cos(np.radians(turn)) * 2**octaves, np.sin(np.radians(turn)) * 2**octaves
    pairs = (owners[first].astype(np.int64) * (len(keypoints.starts) - 1) + owners[second]) * 2 + is_mirrored
    columns = (
        turn % 360 / 360 * BINS[0],
        octaves + BINS[1] / 2,
        (end[:, 0] + cosine * x - sine * y) / CELL_PX + BINS[2] / 2,
        (end[:, 1] + sine * x + cosine * y) / CELL_PX + BINS[3] / 2,
    )
    halves = [np.clip(2 * column, 0, 2 * number - 1) for column, number in zip(columns, BINS, strict=True)]
    return pairs, np.stack(halves, axis=1).astype(np.int8)


def _elect(pairs: Integers, bins: Bins, pictures: int) -> Integers:
    """Pairs with the votes in their fullest bin; bins are laid twice in every direction, half a bin apart."""
    elected: list[Integers] = []
    for shifts in product((0, 1), repeat=len(BINS)):
        keys = pairs
        for column, (shift, number) in enumerate(zip(shifts, BINS, strict=True)):
            shifted = (bins[:, column] + shift) // 2
            # turns go round, the others end
            keys = keys * number + (shifted % number if column == 0 else np.minimum(shifted, number - 1))
        found, votes = np.unique(keys, return_counts=True)
        enough = votes >= VOTES
        elected.append(np.column_stack([found[enough] // np.prod(BINS), votes[enough]]))
    rows = np.concatenate(elected)
    rows = rows[np.lexsort((-rows[:, 1], rows[:, 0]))]
    rows = rows[np.unique(rows[:, 0], return_index=True)[1]]
    keys, votes = rows.T
    return np.column_stack([keys // 2 // pictures, keys // 2 % pictures, keys % 2, votes])
