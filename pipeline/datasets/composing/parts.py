"""The files that composites are made of: backgrounds, and cut-outs with alpha."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from pipeline.datasets.composing.blending import HALF, resize_cutout
from pipeline.datasets.composing.places import find_longest
from pipeline.datasets.faults import DataError, Fault
from pipeline.datasets.raw.contents import hash_pixels
from pipeline.datasets.raw.listing import list_files
from pipeline.datasets.raw.pairing import tell_nearest
from pipeline.datasets.reading import SUFFIXES, read_image
from pipeline.datasets.resizing import resize_image
from pipeline.params import ComposeParams, DataParams

Array = np.ndarray[Any, np.dtype[Any]]
References = dict[str, str]
"""File of each part by its name."""
SPARE = 2
"""Cut-outs are kept at most so many times as large as they are ever placed, so that reading one costs little."""
ALPHA_MODES = ("RGBA", "LA", "PA", "RGBa", "La")
PICTURES = (".png", ".webp", ".tif", ".tiff", ".jpg", ".jpeg", ".bmp")


@dataclass(frozen=True)
class Part:
    """One background or cut-out: its pixels as they are kept, and what tells it from others."""

    name: str
    reference: str
    pixels: Array
    """(height, width, channels) of a background; (height, width, 4), multiplied by alpha and cropped, of a cut-out."""
    content_hash: str

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return self.pixels.shape[0], self.pixels.shape[1]


def list_parts(raw: Path, folder: str, role: str, faults: list[Fault]) -> References:
    """The parts in a folder in natural order; adds to `faults`."""
    path = raw / folder
    if not path.is_dir():
        key = "compose.cutouts" if role == "cut-out" else "compose.backgrounds"
        told = f"folder '{path}' of the {role}s is missing: {tell_nearest(path, key)}"
        faults.append(Fault("folder_missing", told, folder))
        return {}
    suffixes = PICTURES if role == "cut-out" else SUFFIXES
    files = list_files(raw, path, "image", faults, suffixes=suffixes, axes=None)
    if not files:
        told = f"folder '{path}' holds no {role}s: put files of {', '.join(suffixes)} into it"
        faults.append(Fault("folder_empty", told, folder))
    return {"/".join(part for part in key if part): reference for key, reference in files.items()}


def read_background(raw: Path, name: str, reference: str, data: DataParams, compose: ComposeParams) -> Part:
    """A background at compose.size; raises DataError."""
    pixels = read_image(raw, reference, data)
    faults = list(_check_type(raw, reference, "background", pixels))
    if pixels.shape[-1] not in (1, 3):
        told = f"background '{raw / reference}' has {pixels.shape[-1]} channels: save it in grey or RGB"
        faults.append(Fault("background_channels", told, reference))
    if faults:
        raise DataError(*faults)
    kept = resize_image(pixels, *compose.size) if compose.size else pixels
    return Part(name, reference, kept, hash_pixels(pixels))


def read_cutout(
    raw: Path, name: str, reference: str, longest_side: int, data: DataParams, compose: ComposeParams
) -> Part:
    """A cut-out cropped to what is not wholly transparent, at most SPARE times as large as it is ever placed.

    `longest_side` is the greatest of the backgrounds' shorter sides. Raises DataError where alpha is missing or empty.
    """
    faults = list(_check_type(raw, reference, "cut-out", read_image(raw, reference, data)))
    if faults:
        raise DataError(*faults)
    pixels = _read_with_alpha(raw, reference)
    if pixels[..., 3].max() < HALF:
        told = f"cut-out '{raw / reference}' has no pixel that is half opaque or more, so that its masks would be empty"
        raise DataError(Fault("cutout_empty", f"{told}: export it again, or remove it", reference))
    rows, columns = (np.flatnonzero((pixels[..., 3] > 0).any(axis=axis)) for axis in (1, 0))
    cropped = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    content_hash = hash_pixels(cropped)
    share = SPARE * find_longest(longest_side, compose) / max(cropped.shape[:2])
    if share < 1:
        cropped = resize_cutout(cropped, *(max(1, round(share * side)) for side in cropped.shape[:2]))
    return Part(name, reference, cropped, content_hash)


def is_grey(cutout: Part) -> bool:
    """Whether a cut-out has no colour."""
    return bool((cutout.pixels[..., :3] == cutout.pixels[..., :1]).all())


def is_opaque(cutout: Part) -> bool:
    """Whether nothing of a cut-out is transparent, so that its masks are rectangles."""
    return bool((cutout.pixels[..., 3] == 255).all())


def _check_type(raw: Path, reference: str, role: str, pixels: Array) -> Iterator[Fault]:
    if pixels.dtype != np.uint8:
        told = f"{role} '{raw / reference}' is {pixels.dtype}: save it with 8 bits a channel"
        yield Fault("part_type", told, reference)


def _read_with_alpha(raw: Path, reference: str) -> Array:
    """Red, green and blue multiplied by alpha, and alpha, (height, width, 4), uint8."""
    try:
        with Image.open(raw / reference) as picture:
            mode = picture.mode
            has_alpha = mode in ALPHA_MODES or "transparency" in picture.info
            pixels = np.asarray(ImageOps.exif_transpose(picture).convert("RGBA").convert("RGBa"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as fault:
        told = f"cut-out '{raw / reference}' cannot be decoded ({fault}): export it as PNG"
        raise DataError(Fault("undecodable", told, reference)) from None
    if not has_alpha:
        told = f"cut-out '{raw / reference}' is {mode} without alpha: export it as PNG with a transparent background"
        raise DataError(Fault("cutout_without_alpha", told, reference))
    return pixels
