"""Samples as they are kept: at native or another size, masks as class indices."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tqdm import tqdm

from pipeline.datasets.faults import DataError
from pipeline.datasets.manifest import Dataset
from pipeline.datasets.pixels import Pixels
from pipeline.datasets.raw.contents import hash_sample, read_sample
from pipeline.datasets.raw.masks import encode_mask
from pipeline.datasets.resizing import resize_image, resize_mask
from pipeline.datasets.standardizing import standardize
from pipeline.params import DataParams

Array = np.ndarray[Any, np.dtype[Any]]
HASHES = ["content_hash", "mask_hash", "depth_hash"]
KEPT = ["sample_id", "sequence", "time", "group", "label", "subset", "height", "width", "channels", "dtype"]


def build_index(manifest: pd.DataFrame, data: DataParams) -> pd.DataFrame:
    """The index that `write_arrays` takes: sizes as kept and as in the files, one row a sample."""
    sizes = {"original_height": manifest["height"], "original_width": manifest["width"]}
    index = manifest[KEPT].assign(**sizes, has_mask=manifest["mask"] != "", has_depth=manifest["depth"] != "")
    return index.assign(height=data.resize[0], width=data.resize[1]) if data.resize else index


def prepare_samples(raw: Path, manifest: pd.DataFrame, dataset: Dataset, data: DataParams) -> Iterator[Pixels]:
    """Pixels of each row, masks as class indices or IGNORED.

    Raises DataError where a file is not the one that the manifest describes.
    """
    rows = manifest[["images", "mask", "depth", *HASHES]].itertuples(index=False)
    for images, mask, depth, *hashes in tqdm(rows, total=len(manifest), desc="prepare", unit="sample", disable=None):
        pixels = read_sample(raw, images.split(";"), mask, depth, data)
        if hashes != hash_sample(pixels):
            raise DataError(f"'{raw / images}' or its target has changed since it was validated: run validate again")
        yield _fit(pixels, dataset, data)


def _fit(pixels: Pixels, dataset: Dataset, data: DataParams) -> Pixels:
    mask = None if pixels.mask is None else encode_mask(pixels.mask, dataset.mask_values, data)
    image = fit_image(pixels.image, data)
    if data.resize is None:
        return Pixels(image, mask, pixels.depth)
    targets = (None if target is None else resize_mask(target, *data.resize) for target in (mask, pixels.depth))
    return Pixels(image, *targets)


def fit_image(image: Array, data: DataParams) -> Array:
    """An image of a file (height, width, channels) as networks are shown it: resized, then standardised, where params ask."""
    resized = image if data.resize is None else resize_image(image, *data.resize)
    return standardize(resized) if data.standardize else resized
