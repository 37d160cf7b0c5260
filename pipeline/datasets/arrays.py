"""The prepared store: all images in one flat file, all masks in another, and an index of where each sample lies."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd

from pipeline.datasets.files import aside
from pipeline.datasets.flat import FlatFile

IGNORED = 255
"""Value of mask pixels that count neither in the loss nor in the scores."""

Array = np.ndarray[Any, np.dtype[Any]]
NUMBERS = ("time", "image_offset", "mask_offset", "height", "width", "channels", "original_height", "original_width")


class Arrays:
    """Images and masks of the prepared samples, read from the disk when asked for."""

    def __init__(self, index: pd.DataFrame, images: Array | FlatFile, masks: Array | FlatFile) -> None:
        """`images` and `masks` are flat; `index` has offset and shape of each sample in them."""
        self.index = index
        self._images = images
        self._masks = masks
        self._places = {sample_id: place for place, sample_id in enumerate(index["sample_id"])}
        self._shapes = index[["height", "width", "channels"]].to_numpy()
        self._offsets = index[["image_offset", "mask_offset"]].to_numpy()

    def __len__(self) -> int:
        return len(self.index)

    def image(self, position: int) -> Array:
        """The image (height, width, channels) of the sample at a position of the index, in the files' own type, read-only."""
        height, width, channels = self._shapes[position]
        start = self._offsets[position, 0]
        return self._images[start : start + height * width * channels].reshape(height, width, channels)

    def mask(self, position: int) -> Array:
        """The mask (height, width), uint8: class index, or IGNORED; read-only. Raises ValueError for an unlabelled sample."""
        height, width, _ = self._shapes[position]
        start = self._offsets[position, 1]
        if start < 0:
            raise ValueError(f"sample {self.index['sample_id'].iloc[position]} has no mask")
        return self._masks[start : start + height * width].reshape(height, width)

    def positions(self, sample_ids: Iterable[str]) -> np.ndarray[Any, np.dtype[np.intp]]:
        """Positions of samples in the index, in the order asked; raises ValueError for one that is not there."""
        try:
            return np.array([self._places[sample_id] for sample_id in sample_ids], dtype=np.intp)
        except KeyError as missing:
            raise ValueError(f"sample {missing.args[0]} is not among the prepared arrays: prepare them again") from None


def open_arrays(folder: Path) -> Arrays:
    """The store in a folder, memory-mapped: nothing is read but the index."""
    index = pd.read_csv(folder / "index.csv", dtype=str, keep_default_na=False)
    index = index.assign(**{column: index[column].astype(np.int64) for column in NUMBERS})
    return Arrays(index, FlatFile(folder / "images.npy"), FlatFile(folder / "masks.npy"))


def write_arrays(
    images: Path, masks: Path, index: Path, table: pd.DataFrame, samples: Iterable[tuple[Array, Array | None]]
) -> None:
    """Write images.npy, masks.npy and index.csv, each whole or not at all, one sample in memory at a time.

    `table` has a row a sample: sample_id, sequence, time, group, subset, height, width, channels, original_height,
    original_width, `has_mask` and the images' `dtype`; `samples` gives image (height, width, channels) and mask (height,
    width) or None, in the same order.
    """
    table = _with_offsets(table)
    dtype = np.dtype(table["dtype"].iloc[0])
    areas = table["height"] * table["width"]
    with aside(index) as index_part, aside(masks) as masks_part, aside(images) as images_part:
        with images_part.open("wb") as image_file, masks_part.open("wb") as mask_file:
            _write_header(image_file, dtype, int((areas * table["channels"]).sum()))
            _write_header(mask_file, np.dtype(np.uint8), int(areas[table["has_mask"]].sum()))
            for image, mask in samples:
                image_file.write(np.ascontiguousarray(image, dtype).data)
                if mask is not None:
                    mask_file.write(np.ascontiguousarray(mask, np.uint8).data)
        table.drop(columns=["has_mask", "dtype"]).to_csv(index_part, index=False, lineterminator="\n")


def _with_offsets(table: pd.DataFrame) -> pd.DataFrame:
    areas = (table["height"] * table["width"]).astype(np.int64)
    masks = areas.where(table["has_mask"], 0)
    return table.assign(
        image_offset=_starts(areas * table["channels"]), mask_offset=_starts(masks).where(table["has_mask"], -1)
    )


def _starts(sizes: "pd.Series[int]") -> "pd.Series[int]":
    return sizes.cumsum() - sizes


def _write_header(file: BinaryIO, dtype: np.dtype[Any], size: int) -> None:
    header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": (size,)}
    np.lib.format.write_array_header_1_0(file, header)
