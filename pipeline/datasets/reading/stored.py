"""An opened image file of any format: its frames, read one by one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np

from pipeline.datasets.reading.refusal import Refusal

Array = np.ndarray[Any, np.dtype[Any]]
Role = Literal["image", "mask", "colours", "depth"]
"""What a file is read for; `colours` is a mask whose classes are colours."""

MAX_PIXELS = 178_956_970
"""Height x width that is read: Pillow's own limit against decompression bombs, here for every format."""


def _nothing() -> None:
    """Closes what needs no closing."""


@dataclass(frozen=True)
class Stored:
    """One opened file."""

    frames: int
    read: Callable[[int], Array]
    """One frame (height, width, channels), of the type that the file has."""
    close: Callable[[], None] = _nothing
    kept_bytes: int = 0
    """Pixels that stay in memory while it is open."""


class Lazy(Protocol):
    """An array that is read where it is indexed."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of each axis."""

    def __getitem__(self, index: Any, /) -> Any:
        """Pixels of a tuple of whole numbers and slices."""


def store_array(array: Lazy, axes: str, close: Callable[[], None] = _nothing) -> Stored:
    """The frames of an array whose `axes` have one letter each: T or Z frames, C channels, Y, X, or "1" for a lone one."""
    sizes = dict(zip(axes, array.shape, strict=True))
    if 0 in array.shape:
        raise Refusal("undecodable", f"has no pixels (its shape is {array.shape}): export it again")
    check_size(sizes["Y"], sizes["X"])

    def read(frame: int) -> Array:
        index = tuple(frame if axis in "TZ" else 0 if axis == "1" else slice(None) for axis in axes)
        return arrange(np.asarray(array[index]), "".join(axis for axis in axes if axis in "CYX"))

    return Stored(sizes.get("T", 1) * sizes.get("Z", 1), read, close)


def arrange(pixels: Array, axes: str) -> Array:
    """Pixels with axes C, Y, X in any order, C at most, as (height, width, channels)."""
    if "C" not in axes:
        pixels, axes = pixels[..., None], f"{axes}C"
    return pixels.transpose([axes.index(axis) for axis in "YXC"])


def check_size(height: int, width: int) -> None:
    """Refuse sizes that no memory holds, before any is taken."""
    if height * width > MAX_PIXELS:
        told = f"says that it is {width}x{height}: more than {MAX_PIXELS:,} pixels are not read"
        raise Refusal("too_large", f"{told}: cut it into tiles, or export it again if that is not its size")


def turn(pixels: Array, orientation: int) -> Array:
    """Pixels (height, width[, channels]) upright, from EXIF's orientation: 1 is upright, 3 upside down, 6 and 8 lie on a side."""
    match orientation:
        case 2:
            return pixels[:, ::-1]
        case 3:
            return pixels[::-1, ::-1]
        case 4:
            return pixels[::-1]
        case 5:
            return pixels.swapaxes(0, 1)
        case 6:
            return np.rot90(pixels, -1)
        case 7:
            return pixels[::-1, ::-1].swapaxes(0, 1)
        case 8:
            return np.rot90(pixels)
        case _:
            return pixels
