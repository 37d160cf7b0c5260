"""Candidates by local features: pictures of which several features match, all turned and scaled alike."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from pipeline.auditing.keypoints import Floats, Keypoints, mirror, normalise

Integers = NDArray[np.int64]

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
TURNS = 12
"""Bins of the turn between two features, 30 degrees each."""
SCALES = 16
"""Bins of the scale between two features, each twice the one before."""


def find_by_features(keypoints: Keypoints, units: Integers, histories: Integers, seed: int) -> Integers:
    """Rows (first, second, mirrored, votes) of pairs of different units and histories, first < second.

    `units` and `histories` are those of the pictures; `seed` draws the centres of the index's lists.
    """
    owners = keypoints.owners
    ballots = [
        _describe(keypoints, owners, *votes) for votes in _vote(keypoints, units[owners], histories[owners], seed)
    ]
    return _elect(np.concatenate(ballots) if ballots else np.empty((0, 5), np.int64), len(keypoints.starts) - 1)


def _vote(
    keypoints: Keypoints, units: Integers, histories: Integers, seed: int
) -> Iterator[tuple[Integers, Integers, bool]]:
    """Features that match, list by list of the index: asking, found, and whether the asking picture was mirrored."""
    stored = keypoints.descriptors
    number = max(1, len(stored) // LIST_LENGTH)
    drawn = np.random.default_rng(seed).choice(len(stored), min(number, len(stored)), replace=False)
    centres = normalise(stored[drawn])
    homes = _find_lists(stored, centres)
    members = [np.flatnonzero(homes[:, 0] == place) for place in range(len(centres))]
    for is_mirrored in (False, True):
        asking = mirror(stored) if is_mirrored else stored
        asked = _find_lists(asking, centres) if is_mirrored else homes
        for place, columns in enumerate(members):
            rows = np.flatnonzero((asked == place).any(axis=1))
            for block in np.array_split(rows, max(1, len(rows) * len(columns) // BLOCK)):
                if len(block) and len(columns):
                    cosines = normalise(asking[block]) @ normalise(stored[columns]).T
                    cosines[units[block, None] == units[columns]] = -1
                    cosines[histories[block, None] == histories[columns]] = -1
                    first, second = _take_nearest(cosines)
                    yield block[first], columns[second], is_mirrored


def _find_lists(descriptors: NDArray[np.uint8], centres: Floats) -> Integers:
    """The two centres nearest to each descriptor, nearest first."""
    if len(centres) < 2:
        return np.zeros((len(descriptors), 1), np.int64)
    found = []
    for block in np.array_split(descriptors, max(1, len(descriptors) * len(centres) // BLOCK)):
        cosines = normalise(block) @ centres.T
        best = np.argpartition(-cosines, 1, axis=1)[:, :2]
        order = np.argsort(-np.take_along_axis(cosines, best, axis=1), axis=1)
        found.append(np.take_along_axis(best, order, axis=1))
    return np.concatenate(found)


def _take_nearest(cosines: Floats) -> tuple[Integers, Integers]:
    """Rows and columns of the largest cosines of each row, as far as they suffice."""
    number = min(NEAREST, cosines.shape[1])
    best = np.argpartition(-cosines, number - 1, axis=1)[:, :number]
    rows, ranks = np.nonzero(np.take_along_axis(cosines, best, axis=1) > ALIKE)
    return rows, best[rows, ranks]


def _describe(
    keypoints: Keypoints, owners: NDArray[np.int32], asking: Integers, found: Integers, is_mirrored: bool
) -> Integers:
    """Rows (first, second, mirrored, turn, scale) of the votes, turn and scale in bins of half the width."""
    angles, sizes = keypoints.places[:, 3], keypoints.places[:, 2]
    swaps = owners[asking] > owners[found]
    # a mirrored picture's turn is the same from both sides, else the other way round
    turn = angles[asking] + angles[found] if is_mirrored else (angles[found] - angles[asking]) * np.where(swaps, -1, 1)
    scale = np.log2(sizes[found] / sizes[asking]) * np.where(swaps, -1, 1)
    columns = (
        np.minimum(owners[asking], owners[found]),
        np.maximum(owners[asking], owners[found]),
        np.full(len(asking), is_mirrored),
        np.floor(turn % 360 / 360 * 2 * TURNS) % (2 * TURNS),
        np.clip(np.floor(2 * scale) + SCALES, 0, 2 * SCALES - 2),
    )
    return np.stack(columns, axis=1).astype(np.int64)


def _elect(ballots: Integers, pictures: int) -> Integers:
    """Pairs with the votes in their fullest bin of turn and scale; bins are laid twice, half a bin apart."""
    first, second, is_mirrored, turn, scale = ballots.T
    pairs = (first * pictures + second) * 2 + is_mirrored
    elected: list[Integers] = []
    for turn_shift, scale_shift in ((0, 0), (0, 1), (1, 0), (1, 1)):
        turns, scales = (turn + turn_shift) % (2 * TURNS) // 2, (scale + scale_shift) // 2
        keys, votes = np.unique((pairs * TURNS + turns) * SCALES + scales, return_counts=True)
        enough = votes >= VOTES
        elected.append(np.column_stack([keys[enough] // (TURNS * SCALES), votes[enough]]))
    found = np.concatenate(elected)
    found = found[np.lexsort((-found[:, 1], found[:, 0]))]
    found = found[np.unique(found[:, 0], return_index=True)[1]]
    keys, votes = found.T
    return np.column_stack([keys // 2 // pictures, keys // 2 % pictures, keys % 2, votes])
