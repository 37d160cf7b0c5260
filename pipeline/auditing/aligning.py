"""Lay one picture over another: a guess from features or from the shape as a whole, refined on the pixels."""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.auditing.keypoints import Floats, Keypoints, mirror, normalise
from pipeline.auditing.likeness import Affine, compare, lay
from pipeline.auditing.planes import Bytes

ALIKE = 0.85
"""Least cosine of descriptors that are each other's nearest."""
REACH_PX = 3.0
"""Features further than this from where the affine says do not follow it."""
PLACES = 4
"""Least features, at so many places apart, that follow one affine."""
TURN_DEGREES, SCALE_OCTAVES = 20.0, 0.6
"""How far matches of one affine differ in turn and scale."""
APART_PX = 6
"""Features nearer than that are at one place."""
STRETCH = 1.8
"""Most that a copy is stretched along one direction more than along the other."""
HOPELESS = 0.2
"""Score of a guess from which no refinement makes the same picture."""


def guess_by_features(keypoints: Keypoints, first: int, second: int, is_mirrored: bool) -> Affine | None:
    """The affine that most features of two pictures follow; None where too few do."""
    of_first, of_second = keypoints.of(first), keypoints.of(second)
    one, other = keypoints.descriptors[of_first], keypoints.descriptors[of_second]
    if min(len(one), len(other)) < PLACES:
        return None
    cosines = normalise(one) @ normalise(mirror(other) if is_mirrored else other).T
    nearest = cosines.argmax(axis=1)
    rows = np.arange(len(nearest))
    kept = (cosines.argmax(axis=0)[nearest] == rows) & (cosines[rows, nearest] > ALIKE)
    starts, ends = keypoints.places[of_first][kept], keypoints.places[of_second][nearest[kept]]
    agrees = _turn_alike(starts, ends, is_mirrored)
    starts, ends = starts[agrees, :2], ends[agrees, :2]
    if len(starts) < PLACES:
        return None
    cv2.setRNGSeed(0)  # the same pairs are found whatever was looked at before
    found, follows = cv2.estimateAffine2D(starts, ends, None, cv2.RANSAC, REACH_PX, 300)
    if found is None or not _is_sound(found) or _count_places(starts[follows[:, 0] > 0]) < PLACES:
        return None
    return np.asarray(found, np.float32)


def guess_by_orientation(turned: NDArray[np.float32], first: Bytes, second: Bytes) -> Affine:
    """The affine of one of the eight orientations, a 2x2 matrix of 0, 1 and -1, between planes of any size."""
    sizes = np.array(first.shape[::-1], np.float32), np.array(second.shape[::-1], np.float32)
    linear = turned * sizes[1][:, None] / sizes[0][None]
    centres = (sizes[0] - 1) / 2, (sizes[1] - 1) / 2
    return np.column_stack([linear, centres[1] - linear @ centres[0]]).astype(np.float32)


def refine(first: Bytes, second: Bytes, guess: Affine) -> Affine | None:
    """The affine near a guess that lays the second plane best over the first; None where nothing comes of the guess."""
    overlay = lay(first, second, guess)
    if overlay is None or compare(overlay).score < HOPELESS:
        return None
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 40, 1e-4)
    try:
        everywhere = np.ones(second.shape, np.uint8)
        _, found = cv2.findTransformECC(first, second, guess.copy(), cv2.MOTION_AFFINE, criteria, everywhere, 5)
    except cv2.error:  # no convergence: nothing to lay over
        return None
    affine = np.asarray(found, np.float32)
    return affine if _is_sound(affine) else None


def tell_affine(affine: Affine, overlap: float) -> str:
    """What was done to the first picture to make the second, in words."""
    scale = float(np.sqrt(abs(np.linalg.det(affine[:, :2]))))
    is_mirrored = np.linalg.det(affine[:, :2]) < 0
    column = affine[:, 0] * (-1 if is_mirrored else 1)
    turn = round(float(np.degrees(np.arctan2(column[1], column[0]))))
    parts = ["mirrored"] if is_mirrored else []
    parts += [f"turned by {turn} degrees"] if abs(turn) > 1 else []
    parts += [f"scaled by {scale:.2f}"] if abs(scale - 1) > 0.03 else []
    parts += [f"{overlap:.0%} of the area in common"] if overlap < 0.95 else []
    return ", ".join(parts) or "encoded or shaded in another way"


def _turn_alike(starts: Floats, ends: Floats, is_mirrored: bool) -> NDArray[np.bool_]:
    """Which matches turn and scale as the largest group of them does."""
    turns = ends[:, 3] + (starts[:, 3] if is_mirrored else -starts[:, 3])
    scales = np.log2(ends[:, 2] / starts[:, 2])
    apart = np.abs((turns[:, None] - turns + 180) % 360 - 180)
    agrees = (apart < TURN_DEGREES) & (np.abs(scales[:, None] - scales) < SCALE_OCTAVES)
    return agrees[agrees.sum(axis=1).argmax()] if len(turns) else np.zeros(0, bool)


def _is_sound(affine: NDArray[np.floating]) -> bool:
    """Whether an affine is one that copies are made by: no strong stretch in one direction."""
    large, small = np.linalg.svd(affine[:, :2])[1]
    return bool(small > 0.2 and large < STRETCH * small)


def _count_places(points: NDArray[np.float32]) -> int:
    return len(np.unique(np.floor(points / APART_PX), axis=0))
