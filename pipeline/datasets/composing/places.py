"""Where cut-outs are placed: everything of a composite follows from seed, names of its parts, and its number."""

import hashlib
from typing import Any

import numpy as np

from pipeline.params import ComposeParams

Integers = np.ndarray[Any, np.dtype[np.int64]]
DRAWN = 4
"""Numbers drawn a placement: scale, mirrored or not, row, column."""


def draw_places(
    background: str, cutout: str, background_size: tuple[int, int], cutout_size: tuple[int, int], compose: ComposeParams
) -> Integers:
    """Top, left, height, width and is_flipped of all placements of a pair, shape (placements, 5), in pixels.

    The cut-out's longer side is a share, uniform in compose.scale, of the background's shorter side; its place is uniform
    among those that hold it whole. `background` and `cutout` are the names of the parts: placement number i is the same
    however many there are and whatever other parts there are.
    """
    numbers = np.random.default_rng((compose.seed, *_key(background), *_key(cutout))).random(
        (compose.placements, DRAWN)
    )
    least, most = compose.scale
    longer = np.maximum(_round((least + (most - least) * numbers[:, 0]) * min(background_size)), 1)
    sides = np.maximum(_round(longer[:, None] * np.array(cutout_size) / max(cutout_size)), 1)
    corners = np.floor(numbers[:, 2:] * (np.array(background_size) - sides + 1))
    flips = (numbers[:, 1] < 0.5) & compose.flip
    return np.column_stack([corners, sides, flips]).astype(np.int64)


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


def _key(name: str) -> tuple[int, ...]:
    """A name as four numbers of 32 bit."""
    return tuple(np.frombuffer(hashlib.sha256(name.encode()).digest()[:16], "<u4").tolist())
