"""One grey plane a sample, the same for all types, channels and sizes: what pictures are compared on."""

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.datasets.arrays import IGNORED, Array, Arrays

Bytes = NDArray[np.uint8]

LONGEST_PX = 192
"""Longest side of a plane; what is finer than that tells no copy from another picture."""
SHORTEST_PX = 64
"""Shortest side of a plane; features of smaller pictures are too few."""
FAINTEST = 2.0
"""Grey range, in steps of 8 bit, below which a picture is empty."""
TINY = float(np.finfo(np.float32).tiny)
"""Any range of fractions counts: their unit is not known."""
LUMA = np.array([0.299, 0.587, 0.114], np.float32)
"""Weights of red, green and blue (ITU-R BT.601), as in JPEG."""
CACHED = 256
"""Planes held at once while pairs are verified."""


class Planes:
    """The planes of some samples of the prepared store, drawn when asked for."""

    def __init__(self, arrays: Arrays, positions: NDArray[np.intp]) -> None:
        """`positions` are places in the store's index."""
        self._arrays = arrays
        self._positions = positions
        self._has_mask = (arrays.index["mask_offset"] >= 0).to_numpy()
        self._cached = lru_cache(CACHED)(self._draw)

    def __len__(self) -> int:
        return len(self._positions)

    def draw(self, place: int) -> Bytes:
        """The plane (height, width) of the sample at a place among the positions; constant where there is nothing to see."""
        return self._cached(int(place))

    def _draw(self, place: int) -> Bytes:
        position = int(self._positions[place])
        mask = self._arrays.mask(position) if self._has_mask[position] else None
        return draw_plane(self._arrays.image(position), mask)


def draw_plane(image: Array, mask: Array | None) -> Bytes:
    """Luma of three channels, else the mean over the channels (height, width, channel), between the percentiles .5 and 99.5.

    What the mask ignores is filled with the median, so that identical burnt-in panels make no pictures alike.
    """
    height, width = image.shape[:2]
    size = _fit(height, width)
    counted = None if mask is None or not (mask == IGNORED).any() else mask != IGNORED
    # three channels are most often colours, and JPEG keeps little of colour but its luma
    views = [image @ LUMA] if image.shape[-1] == 3 else np.moveaxis(image, -1, 0)
    step = 1.0 if np.issubdtype(image.dtype, np.integer) else TINY
    planes = [_stretch(view, counted, size, FAINTEST * step) for view in views]
    return np.asarray(np.mean(planes, axis=0).round(), np.uint8)


def is_empty(plane: Bytes) -> bool:
    """Whether a plane shows nothing: identical empty pictures tell nothing of each other."""
    return bool(plane.min() == plane.max())


def _fit(height: int, width: int) -> tuple[int, int]:
    """Width and height of the plane, as OpenCV wants them."""
    scale = min(LONGEST_PX / max(height, width), max(1.0, SHORTEST_PX / min(height, width)))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _stretch(channel: Array, counted: Any, size: tuple[int, int], faintest: float) -> NDArray[np.float32]:
    values = np.ascontiguousarray(channel, np.float32)
    seen = values if counted is None else values[counted]
    if not seen.size:
        return np.full(size[::-1], 128, np.float32)
    if counted is not None:
        values = np.where(counted, values, np.median(seen)).astype(np.float32)
    shrinks = size[0] < values.shape[1] or size[1] < values.shape[0]
    small = cv2.resize(values, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    low, high = np.percentile(small, [0.5, 99.5])
    if high - low < faintest:
        return np.full(size[::-1], 128, np.float32)
    return np.clip((small - low) * (255 / (high - low)), 0, 255).astype(np.float32)
