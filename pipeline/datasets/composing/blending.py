"""One composite from its parts, in whole numbers, so that every machine draws the same pixels."""

from typing import Any, NamedTuple

import numpy as np
from PIL import Image

Array = np.ndarray[Any, np.dtype[Any]]
HALF = 128
"""Least alpha of foreground."""


class Place(NamedTuple):
    """Where a cut-out lies in its background, in pixels, and whether it is mirrored."""

    top: int
    left: int
    height: int
    width: int
    is_flipped: bool


def draw_image(background: Array, cutout: Array, place: Place, *, with_background: bool) -> Array:
    """The composite (height, width, channels), uint8, and the background again as further channels where wanted.

    `background` is (height, width, channels) of 1 or 3 channels; `cutout` (height, width, 4) is red, green and blue
    multiplied by alpha, and alpha. Each pixel is cut-out + background (255 - alpha) / 255.
    """
    layer = _lay(resize_cutout(cutout, place.height, place.width), place)
    channels = background.shape[-1]
    drawn = np.tile(background, (1, 1, 2)) if with_background else background.copy()
    covered = _cover(drawn[..., :channels], place)
    rest = np.multiply(covered, 255 - layer[..., 3:], dtype=np.uint16) + np.uint16(128)
    rest = (rest + (rest >> 8)) >> 8  # rounded division by 255
    np.add(rest, layer[..., :channels], out=covered, casting="unsafe")  # at most 255, as no colour exceeds its alpha
    return drawn


def draw_mask(shape: tuple[int, int], cutout: Array, place: Place) -> Array:
    """The mask (height, width), uint8: 1 where alpha is at least HALF in the image that `draw_image` gives, else 0."""
    mask = np.zeros(shape, np.uint8)
    _cover(mask, place)[...] = _lay(_resize_alpha(cutout, place.height, place.width), place) >= HALF
    return mask


def count_foreground(cutout: Array, height: int, width: int) -> int:
    """Pixels of foreground in every mask of this cut-out at this size, wherever it lies and however it is turned."""
    return int((_resize_alpha(cutout, height, width) >= HALF).sum())


def resize_cutout(cutout: Array, height: int, width: int) -> Array:
    """A cut-out multiplied by its alpha at another size; no value becomes greater than its alpha."""
    if cutout.shape[:2] == (height, width):
        return cutout
    picture = Image.frombuffer("RGBa", cutout.shape[1::-1], np.ascontiguousarray(cutout), "raw", "RGBa", 0, 1)
    return np.asarray(picture.resize((width, height), Image.Resampling.BILINEAR))


def _resize_alpha(cutout: Array, height: int, width: int) -> Array:
    """The last channel of `resize_cutout`."""
    alpha = np.ascontiguousarray(cutout[..., 3])
    if alpha.shape == (height, width):
        return alpha
    return np.asarray(Image.fromarray(alpha).resize((width, height), Image.Resampling.BILINEAR))


def _lay(layer: Array, place: Place) -> Array:
    return layer[:, ::-1] if place.is_flipped else layer


def _cover(pixels: Array, place: Place) -> Array:
    return pixels[place.top : place.top + place.height, place.left : place.left + place.width]
