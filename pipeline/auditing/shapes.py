"""Candidates by the shape as a whole: low frequencies of a small picture, compared in all eight orientations."""

from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from pipeline.auditing.planes import Bytes

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

SMALL_PX = 32
WAVES = 8
"""Frequencies a direction."""
DIMENSIONS = 16
"""Principal components that the tree holds."""
REACH = 0.55
"""Distance of two descriptors of length 1 beyond which no pair is looked at."""
ALIKE = 0.75
"""Least cosine in the best orientation."""
NEAREST = 4
"""Most candidates of a sample."""
BLOCK = 50_000
"""Shapes or pairs of them that are worked on at once."""
CROWDS = (16, 128, 1024)
"""Neighbours asked for: more where all of them are of the sample's own unit, as in a still film."""
ORIENTATIONS: list[tuple[bool, int, int]] = list(product((False, True), (1, -1), (1, -1)))
"""Whether x and y change places, then the signs of x and y."""


@dataclass(frozen=True)
class ByShape:
    """Pairs of alike shapes."""

    pairs: Integers
    """first, second and orientation; shape (pairs, 3)."""
    scores: Floats
    """Cosine of each pair."""
    crowded: int
    """Samples whose nearest were all of their own unit: others may lie behind them."""


def describe_shape(plane: Bytes) -> Floats:
    """WAVES x WAVES coefficients of the cosine transform without the mean, high ones raised, length 1; zeros where nothing is seen."""
    small = cv2.resize(plane, (SMALL_PX, SMALL_PX), interpolation=cv2.INTER_AREA).astype(np.float32)
    coefficients = cv2.dct(small)[:WAVES, :WAVES]
    # natural pictures have amplitudes that fall as 1/frequency
    coefficients = coefficients * np.hypot(*np.mgrid[:WAVES, :WAVES])
    length = np.linalg.norm(coefficients)
    return np.asarray(coefficients / length if length > 1 else np.zeros_like(coefficients), np.float32)


def turn_matrix(orientation: int) -> Floats:
    """The 2x2 matrix that brings places of the first picture, from its centre, to those of the second."""
    is_swapped, x, y = ORIENTATIONS[orientation]
    matrix = np.diag([x, y]).astype(np.float32)
    return matrix[:, ::-1].copy() if is_swapped else matrix


def find_by_shape(shapes: Floats, units: Integers, histories: Integers) -> ByShape:
    """Pairs of samples of different units and histories, from descriptors (samples, WAVES, WAVES)."""
    seen = np.flatnonzero(np.abs(shapes).sum(axis=(1, 2)) > 0)
    if len(seen) < 2:
        return ByShape(np.empty((0, 3), np.int64), np.empty(0, np.float32), 0)
    blocks = np.array_split(seen, -(-len(seen) // BLOCK))
    points = _project(np.concatenate([_drop_orientation(shapes[block]) for block in blocks]))
    pairs, crowded = _ask(points, units[seen], histories[seen])
    oriented = [_orient(shapes, seen[block]) for block in np.array_split(pairs, max(1, -(-len(pairs) // BLOCK)))]
    best, scores = (np.concatenate(column) for column in zip(*oriented, strict=True))
    kept = scores >= ALIKE
    return ByShape(np.column_stack([seen[pairs], best])[kept], scores[kept], crowded)


def _drop_orientation(shapes: Floats) -> Floats:
    """The same numbers for a picture in all eight orientations: magnitudes, the two of swapped axes in order."""
    magnitudes = np.abs(shapes)
    swapped = magnitudes.transpose(0, 2, 1)
    upper, lower = np.triu_indices(WAVES), np.tril_indices(WAVES, -1)
    larger, smaller = np.maximum(magnitudes, swapped), np.minimum(magnitudes, swapped)
    return np.concatenate([larger[:, *upper], smaller[:, *lower]], axis=1)


def _project(values: Floats) -> Floats:
    """Coordinates along the principal components; distances only shrink, so that none within reach is lost."""
    centred = values - values.mean(axis=0)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    return np.asarray(centred @ vectors[:, -DIMENSIONS:], np.float32)


def _ask(points: Floats, units: Integers, histories: Integers) -> tuple[Integers, int]:
    """Pairs (first < second) of each point and its nearest of other units and histories, and the points crowded in."""
    tree, asking = cKDTree(points), np.arange(len(points))
    found = []
    for number in CROWDS:
        number = min(number, len(points))
        full = []
        for block in np.array_split(asking, max(1, len(asking) * number // 2_000_000)):
            distances, places = tree.query(points[block], number, distance_upper_bound=REACH)
            is_there = np.isfinite(distances)
            places = np.where(is_there, places, 0)
            is_other = is_there & (units[places] != units[block, None]) & (histories[places] != histories[block, None])
            is_near = is_other & (np.cumsum(is_other, axis=1) <= NEAREST)
            rows, columns = np.nonzero(is_near)
            found.append(np.column_stack([block[rows], places[rows, columns]]))
            full.append(block[is_there.all(axis=1) & ~is_other.any(axis=1)])
        asking = np.concatenate(full)
        if not len(asking) or number == len(points):
            asking = asking[:0]
            break
    pairs = np.sort(np.concatenate(found), axis=1)
    return np.unique(pairs, axis=0).astype(np.int64), len(asking)


def _orient(shapes: Floats, pairs: Integers) -> tuple[Integers, Floats]:
    """The orientation of each pair in which the shapes agree best, and the cosine in it."""
    best, scores = np.zeros(len(pairs), np.int64), np.full(len(pairs), -1, np.float32)
    odd = np.where(np.arange(WAVES) % 2, -1, 1).astype(np.float32)
    first, second = shapes[pairs[:, 0]], shapes[pairs[:, 1]]
    for orientation, (is_swapped, x, y) in enumerate(ORIENTATIONS):
        turned = first.transpose(0, 2, 1) if is_swapped else first
        turned = turned * (odd if x < 0 else 1) * (odd[:, None] if y < 0 else 1)
        cosines = np.einsum("nij,nij->n", turned, second)
        best, scores = np.where(cosines > scores, orientation, best), np.maximum(cosines, scores)
    return best, scores
