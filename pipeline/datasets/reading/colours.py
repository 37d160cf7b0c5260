"""Masks whose classes are colours."""

from collections.abc import Sequence

import numpy as np

from pipeline.datasets.reading.refusal import Refusal
from pipeline.datasets.reading.stored import Array

TOLD = 8
"""Colours that a message lists."""


def index_colours(pixels: Array, colours: Sequence[str]) -> Array:
    """Index (height, width) of each pixel's colour among `colours` (#rrggbb); raises Refusal where one is not among them."""
    codes = _encode(pixels)
    known = np.array([int(colour[1:], 16) for colour in colours], np.uint32)
    order = np.argsort(known)
    places = np.searchsorted(known[order], codes).clip(max=len(known) - 1)
    indices = order[places]
    strange = known[indices] != codes
    if strange.any():
        found = f"has {np.count_nonzero(strange):,} pixels in colours that data.mask_colours does not name"
        mend = "name the colours there, or export it without smoothing"
        raise Refusal("mask_colours", f"{found} ({_list(codes[strange])}): {mend}")
    return indices.astype(np.uint8 if len(known) < 256 else np.uint16)


def tell_colours(pixels: Array) -> str:
    """What to do with a mask in colours, which are listed."""
    if pixels.dtype != np.uint8 or pixels.shape[-1] != 3:
        return "save one grey value a class"
    return f"save one grey value a class, or name the colours of the classes by data.mask_colours ({_list(_encode(pixels))})"


def _encode(pixels: Array) -> Array:
    """One number a colour, 0xrrggbb."""
    if pixels.dtype != np.uint8 or pixels.shape[-1] not in (1, 3):
        found = f"has {pixels.shape[-1]} channels of {pixels.dtype.name}"
        raise Refusal("mask_colours", f"{found}, and data.mask_colours names RGB of 8 bits: export it as such")
    red, green, blue = (pixels[..., min(place, pixels.shape[-1] - 1)].astype(np.uint32) for place in range(3))
    return red << 16 | green << 8 | blue


def _list(codes: Array) -> str:
    values, counts = np.unique(codes, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    listed = ", ".join(f"#{values[place]:06x} in {counts[place]:,} pixels" for place in order[:TOLD])
    return f"{listed}, and {len(order) - TOLD} more" if len(order) > TOLD else listed
