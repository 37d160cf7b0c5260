"""Image and mask files: PNG, JPG, BMP and TIFF of 8 and 16 bit, grey and colour."""

import warnings
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import tifffile
from PIL import Image

from pipeline.datasets.faults import DataError
from pipeline.datasets.files import aside

Array = np.ndarray[Any, np.dtype[Any]]

LOSSY = (".jpg", ".jpeg")
SUFFIXES = (".png", *LOSSY, ".bmp", ".tif", ".tiff")
DTYPES = ("uint8", "uint16")
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
FAULTS = (
    OSError,
    EOFError,
    SyntaxError,
    ValueError,
    KeyError,
    IndexError,
    RuntimeError,  # imagecodecs' own faults are of this kind
    TypeError,
    Image.DecompressionBombError,
)
"""What decoders raise on files that are cut short or are no images."""


def read_image(path: Path) -> Array:
    """The image (height, width, channels), uint8 or uint16, alpha dropped; raises DataError."""
    pixels = _decode(path, "image", palette_mode="RGB")
    return pixels if pixels.ndim == 3 else pixels[..., None]


def read_mask(path: Path) -> Array:
    """The mask's grey values, or the indices of its palette, (height, width), uint8 or uint16; raises DataError."""
    if path.suffix.lower() in LOSSY:
        raise DataError(f"mask '{path}' is a JPEG, which changes values: export it from its source as PNG")
    pixels = _decode(path, "mask", palette_mode="P")
    if pixels.ndim == 3 and (pixels != pixels[..., :1]).any():
        raise DataError(f"mask '{path}' is in colour: save one grey value a class")
    return pixels if pixels.ndim == 2 else pixels[..., 0]


def write_mask(path: Path, mask: Array) -> None:
    """Write a mask (height, width) of uint8 as grey PNG, whole or not at all."""
    with aside(path) as part:
        Image.fromarray(np.ascontiguousarray(mask, np.uint8)).save(part, format="PNG")


def _decode(path: Path, role: str, palette_mode: str) -> Array:
    """Pixels (height, width) or (height, width, channels) without alpha."""
    if not path.is_file():
        raise DataError(f"{role} '{path}' is missing: add it, or remove what refers to it")
    if path.stat().st_size == 0:
        raise DataError(f"{role} '{path}' is empty (0 bytes): export it again")
    try:
        pixels = _decode_tiff(path) if path.suffix.lower() in (".tif", ".tiff") else _decode_picture(path, palette_mode)
    except DataError as fault:
        raise DataError(f"{role} '{path}' {fault}") from None
    except FAULTS as fault:
        raise DataError(f"{role} '{path}' cannot be decoded ({fault}): export it again") from None
    if pixels.dtype == bool:
        return pixels * np.uint8(255)
    if pixels.dtype.name not in DTYPES:
        raise DataError(f"{role} '{path}' is {pixels.dtype.name}: save it with 8 or 16 bits a channel, without sign")
    return pixels.astype(pixels.dtype.newbyteorder("="), copy=False)


def _decode_picture(path: Path, palette_mode: str) -> Array:
    with path.open("rb") as file:
        head = file.read(26)
    if head.startswith(PNG_SIGNATURE) and head[24] == 16:  # Pillow cuts colour of 16 bits to 8
        return _drop_alpha(imagecodecs.png_decode(path.read_bytes()))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(path) as picture:
            picture.load()
    modes = {"P": palette_mode, "PA": palette_mode, "1": "L", "LA": "L", "RGBA": "RGB", "RGBX": "RGB"}
    mode = modes.get(picture.mode, picture.mode)
    if mode not in ("L", "P", "RGB", "I;16"):
        raise DataError(f"has the colours of mode {mode}: save it in grey or RGB")
    return np.asarray(picture if mode == picture.mode else picture.convert(mode))


def _drop_alpha(pixels: Array) -> Array:
    if pixels.ndim == 2:
        return pixels
    return pixels[..., 0] if pixels.shape[-1] < 3 else pixels[..., :3]


def _decode_tiff(path: Path) -> Array:
    with tifffile.TiffFile(path) as file:
        if len(file.pages) != 1:
            raise DataError(f"holds {len(file.pages)} pages: save one image a file")
        page = file.pages.first
        ends = [start + count for start, count in zip(page.dataoffsets, page.databytecounts, strict=True)]
        if max(ends) > path.stat().st_size:
            raise DataError(f"is cut short ({path.stat().st_size} of {max(ends)} bytes): export it again")
        pixels = page.asarray()
        if page.axes == "SYX":
            pixels = np.moveaxis(pixels, 0, -1)
        elif page.axes not in ("YX", "YXS"):
            raise DataError(f"has axes {page.axes}: save one plane with at most colours beside height and width")
        has_alpha = page.axes != "YX" and bool(page.extrasamples) and int(page.extrasamples[-1]) in (1, 2)
    pixels = pixels[..., :-1] if has_alpha else pixels
    return pixels[..., 0] if pixels.ndim == 3 and pixels.shape[-1] == 1 else pixels
