"""What the files of one sample hold: pixels, sizes, values, hashes."""

import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.datasets.faults import DataError, Fault
from pipeline.datasets.pixels import Pixels
from pipeline.datasets.raw.levels import Levels, check_depth, measure_levels
from pipeline.datasets.raw.masks import count_values
from pipeline.datasets.raw.orientation import count_turns
from pipeline.datasets.raw.pairing import RawSample
from pipeline.datasets.reading import read_depth, read_image, read_mask
from pipeline.params import DataParams, DepthParams

Array = np.ndarray[Any, np.dtype[Any]]
PLAIN = (".png", ".jpg", ".jpeg", ".bmp", ".webp")
"""Suffixes of files whose axes are known."""


@dataclass(frozen=True, slots=True)
class Contents:
    """One sample's files without their pixels."""

    sample: RawSample
    height: int
    width: int
    channels: int
    dtype: str
    content_hash: str
    mask_hash: str
    depth_hash: str
    levels: Levels
    values: Counter[int] = field(default_factory=Counter)
    """Pixels of each grey value of the mask, of those that count."""


def read_sample(raw: Path, images: Sequence[str], mask: str, depth: str, data: DataParams) -> Pixels:
    """Pixels of all image files, channels in their order, and of the mask and the depth file, None where "" is given.

    The mask has the values of its file. Raises DataError with one fault a mistake.
    """
    faults: list[Fault] = []
    pixels = [_read(faults, read_image, raw, name, data) for name in images]
    read = [image for image in pixels if image is not None]
    if faults:
        raise DataError(*faults)
    size = read[0].shape[:2]
    for name, image in zip(images[1:], read[1:], strict=True):
        faults += _compare(raw, name, image, images[0], read[0])
    target = _read(faults, read_mask, raw, mask, data, size) if mask else None
    distance = _read(faults, read_depth, raw, depth, data.depth or DepthParams(), data.axes) if depth else None
    for role, name, other in (("mask", mask, target), ("depth", depth, distance)):
        if other is not None and other.shape != size:
            told = f"{role} '{raw / name}' is {tell_size(other)}, its image is {tell_size(read[0])}"
            mend = _tell_mend(raw / images[0].partition("#")[0], other.shape == size[::-1], role, data)
            faults.append(Fault(f"{role}_size", f"{told}{mend}", name))
    if faults:
        raise DataError(*faults)
    return Pixels(read[0] if len(read) == 1 else np.concatenate(read, axis=-1), target, distance)


def describe_sample(raw: Path, sample: RawSample, data: DataParams) -> Contents:
    """What the sample's files hold; raises DataError with one fault a mistake."""
    pixels = read_sample(raw, sample.images, sample.mask, sample.depth, data)
    height, width, channels = pixels.image.shape
    for region in data.ignore_regions:
        if region.top + region.height > height or region.left + region.width > width:
            place = f"from {region.left}, {region.top} to {region.left + region.width}, {region.top + region.height}"
            told = f"image '{raw / sample.images[0]}' is {width}x{height}, an ignored region {place}"
            raise DataError(Fault("region_outside", f"{told}: change data.ignore_regions", sample.images[0]))
    values = count_values(pixels.mask, data) if pixels.mask is not None else Counter[int]()
    if pixels.mask is not None and not values:
        told = f"mask '{raw / sample.mask}' has no pixel that counts: remove the pair, or ignore less"
        raise DataError(Fault("all_ignored", told, sample.mask))
    if pixels.depth is not None and (faults := [*check_depth(raw, sample.depth, pixels.depth)]):
        raise DataError(*faults)
    dtype, (content, mask, depth) = sys.intern(pixels.image.dtype.name), hash_sample(pixels)
    return Contents(
        sample, height, width, channels, dtype, content, mask, depth, measure_levels(pixels, len(values)), values
    )


def hash_sample(pixels: Pixels) -> list[str]:
    """Hashes of image, mask and depth, "" for what there is not."""
    return ["" if part is None else hash_pixels(part) for part in (pixels.image, pixels.mask, pixels.depth)]


def hash_pixels(pixels: Array) -> str:
    """SHA-256 over shape, type and values, in hexadecimal."""
    digest = hashlib.sha256(f"{pixels.shape} {pixels.dtype.name} ".encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()


def tell_size(pixels: Array) -> str:
    """Width x height, as image viewers say it."""
    return f"{pixels.shape[1]}x{pixels.shape[0]}"


def _compare(raw: Path, name: str, image: Array, first_name: str, first: Array) -> Iterator[Fault]:
    if image.shape[:2] != first.shape[:2]:
        told = f"image '{raw / name}' is {tell_size(image)}, '{first_name}' is {tell_size(first)}"
        yield Fault("channel_size", f"{told}: export both at one size, or remove the pair", name)
    if image.dtype != first.dtype:
        told = f"image '{raw / name}' is {image.dtype}, '{first_name}' is {first.dtype}"
        yield Fault("channel_type", f"{told}: save all image files with the same bits a channel", name)


def _tell_mend(image: Path, is_turned: bool, role: str, data: DataParams) -> str:
    if is_turned and count_turns(image):
        return f" because its EXIF data turn it: turn the {role} likewise, or type python -m pipeline mend"
    if data.axes is not None and image.suffix.lower() not in PLAIN:
        return f" by data.axes {data.axes}: correct data.axes, or export the {role} at the image's size"
    return ": export it again at the image's size, or remove the pair"


def _read(faults: list[Fault], read: Callable[..., Array], raw: Path, name: str, *how: object) -> Array | None:
    """What is read, or None and its faults."""
    try:
        return read(raw, name, *how)
    except DataError as fault:
        faults += [Fault(single.kind, single.message, single.file or name) for single in fault.faults]
        return None
