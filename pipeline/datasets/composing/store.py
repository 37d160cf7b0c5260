"""Composites in the prepared store: their parts and places, drawn when asked for."""

from typing import Any

import numpy as np
import pandas as pd

from pipeline.datasets.composing.blending import Place, draw_image, draw_mask
from pipeline.datasets.flat import FlatFile

Array = np.ndarray[Any, np.dtype[Any]]
PLACE = ["place_top", "place_left", "place_height", "place_width", "place_is_flipped"]
"""Columns of the index that composites alone have, as the next ones."""
CUTOUT = ["cutout_height", "cutout_width"]
PART_NUMBERS = ("background_channels", *CUTOUT, *PLACE)


def has_composites(index: pd.DataFrame) -> bool:
    """Whether an index is one of composites."""
    return PLACE[0] in index


class Composites:
    """Backgrounds lie in images.npy, cut-outs in masks.npy, each once; a row of the index names both and the place."""

    def __init__(self, index: pd.DataFrame, backgrounds: Array | FlatFile, cutouts: Array | FlatFile) -> None:
        """`index` also has the offsets of background (image_offset) and cut-out (mask_offset), PLACE and CUTOUT."""
        self._backgrounds, self._cutouts = backgrounds, cutouts
        self._sizes = index[["height", "width", "background_channels", "channels"]].to_numpy()
        self._cutout_sizes = index[CUTOUT].to_numpy()
        self._offsets = index[["image_offset", "mask_offset"]].to_numpy()
        self._places = index[PLACE].to_numpy()

    def image(self, position: int) -> Array:
        """The composite, and the background as further channels where there are so many: (height, width, channels)."""
        height, width, of_background, channels = self._sizes[position].tolist()
        start = self._offsets[position, 0]
        background = self._backgrounds[start : start + height * width * of_background]
        background = background.reshape(height, width, of_background)
        place = Place(*self._places[position].tolist())
        return draw_image(background, self._cutout(position), place, with_background=channels > of_background)

    def mask(self, position: int) -> Array:
        """The mask (height, width), uint8: 1 where the cut-out is at least half opaque."""
        height, width = self._sizes[position, :2].tolist()
        return draw_mask((height, width), self._cutout(position), Place(*self._places[position].tolist()))

    def _cutout(self, position: int) -> Array:
        height, width = self._cutout_sizes[position].tolist()
        start = self._offsets[position, 1]
        return self._cutouts[start : start + height * width * 4].reshape(height, width, 4)
