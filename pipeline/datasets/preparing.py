"""Samples as they are kept: at native or another size, masks as class indices."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tqdm import tqdm

from pipeline.datasets.contents import hash_pixels, read_sample
from pipeline.datasets.manifest import DataError, Dataset
from pipeline.datasets.masks import encode_mask
from pipeline.datasets.resizing import resize_image, resize_mask
from pipeline.params import DataParams

Array = np.ndarray[Any, np.dtype[Any]]
KEPT = ["sample_id", "sequence", "time", "group", "subset", "height", "width", "channels", "dtype"]


def build_index(manifest: pd.DataFrame, data: DataParams) -> pd.DataFrame:
    """The index that `write_arrays` takes: sizes as kept and as in the files, one row a sample."""
    sizes = {"original_height": manifest["height"], "original_width": manifest["width"]}
    index = manifest[KEPT].assign(**sizes, has_mask=manifest["mask"] != "")
    return index.assign(height=data.resize[0], width=data.resize[1]) if data.resize else index


def prepare_samples(
    raw: Path, manifest: pd.DataFrame, dataset: Dataset, data: DataParams
) -> Iterator[tuple[Array, Array | None]]:
    """Image (height, width, channels) and mask (height, width) of each row, class indices or IGNORED.

    Raises DataError where a file is not the one that the manifest describes.
    """
    rows = manifest[["images", "mask", "content_hash", "mask_hash"]].itertuples(index=False)
    for images, names, *hashes in tqdm(rows, total=len(manifest), desc="prepare", unit="sample", disable=None):
        image, mask = read_sample(raw, images.split(";"), names)
        if hashes != [hash_pixels(image), "" if mask is None else hash_pixels(mask)]:
            raise DataError(f"'{raw / images}' or its mask has changed since it was validated: run validate again")
        target = None if mask is None else encode_mask(mask, dataset.mask_values, data)
        yield (image, target) if data.resize is None else _resize(image, target, *data.resize)


def _resize(image: Array, mask: Array | None, height: int, width: int) -> tuple[Array, Array | None]:
    return resize_image(image, height, width), None if mask is None else resize_mask(mask, height, width)
