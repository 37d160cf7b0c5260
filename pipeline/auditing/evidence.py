"""Whether two pictures that agree have enough to agree in: any disc lies over any other, and any sky over any other."""

import cv2
import numpy as np

from pipeline.auditing.keypoints import gather_keypoints, mirror, normalise
from pipeline.auditing.likeness import Affine, Floats, Overlay
from pipeline.auditing.planes import Bytes

FINE_PX = 2.0
"""Finer than that is grain: noise and texture."""
LEAST_GRAIN = 0.2
"""Correlation of the grain in the quieter half: independent noise has less than .1, copies .2 to 1 but for strong JPEG."""
LEAST_PLACES = 5
"""Places of features that lie over their like: discs and skies have at most 1, copies of more detailed pictures 6 and more."""
APART_PX = 8
"""Features nearer than that are at one place."""
NEAR_PX = 3.0
"""How near a feature lies to its like."""
LIKE = 0.8
"""Least cosine of a feature and its like."""


def is_telling(first: Bytes, second: Bytes, affine: Affine, overlay: Overlay) -> bool:
    """Whether the grain agrees, or features at several places do."""
    return correlate_grain(overlay) >= LEAST_GRAIN or count_places(first, second, affine) >= LEAST_PLACES


def correlate_grain(overlay: Overlay) -> float:
    """Correlation of what is finer than FINE_PX, in the half of the overlap where there is less of it."""
    one, other = _sharpen(overlay.first), _sharpen(overlay.second)
    inside = cv2.erode(overlay.inside.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    if not inside.any():
        return 0.0
    energies = [cv2.boxFilter(values * values, -1, (9, 9)) for values in (one, other)]
    medians = [max(float(np.median(energy[inside])), 1e-6) for energy in energies]
    energy = np.maximum(energies[0] / medians[0], energies[1] / medians[1])
    quiet = inside & (energy <= np.median(energy[inside]))
    x, y = one[quiet], other[quiet]
    return float((x * y).mean() / np.sqrt((x * x).mean() * (y * y).mean() + 1e-6))


def count_places(first: Bytes, second: Bytes, affine: Affine) -> int:
    """Places of features of the first picture that lie over like features of the second."""
    keypoints = gather_keypoints([first, second])
    ours, theirs = keypoints.of(0), keypoints.of(1)
    starts, ends = keypoints.places[ours, :2], keypoints.places[theirs, :2]
    if not len(starts) or not len(ends):
        return 0
    described = keypoints.descriptors[theirs]
    described = mirror(described) if np.linalg.det(affine[:, :2]) < 0 else described
    apart = np.linalg.norm((starts @ affine[:, :2].T + affine[:, 2])[:, None] - ends, axis=-1)
    alike = normalise(keypoints.descriptors[ours]) @ normalise(described).T
    agrees = ((apart < NEAR_PX) & (alike > LIKE)).any(axis=1)
    return len(np.unique(np.floor(starts[agrees] / APART_PX), axis=0))


def _sharpen(values: Floats) -> Floats:
    return values - cv2.GaussianBlur(values, (0, 0), FINE_PX)
