"""From the grey values of mask files to class indices, with the pixels that do not count."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipeline.datasets.arrays import IGNORED
from pipeline.params import DataParams

Array = np.ndarray[Any, np.dtype[Any]]


def find_counted(mask: Array, data: DataParams) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which pixels (height, width) of a mask file count: not of the ignored value and in no ignored region."""
    counted = np.ones(mask.shape, bool) if data.ignore_value is None else mask != data.ignore_value
    for region in data.ignore_regions:
        counted[region.top : region.top + region.height, region.left : region.left + region.width] = False
    return counted


def encode_mask(mask: Array, values: Sequence[int], data: DataParams) -> Array:
    """Class indices (height, width), uint8, IGNORED where a pixel does not count.

    `values` has the grey value of each class, background first; it must hold every value that counts.
    """
    order = np.argsort(values)
    ranks = np.searchsorted(np.asarray(values)[order], mask).clip(max=len(values) - 1)
    classes: Array = np.where(find_counted(mask, data), order[ranks], IGNORED).astype(np.uint8)
    return classes
