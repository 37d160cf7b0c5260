"""PNG, JPG, BMP, WebP and GIF, by Pillow; plain PNG and that of 16 bits by imagecodecs."""

import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import imagecodecs
import numpy as np
from PIL import Image, UnidentifiedImageError

from pipeline.datasets.reading.refusal import Refusal
from pipeline.datasets.reading.stored import Array, Role, Stored, check_size, turn

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".webp")
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
SIGNATURES = (PNG, JPEG, b"BM", b"RIFF", b"GIF8")
HEAD = 32
"""Bytes that tell the format, and PNG's size and bits."""
ORIENTATION = 0x0112
EXIF = {"exif", "xmp", "XML:com.adobe.xmp", "Raw profile type exif"}
"""Where Pillow keeps what may hold an orientation."""
ASIDE = frozenset([b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"acTL", b"tRNS"])
"""Parts of a PNG that may turn it, animate it or make it see-through."""
MODES = {"1": "L", "LA": "L", "La": "L", "PA": "P", "RGBA": "RGB", "RGBa": "RGB", "RGBX": "RGB"}
KEPT = ("L", "P", "RGB", "I;16", "I;16B", "I", "F")


def read_picture(file: BinaryIO, head: bytes, role: Role) -> Array:
    """Pixels (height, width, channels) upright and without alpha; palettes are indices for a mask.

    `head` has the first HEAD bytes. Raises Refusal, and what Pillow and imagecodecs raise.
    """
    file.seek(0)
    if role != "image" and (head.startswith(JPEG) or _is_lossy_webp(head, file)):
        name = "JPEG" if head.startswith(JPEG) else "lossy WebP"
        raise Refusal("lossy_mask", f"is a {name}, which changes values: export it from its source as PNG")
    if head.startswith(PNG) and head[24:26] in (b"\x10\x02", b"\x10\x04", b"\x10\x06"):
        return _read_deep_png(file.read(), head)  # Pillow cuts colour of 16 bits to 8
    if head.startswith(PNG) and head[24:26] in (b"\x08\x00", b"\x08\x02"):  # grey and RGB: twice as fast as by Pillow
        data = file.read()
        if ASIDE.isdisjoint(_list_chunks(data)):
            return _decode_png(data, head)
        file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(file)
    except UnidentifiedImageError:
        if head.startswith(SIGNATURES):
            raise Refusal("undecodable", "cannot be decoded (it is cut short): export it again") from None
        raise
    if getattr(picture, "is_animated", False) and picture.format in ("PNG", "WEBP"):
        told = f"is an animation of {getattr(picture, 'n_frames', 'many')} frames"
        raise Refusal("animation", f"{told}: save it as MP4, GIF or a TIFF of as many pages")
    pixels = np.asarray(to_plain(picture, role))
    pixels = pixels if pixels.ndim == 3 else pixels[..., None]
    return turn(pixels, picture.getexif().get(ORIENTATION, 1)) if picture.info.keys() & EXIF else pixels


def to_plain(picture: Image.Image, role: Role) -> Image.Image:
    """The picture in grey, RGB or, for a mask, the indices of its palette; raises Refusal for other colours."""
    mode = MODES.get(picture.mode, picture.mode)
    if mode == "P" and role != "mask":
        picture.load()
        picture.info.pop("transparency", None)  # else Pillow warns that it is lost
        mode = "RGB"
    if mode not in KEPT:
        raise Refusal("colour_mode", f"has the colours of mode {mode}: save it in grey or RGB")
    return picture if mode == picture.mode else picture.convert(mode)


def open_gif(path: Path, role: Role) -> Stored:
    """The frames of a GIF, read best in order: grey where its palette is, else RGB, or for a mask of one frame indices."""
    file = path.open("rb")
    try:
        picture = Image.open(file)
        check_size(picture.height, picture.width)
        frames = getattr(picture, "n_frames", 1)
        picture.seek(0)
        is_grey = _is_grey(np.asarray(picture.convert("RGB")))
    except BaseException:
        file.close()
        raise
    has_indices = role == "mask" and frames == 1 and picture.mode == "P" and not is_grey

    def read(frame: int) -> Array:
        picture.seek(frame)
        if has_indices:
            return np.asarray(picture)[..., None]
        pixels = np.asarray(picture.convert("RGB"))
        if is_grey and not _is_grey(pixels):
            raise Refusal("animation", f"is grey in its first frame and in colour in frame {frame}: save it as MP4")
        return pixels[..., :1] if is_grey else pixels

    return Stored(frames, read, file.close)


def _is_grey(pixels: Array) -> bool:
    return bool((pixels == pixels[..., :1]).all())


def _list_chunks(data: bytes) -> Iterator[bytes]:
    """Names of the parts of a PNG, in order."""
    place = len(PNG)
    while place < len(data):
        yield data[place + 4 : place + 8]
        place += 12 + int.from_bytes(data[place : place + 4])


def _decode_png(data: bytes, head: bytes) -> Array:
    check_size(int.from_bytes(head[20:24]), int.from_bytes(head[16:20]))
    pixels = np.asarray(imagecodecs.png_decode(data))
    return pixels if pixels.ndim == 3 else pixels[..., None]


def _read_deep_png(data: bytes, head: bytes) -> Array:
    pixels = _decode_png(data, head)
    pixels = pixels[..., :1] if pixels.shape[-1] < 3 else pixels[..., :3]
    if b"eXIf" not in data:
        return pixels
    return turn(pixels, Image.open(io.BytesIO(data)).getexif().get(ORIENTATION, 1))


def _is_lossy_webp(head: bytes, file: BinaryIO) -> bool:
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return False
    lossless = b"VP8L" in file.read()
    file.seek(0)
    return not lossless
