"""What the files of one sample hold: pixels, sizes, values, hashes."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.datasets.images import read_image, read_mask
from pipeline.datasets.manifest import DataError
from pipeline.datasets.masks import find_counted
from pipeline.datasets.pairing import RawSample
from pipeline.params import DataParams

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Contents:
    """One sample's files without their pixels."""

    sample: RawSample
    height: int
    width: int
    channels: int
    dtype: str
    content_hash: str
    mask_hash: str
    values: Counter[int] = field(default_factory=Counter)
    """Pixels of each grey value of the mask, of those that count."""


def read_sample(raw: Path, images: Sequence[str], mask: str) -> tuple[Array, Array | None]:
    """Image (height, width, channels) of all image files and mask (height, width) as in its file, None where mask is "".

    Raises DataError with one line a fault.
    """
    faults: list[str] = []
    pixels = [read for name in images if (read := _try(read_image, raw / name, faults)) is not None]
    target = _try(read_mask, raw / mask, faults) if mask else None
    for name, other in zip(images, pixels, strict=False) if not faults else ():
        first = pixels[0]
        if other.shape[:2] != first.shape[:2]:
            sizes = f"{tell_size(other)}, '{images[0]}' is {tell_size(first)}"
            faults.append(f"image '{raw / name}' is {sizes}: export both at one size, or remove the pair")
        if other.dtype != first.dtype:
            types = f"{other.dtype}, '{images[0]}' is {first.dtype}"
            faults.append(f"image '{raw / name}' is {types}: save all image files with the same bits a channel")
    if not faults and target is not None and target.shape != pixels[0].shape[:2]:
        sizes = f"{tell_size(target)}, its image is {tell_size(pixels[0])}"
        faults.append(f"mask '{raw / mask}' is {sizes}: export it again at the image's size, or remove the pair")
    if faults:
        raise DataError("\n".join(faults))
    return np.concatenate(pixels, axis=-1), target


def describe_sample(raw: Path, sample: RawSample, data: DataParams) -> Contents:
    """What the sample's files hold; raises DataError with one line a fault."""
    image, mask = read_sample(raw, sample.images, sample.mask)
    height, width, channels = image.shape
    for region in data.ignore_regions:
        if region.top + region.height > height or region.left + region.width > width:
            place = f"from {region.left}, {region.top} to {region.left + region.width}, {region.top + region.height}"
            mend = "change data.ignore_regions"
            raise DataError(f"image '{raw / sample.images[0]}' is {width}x{height}, an ignored region {place}: {mend}")
    values = _count_values(mask, data) if mask is not None else Counter[int]()
    if mask is not None and not values:
        raise DataError(f"mask '{raw / sample.mask}' has no pixel that counts: remove the pair, or ignore less")
    mask_hash = hash_pixels(mask) if mask is not None else ""
    return Contents(sample, height, width, channels, image.dtype.name, hash_pixels(image), mask_hash, values)


def hash_pixels(pixels: Array) -> str:
    """SHA-256 over shape, type and values, in hexadecimal."""
    digest = hashlib.sha256(f"{pixels.shape} {pixels.dtype.name} ".encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()


def tell_size(pixels: Array) -> str:
    """Width x height, as image viewers say it."""
    return f"{pixels.shape[1]}x{pixels.shape[0]}"


def _try(read: Any, path: Path, faults: list[str]) -> Array | None:
    try:
        return np.asarray(read(path))
    except DataError as fault:
        faults.append(str(fault))
        return None


def _count_values(mask: Array, data: DataParams) -> Counter[int]:
    counts = np.bincount(mask[find_counted(mask, data)])
    return Counter({int(value): int(counts[value]) for value in np.flatnonzero(counts)})
