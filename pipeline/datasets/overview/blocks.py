"""The arrays in blocks of a few MB: small samples of one size together, a large one in strips."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from tqdm import tqdm

from pipeline.datasets.arrays import IGNORED, Arrays

Array = np.ndarray[Any, np.dtype[Any]]
BLOCK_VALUES = 2**17
"""Values of a block: what fits a processor's cache together with what is computed from it."""


@dataclass(frozen=True)
class Block:
    """Rows of one sample, or whole samples of one size."""

    positions: Array
    """Places of the samples in the index."""
    top: int
    """First row of the samples that the block holds."""
    height: int
    """Height of the samples."""
    images: Array
    """(sample, channel, row, column), float64, which holds every value of every type exactly."""
    masks: Array | None
    """(sample, row, column), class indices, IGNORED where nothing is known; None where no sample of the store has a mask."""


def read_blocks(arrays: Arrays) -> Iterator[Block]:
    """Every pixel once, in the order of the index."""
    labelled = arrays.index["mask_offset"].to_numpy() >= 0
    with tqdm(total=len(arrays), desc="explore", unit="sample", disable=None) as progress:
        for positions, height, strip in _runs(arrays):
            images = [arrays.image(position) for position in positions]
            masks = [arrays.mask(position) if labelled[position] else None for position in positions]
            for top in range(0, height, strip):
                rows = slice(top, top + strip)
                stack = np.stack([image[rows] for image in images])
                pixels = np.ascontiguousarray(np.moveaxis(stack, -1, 1), dtype=np.float64)
                known = np.stack([_of_mask(mask, rows, stack.shape[1:3]) for mask in masks]) if labelled.any() else None
                yield Block(positions, top, height, pixels, known)
            progress.update(len(positions))


def _of_mask(mask: Array | None, rows: slice, shape: tuple[int, ...]) -> Array:
    return np.full(shape, IGNORED, np.uint8) if mask is None else mask[rows]


def _runs(arrays: Arrays) -> Iterator[tuple[Array, int, int]]:
    """Positions that follow each other and share a size, that size's height, and the rows of a strip of it."""
    shapes = arrays.index[["height", "width", "channels"]].to_numpy()
    starts = np.flatnonzero(np.any(shapes[1:] != shapes[:-1], axis=1)) + 1
    for run in np.split(np.arange(len(shapes)), starts):
        height, width, channels = (int(side) for side in shapes[run[0]])
        together = max(1, BLOCK_VALUES // (height * width * channels))
        strip = height if together > 1 else max(1, BLOCK_VALUES // (width * channels))
        for first in range(0, len(run), together):
            yield run[first : first + together], height, strip
