"""From the grey values of mask files to class indices, with the pixels that do not count."""

from collections import Counter
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


def count_values(mask: Array, data: DataParams) -> Counter[int]:
    """Pixels of each value of a mask file, of those that count."""
    counted = mask[find_counted(mask, data)] if _has_ignored(data) else mask.ravel()
    if mask.dtype == np.uint8:
        numbers = np.bincount(counted)
        values = np.flatnonzero(numbers)
        counts = numbers[values]
    else:
        values, counts = np.unique(counted, return_counts=True)
    return Counter(dict(zip(values.tolist(), counts.tolist(), strict=True)))


def encode_mask(mask: Array, values: Sequence[int], data: DataParams) -> Array:
    """Class indices (height, width), uint8, IGNORED where a pixel does not count.

    `values` has the grey value of each class, background first; it must hold every value that counts.
    """
    if mask.dtype == np.uint8:
        table = np.full(max(255, *values) + 1, IGNORED, np.uint8)
        table[list(values)] = np.arange(len(values))
        classes: Array = table[mask]
    else:
        order = np.argsort(values)
        ranks = np.searchsorted(np.asarray(values)[order], mask).clip(max=len(values) - 1)
        classes = order[ranks].astype(np.uint8)
    if _has_ignored(data):
        classes[~find_counted(mask, data)] = IGNORED
    return classes


def _has_ignored(data: DataParams) -> bool:
    return data.ignore_value is not None or bool(data.ignore_regions)
