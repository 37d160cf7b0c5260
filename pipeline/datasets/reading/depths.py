"""Depth files as metres."""

from pathlib import Path

import numpy as np

from pipeline.datasets.reading.masks import to_grey
from pipeline.datasets.reading.opening import read_pixels
from pipeline.datasets.reading.references import parse_reference
from pipeline.datasets.reading.refusal import Refusal, refusing
from pipeline.datasets.reading.stored import Array
from pipeline.params import DepthParams


def read_depth(raw: Path, reference: str, depth: DepthParams, axes: str | None = None) -> Array:
    """Depth (height, width) in metres, float32, NaN where nothing was measured; `axes` is data.axes. Raises DataError."""
    place = parse_reference(reference)
    path = raw / place.name
    pixels = read_pixels(path, place.frame, axes, "depth", place.name)
    with refusing(path, "depth", place.name):
        try:
            values = to_grey(pixels)
        except Refusal:
            raise Refusal("depth_in_colour", "is in colour: save one value a pixel, the distance") from None
    metres = (values * np.float64(depth.scale)).astype(np.float32)
    if depth.missing is not None:
        metres[values == depth.missing] = np.nan
    metres[np.isinf(metres)] = np.nan
    return metres
