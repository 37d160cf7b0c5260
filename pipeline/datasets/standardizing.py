"""Images brought to one brightness and contrast, each by its own."""

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
DEVIATIONS = 5  # of the range of whole numbers: the 2.5 on either side hold all but the extremes


def standardize(image: Array) -> Array:
    """The image (height, width, channels) in its own type, every channel with the same mean and standard deviation.

    Floats get mean 0 and deviation 1; whole numbers the middle of their range and a fifth of it, cut where it ends: 1 and 3
    as uint8 become 127.5 -+ 51, rounded 76 and 178. A constant channel is all mean.
    """
    values = image.astype(np.float64)
    mean, deviation = values.mean(axis=(0, 1)), values.std(axis=(0, 1))
    standard = (values - mean) / np.where(deviation > 0, deviation, 1.0)
    if image.dtype.kind not in "iu":
        return standard.astype(image.dtype)
    limits = np.iinfo(image.dtype)
    low, high = float(limits.min), float(limits.max)
    spread = (low + high) / 2 + standard * (high - low) / DEVIATIONS
    return np.clip(np.round(spread), low, high).astype(image.dtype)
