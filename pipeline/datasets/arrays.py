"""The prepared store: images, masks and depths in one flat file each, and an index of where each sample lies."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.datasets.composing.store import PART_NUMBERS, Composites, has_composites
from pipeline.datasets.flat import FlatFile

IGNORED = 255
"""Value of mask pixels that count neither in the loss nor in the scores."""

Array = np.ndarray[Any, np.dtype[Any]]
NUMBERS = (
    "time",
    "image_offset",
    "mask_offset",
    "depth_offset",
    "height",
    "width",
    "channels",
    "original_height",
    "original_width",
)


class Arrays:
    """Images, masks and depths of the prepared samples, read from the disk when asked for."""

    def __init__(
        self,
        index: pd.DataFrame,
        images: Array | FlatFile,
        masks: Array | FlatFile,
        depths: Array | FlatFile | None = None,
        folder: Path | None = None,
    ) -> None:
        """`images`, `masks` and `depths` are flat; `index` has offset and shape of each sample, or of its parts, in them.

        `folder` is where their files lie.
        """
        self.index, self.folder = index, folder
        self._images = images
        self._masks = masks
        self._depths = depths
        self._composites = Composites(index, images, masks) if has_composites(index) else None
        self._shapes = index[["height", "width", "channels"]].to_numpy()
        self._offsets = index[["image_offset", "mask_offset"]].to_numpy()
        self._depth_offsets = index["depth_offset"].to_numpy() if "depth_offset" in index else np.full(len(index), -1)

    def __len__(self) -> int:
        return len(self.index)

    def image(self, position: int) -> Array:
        """The image (height, width, channels) of the sample at a position of the index, in the files' own type, not to be written to."""
        if self._composites is not None:
            return self._composites.image(position)
        height, width, channels = self._shapes[position]
        start = self._offsets[position, 0]
        return self._images[start : start + height * width * channels].reshape(height, width, channels)

    def mask(self, position: int) -> Array:
        """The mask (height, width), uint8: class index, or IGNORED; read-only. Raises ValueError for an unlabelled sample."""
        if self._composites is not None:
            return self._composites.mask(position)
        height, width, _ = self._shapes[position]
        start = self._offsets[position, 1]
        if start < 0:
            raise ValueError(f"sample {self.index['sample_id'].iloc[position]} has no mask")
        return self._masks[start : start + height * width].reshape(height, width)

    def depth(self, position: int) -> Array:
        """The depth (height, width) in metres, float32, NaN where not measured; read-only. Raises ValueError where there is none."""
        height, width, _ = self._shapes[position]
        start = self._depth_offsets[position]
        if start < 0 or self._depths is None:
            raise ValueError(f"sample {self.index['sample_id'].iloc[position]} has no depth")
        return self._depths[start : start + height * width].reshape(height, width)

    def label(self, position: int) -> int:
        """The number of the sample's class among the data set's, in alphabetical order. Raises ValueError where there is none."""
        number = int(self._labels[position])
        if number < 0:
            raise ValueError(f"sample {self.index['sample_id'].iloc[position]} has no label")
        return number

    def target(self, head: str, position: int) -> Array:
        """What a head is held against: mask (height, width), depth (height, width), or label ()."""
        if head == "label":
            return np.asarray(self.label(position))
        return {"mask": self.mask, "depth": self.depth}[head](position)

    def targets(self, heads: Iterable[str], position: int) -> dict[str, Array]:
        """The targets of several heads by name."""
        return {head: self.target(head, position) for head in heads}

    @property
    def is_labelled(self) -> Array:
        """Which samples (sample,) have every target that any sample has."""
        known = self.index[["mask_offset"]].assign(depth=self._depth_offsets, label=self._labels).to_numpy() >= 0
        return np.asarray(known[:, known.any(axis=0)].all(axis=1) & known.any())

    def positions(self, sample_ids: Iterable[str]) -> np.ndarray[Any, np.dtype[np.intp]]:
        """Positions of samples in the index, in the order asked; raises ValueError for one that is not there."""
        wanted = pd.Index(list(sample_ids), dtype="str")
        found = self._places.get_indexer(wanted)
        if (found < 0).any():
            missing = wanted[int(np.argmax(found < 0))]
            raise ValueError(f"sample {missing} is not among the prepared arrays: prepare them again")
        return found

    @property
    def label_names(self) -> list[str]:
        """Names of the classes of whole images, in alphabetical order."""
        return sorted(set(self.index["label"]) - {""})

    @cached_property
    def _labels(self) -> Array:
        return pd.Index(self.label_names, dtype="str").get_indexer(pd.Index(self.index["label"]))

    @cached_property
    def _places(self) -> pd.Index:
        return pd.Index(self.index["sample_id"])


def open_arrays(folder: Path) -> Arrays:
    """The store in a folder, memory-mapped: nothing is read but the index."""
    types = defaultdict(lambda: "str", dict.fromkeys((*NUMBERS, *PART_NUMBERS), "int64"))
    index = pd.read_csv(folder / "index.csv", dtype=types, keep_default_na=False)
    images, masks, depths = (FlatFile(folder / name) for name in ("images.npy", "masks.npy", "depths.npy"))
    return Arrays(index, images, masks, depths, folder)
