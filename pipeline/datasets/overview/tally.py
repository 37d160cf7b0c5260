"""The one pass over images and masks: what is counted on the way."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.datasets.arrays import IGNORED, Arrays
from pipeline.datasets.overview.blocks import Block, read_blocks
from pipeline.datasets.overview.means import MeanImages
from pipeline.datasets.overview.moments import Moments, start_moments
from pipeline.datasets.overview.sampling import Selection

Array = np.ndarray[Any, np.dtype[Any]]
MASK_VALUES = IGNORED + 1


@dataclass(frozen=True)
class Tally:
    """A few numbers a sample, and what is known of all pixels together."""

    moments: Moments
    colour: Array
    """(sample,): mean over its pixels of the distance between the highest and the lowest channel; 0 is grey."""
    class_pixels: Array
    """(sample, class), pixels of each class that count."""
    selection: Selection
    means: MeanImages


def tally_pixels(arrays: Arrays, classes: int) -> Tally:
    """Look at every pixel of images and masks once."""
    index = arrays.index
    channels = int(index["channels"].iloc[0])
    pixels = int((index["height"] * index["width"]).sum())
    tally = Tally(
        start_moments(len(index), channels),
        np.zeros(len(index)),
        np.zeros((len(index), classes), np.int64),
        Selection(pixels, channels, int(index["width"].iloc[0])),
        MeanImages(index),
    )
    for block in read_blocks(arrays):
        _add(tally, block)
    return tally


def _add(tally: Tally, block: Block) -> None:
    samples, channels, rows, columns = block.images.shape
    values = block.images.reshape(samples, channels, rows * columns)
    known = np.full(values[:, 0].shape, IGNORED, np.uint8) if block.masks is None else block.masks.reshape(samples, -1)
    tally.moments.add(block.positions, values)
    tally.selection.add(values, known)
    tally.means.add(block)
    share = rows / block.height
    tally.colour[block.positions] += share * (values.max(axis=1) - values.min(axis=1)).mean(axis=-1)
    if block.masks is not None:
        tally.class_pixels[block.positions] += _count_classes(known, tally.class_pixels.shape[1])


def _count_classes(known: Array, classes: int) -> Array:
    """(sample, class) from class indices (sample, pixel)."""
    shifted = known + MASK_VALUES * np.arange(len(known))[:, None]
    counts = np.bincount(shifted.ravel(), minlength=MASK_VALUES * len(known))
    return np.asarray(counts.reshape(len(known), MASK_VALUES)[:, :classes])
