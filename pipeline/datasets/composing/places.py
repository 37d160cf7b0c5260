"""Where cut-outs are placed: everything of a composite follows from seed, names of its parts, and its number."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from pipeline.params import ComposeParams

Integers = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
DRAWN = 4
"""Numbers drawn a placement: scale, mirrored or not, row, column."""


def draw_places(
    backgrounds: Sequence[str], sizes: Integers, cutout: str, cutout_size: tuple[int, int], compose: ComposeParams
) -> Integers:
    """Top, left, height, width and is_flipped of a cut-out on backgrounds, shape (backgrounds, placements, 5), in pixels.

    The cut-out's longer side is a share, uniform in compose.scale, of the background's shorter side; its place is uniform
    among those that hold it whole. Parts are given by name, `sizes` (backgrounds, 2) are theirs: placement number i of a
    pair is the same however many there are and whatever other parts there are.
    """
    of_cutout = _key(cutout)
    numbers = np.array([_draw(compose, _key(background) + of_cutout) for background in backgrounds])
    numbers, sizes = numbers.reshape(-1, compose.placements, DRAWN), sizes.reshape(-1, 1, 2)
    least, most = compose.scale
    longer = np.maximum(_round((least + (most - least) * numbers[..., 0]) * sizes.min(axis=-1)), 1)
    sides = np.maximum(_round(longer[..., None] * np.array(cutout_size) / max(cutout_size)), 1)
    corners = np.floor(numbers[..., 2:] * (sizes - sides + 1))
    flips = (numbers[..., 1:2] < 0.5) & compose.flip
    return np.concatenate([corners, sides, flips], axis=-1).astype(np.int64)


def find_longest(shortest_side: int, compose: ComposeParams) -> int:
    """The longest side in pixels that a cut-out can be placed with on a background of this shortest side."""
    return max(1, int(_round(np.array(compose.scale[1] * shortest_side))))


def choose_pairs(backgrounds: int, cutouts: int, compose: ComposeParams) -> Integers:
    """Numbers of the background and cut-out of each pair, shape (pairs, 2), ascending: all, or compose.pairs drawn ones."""
    found = backgrounds * cutouts
    if compose.pairs is None or compose.pairs >= found:
        numbers = np.arange(found)
    else:
        numbers = np.sort(np.random.default_rng(compose.seed).choice(found, compose.pairs, replace=False))
    return np.stack(np.divmod(numbers, max(cutouts, 1)), axis=1)


def _round(values: Any) -> Any:
    return np.floor(values + 0.5)


def _draw(compose: ComposeParams, key: bytes) -> Floats:
    seed = np.frombuffer(compose.seed.to_bytes(4, "little") + key, "<u4")
    return np.random.default_rng(seed).random((compose.placements, DRAWN))


@lru_cache(maxsize=2**16)
def _key(name: str) -> bytes:
    """A name as four numbers of 32 bit."""
    return hashlib.sha256(name.encode()).digest()[:16]
