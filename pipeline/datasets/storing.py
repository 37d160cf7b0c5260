"""Writes the prepared store: all images in one flat file, all masks and all depths in others, and the index."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd

from pipeline.datasets.files import aside
from pipeline.datasets.pixels import Pixels
from pipeline.datasets.space import telling_full

BUFFER_BYTES = 2**20


def write_arrays(
    images: Path, masks: Path, depths: Path, index: Path, table: pd.DataFrame, samples: Iterable[Pixels]
) -> None:
    """Write images.npy, masks.npy, depths.npy and index.csv, each whole or not at all, one sample in memory at a time.

    `table` has a row a sample: sample_id, sequence, time, group, label, subset, height, width, channels, original_height,
    original_width, `has_mask`, `has_depth` and the images' `dtype`; `samples` gives their pixels in the same order.
    Raises DataError where the disk fills.
    """
    table = _with_offsets(table)
    dtype = np.dtype(table["dtype"].iloc[0])
    areas = table["height"] * table["width"]
    with (
        telling_full(index.parent),
        aside(index) as index_part,
        aside(depths) as depths_part,
        aside(masks) as masks_part,
        aside(images) as images_part,
    ):
        with (
            images_part.open("wb", BUFFER_BYTES) as image_file,
            masks_part.open("wb", BUFFER_BYTES) as mask_file,
            depths_part.open("wb", BUFFER_BYTES) as depth_file,
        ):
            write_header(image_file, dtype, int((areas * table["channels"]).sum()))
            write_header(mask_file, np.dtype(np.uint8), int(areas[table["has_mask"]].sum()))
            write_header(depth_file, np.dtype(np.float32), int(areas[table["has_depth"]].sum()))
            for sample in samples:
                image_file.write(np.ascontiguousarray(sample.image, dtype).data)
                if sample.mask is not None:
                    mask_file.write(np.ascontiguousarray(sample.mask, np.uint8).data)
                if sample.depth is not None:
                    depth_file.write(np.ascontiguousarray(sample.depth, np.float32).data)
        table.drop(columns=["has_mask", "has_depth", "dtype"]).to_csv(index_part, index=False, lineterminator="\n")


def foretell_bytes(table: pd.DataFrame) -> int:
    """What `write_arrays` will take for a table: exact for pixels, near for the index."""
    areas = (table["height"] * table["width"]).astype(np.int64)
    pixels = (areas * table["channels"]).sum() * np.dtype(table["dtype"].iloc[0]).itemsize
    targets = areas[table["has_mask"]].sum() + areas[table["has_depth"]].sum() * np.dtype(np.float32).itemsize
    some = _with_offsets(table.tail(1000))
    return int(pixels + targets + len(some.to_csv()) / len(some) * len(table))


def write_header(file: BinaryIO, dtype: np.dtype[Any], size: int) -> None:
    """Write the header of a flat array; it takes as many bytes whatever the size."""
    header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": (size,)}
    np.lib.format.write_array_header_1_0(file, header)


def _with_offsets(table: pd.DataFrame) -> pd.DataFrame:
    areas = (table["height"] * table["width"]).astype(np.int64)
    offsets = {"image_offset": _starts(areas * table["channels"])}
    for target in ("mask", "depth"):
        kept = table[f"has_{target}"]
        offsets[f"{target}_offset"] = _starts(areas.where(kept, 0)).where(kept, -1)
    return table.assign(**offsets)


def _starts(sizes: "pd.Series[int]") -> "pd.Series[int]":
    return sizes.cumsum() - sizes
