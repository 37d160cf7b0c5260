"""Local features of pictures: what still matches after a turn or a crop."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.auditing.planes import Bytes

Floats = NDArray[np.float32]

MOST = 96
"""Features a picture."""
LENGTH = 128
"""Numbers of a SIFT descriptor: 4 rows, 4 columns, 8 directions."""


@dataclass(frozen=True)
class Keypoints:
    """Features of all pictures, one after another."""

    starts: NDArray[np.int64]
    """First feature of each picture, and the end; shape (pictures + 1,)."""
    places: Floats
    """x, y, size (px) and angle (degrees) of each; shape (features, 4)."""
    descriptors: Bytes
    """Shape (features, LENGTH)."""

    def of(self, picture: int) -> slice:
        """Where the features of a picture are."""
        return slice(int(self.starts[picture]), int(self.starts[picture + 1]))

    @property
    def owners(self) -> NDArray[np.int32]:
        """The picture of each feature."""
        return np.repeat(np.arange(len(self.starts) - 1, dtype=np.int32), np.diff(self.starts))


def gather_keypoints(planes: Iterable[Bytes]) -> Keypoints:
    """The strongest SIFT features of each plane."""
    # faint contrast and edges count too: microscopy has few corners
    sift = cv2.SIFT.create(contrastThreshold=0.01, edgeThreshold=20)
    places: list[Floats] = []
    descriptors: list[Bytes] = []
    for plane in planes:
        found, described = sift.detectAndCompute(plane, None)
        kept = _choose(found)
        rows = [(*found[row].pt, found[row].size, found[row].angle) for row in kept]
        places.append(np.array(rows, np.float32).reshape(-1, 4))
        descriptors.append(described[kept].astype(np.uint8) if len(kept) else np.empty((0, LENGTH), np.uint8))
    starts = np.cumsum([0, *(len(rows) for rows in places)])
    empty = np.empty((0, 4), np.float32), np.empty((0, LENGTH), np.uint8)
    return Keypoints(starts, np.concatenate([empty[0], *places]), np.concatenate([empty[1], *descriptors]))


def mirror(descriptors: Bytes) -> Bytes:
    """Descriptors of the same features in the mirrored picture: rows in reverse order, directions negated."""
    cells = descriptors.reshape(-1, 4, 4, 8)
    return cells[:, ::-1][..., [0, 7, 6, 5, 4, 3, 2, 1]].reshape(-1, LENGTH)


def normalise(descriptors: Bytes) -> Floats:
    """Rows of length 1, so that their products are cosines."""
    values = descriptors.astype(np.float32)
    return values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1)


def _choose(found: Sequence[cv2.KeyPoint]) -> NDArray[np.intp]:
    """The strongest, half of them among the coarser: fine ones do not outlive a smaller size."""
    response = np.array([point.response for point in found])
    size = np.array([point.size for point in found])
    order = np.argsort(-response, kind="stable")
    if len(order) <= MOST:
        return order
    coarse = order[size[order] >= np.median(size)][: MOST // 2]
    rest = order[~np.isin(order, coarse)][: MOST - len(coarse)]
    return np.concatenate([coarse, rest])
