"""An even selection of all pixels, from which percentiles and histograms are taken."""

import math
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
KEPT_VALUES = 2**22
"""Values kept of all channels together (32 MB): ranks of percentiles are then right to about a thousandth."""


class Selection:
    """Every n-th pixel of all that pass, all of them where there are few; memory does not grow with the data."""

    def __init__(self, pixels: int, channels: int, width: int) -> None:
        """`pixels` will pass in all; `width` of a row, so that the selection does not stand in columns."""
        self.step = max(1, math.ceil(pixels * channels / KEPT_VALUES))
        while self.step > 1 and math.gcd(self.step, width) > 1:
            self.step += 1
        self._passed = 0
        self._values: list[Array] = []
        self._classes: list[Array] = []

    def add(self, values: Array, classes: Array) -> None:
        """Take in values (sample, channel, pixel) and the class (sample, pixel) of each."""
        count = classes.size
        chosen = np.arange(-self._passed % self.step, count, self.step)
        sample, pixel = np.divmod(chosen, classes.shape[1])
        self._values.append(values[sample, :, pixel])
        self._classes.append(classes[sample, pixel])
        self._passed += count

    @property
    def values(self) -> Array:
        """(pixel, channel)."""
        return np.concatenate(self._values)

    @property
    def classes(self) -> Array:
        """(pixel,)."""
        return np.concatenate(self._classes)
