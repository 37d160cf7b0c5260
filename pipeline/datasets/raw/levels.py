"""What the pixels of one sample tell of mistakes: brightness, depth, and the edges of its mask."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.ndimage import maximum_filter, minimum_filter

from pipeline.datasets.faults import Fault
from pipeline.datasets.pixels import Pixels

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Levels:
    """A few numbers of a sample; NaN where it has no such file."""

    lowest: float
    mean: float
    highest: float
    """Of the image's values, over all channels."""
    distance: float
    """Median depth in metres."""
    thin: float
    """Share of the mask's pixels between its lowest and highest value that lie between a lower and a higher neighbour."""


def measure_levels(pixels: Pixels, values: int) -> Levels:
    """The numbers of one sample whose mask has so many values; the image's must be finite."""
    image, depth, mask = pixels.image, pixels.depth, pixels.mask
    return Levels(
        float(image.min()),
        float(image.mean()),
        float(image.max()),
        float(np.nanmedian(depth)) if depth is not None else np.nan,
        _measure_thin(mask) if mask is not None and values > 3 else np.nan,
    )


def check_depth(raw: Path, name: str, depth: Array) -> Iterator[Fault]:
    """Faults of depth (height, width) in metres, NaN where nothing was measured."""
    if np.isnan(depth).all():
        told = f"depth '{raw / name}' has no measurement: remove the pair, or change data.depth.missing"
        yield Fault("depth_unmeasured", told, name)
    elif (count := int((depth < 0).sum())) > 0:
        where = f"depth '{raw / name}' has {count} pixels below 0 (least {np.nanmin(depth):.4g} m)"
        mend = "set data.depth.missing to their value if nothing was measured there, else export it again"
        yield Fault("depth_negative", f"{where}, where a distance is above: {mend}", name)


def _measure_thin(mask: Array) -> float:
    between = (mask > mask.min()) & (mask < mask.max())
    if not between.any():
        return 0.0
    thin = (minimum_filter(mask, 3)[between] < mask[between]) & (maximum_filter(mask, 3)[between] > mask[between])
    return float(thin.mean())
