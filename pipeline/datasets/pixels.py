"""The pixels of one sample."""

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Pixels:
    """Image (height, width, channels), and the mask and depth (height, width) of a sample that has them."""

    image: Array
    mask: Array | None = None
    depth: Array | None = None
