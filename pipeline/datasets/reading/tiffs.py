"""TIFF of one or many pages, plain, ImageJ and OME, by tifffile."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import tifffile

from pipeline.datasets.reading.axes import find_axes
from pipeline.datasets.reading.refusal import Refusal
from pipeline.datasets.reading.stored import Array, Role, Stored, check_size, store_array, turn

SUFFIXES = (".tif", ".tiff")
SIGNATURES = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
ORIENTATION = 274
ALPHA = (1, 2)
"""ExtraSamples of TIFF that are alpha."""
LOSSY = (6, 7, 34892)
"""Compressions of TIFF by JPEG."""
COLOURS = (0, 1, 2, 3, 6)
"""Photometric kinds of TIFF that are grey, palettes, or decoded to RGB."""


def open_tiff(path: Path, given: str | None, role: Role) -> Stored:
    """The frames of a TIFF; its axes come from its metadata, `given` is data.axes. Raises Refusal."""
    file = tifffile.TiffFile(path)
    try:
        series = file.series
        page = series[0].keyframe
        _check_kind(page, role)
        _check_series(file, series)
        pages = _Pages(series, path.stat().st_size)
        stored = store_array(pages, find_axes(pages.shape, pages.axes, given, role), file.close)
    except BaseException:
        file.close()
        raise
    has_alpha = "S" in pages.axes and bool(page.extrasamples) and int(page.extrasamples[-1]) in ALPHA
    return replace(stored, read=lambda frame: _finish(stored.read(frame), page, role, has_alpha))


def _check_kind(page: Any, role: Role) -> None:
    check_size(page.imagelength, page.imagewidth)
    if role != "image" and page.compression in LOSSY:
        raise Refusal("lossy_mask", "is compressed as JPEG, which changes values: export it from its source as PNG")
    if page.photometric not in COLOURS:
        raise Refusal("colour_mode", f"has the colours of {page.photometric.name}: save it in grey or RGB")
    if page.bitspersample == 1 and page.axes.endswith("S"):  # tifffile does not take them apart
        raise Refusal(
            "dtype", f"has {page.samplesperpixel} interleaved channels of 1 bit: save it with 8 bits a channel"
        )


def _check_series(file: tifffile.TiffFile, series: Sequence[Any]) -> None:
    if _goes_on(file):
        raise Refusal("undecodable", f"is cut short after {len(file.pages)} pages: export it again")
    kinds = {(single.shape, single.dtype, single.axes) for single in series}
    if len(kinds) > 1:
        sizes = ", ".join("x".join(map(str, shape)) for shape, _, _ in sorted(kinds, key=str))
        raise Refusal("arrays", f"holds {len(series)} images of different kinds ({sizes}): save one a file")


def _goes_on(file: tifffile.TiffFile) -> bool:
    """Whether the last page that there is names a further one."""
    place, length = file.pages.next_page_offset, file.tiff.offsetsize
    file.filehandle.seek(place or 0)
    return any(file.filehandle.read(length).ljust(length, b"?"))


class _Pages:
    """All pages of a file as one array, of which only those asked for are decoded."""

    def __init__(self, series: Sequence[Any], size: int) -> None:
        self._series, self._size = series, size
        first = series[0]
        many = (len(series),) if len(series) > 1 else ()
        self.shape: tuple[int, ...] = (*many, *first.shape)
        said = "?" * len(many) + first.axes
        self.axes = "".join(axis if axis in "TZCYXS" else "?" for axis in said)
        self._outer = len(self.shape) - len(first.keyframe.shape)
        self._whole: Array | None = None
        if self.shape[self._outer :] != first.keyframe.shape:  # pages that tifffile joins in a way of its own
            self._outer = len(many)

    def __getitem__(self, index: Any) -> Array:
        outer = self.shape[: self._outer]
        numbers = np.arange(np.prod(outer, dtype=int)).reshape(outer)[index[: self._outer]]
        pages = [self._read(int(number)) for number in np.ravel(numbers)]
        pixels = np.stack(pages).reshape(*np.shape(numbers), *pages[0].shape)
        return pixels[(..., *index[self._outer :])]

    def _read(self, number: int) -> Array:
        """One page, or the whole series where pages are not kept one by one."""
        inner = self.shape[self._outer :]
        each = int(np.prod(self._series[0].shape[: len(self._series[0].shape) - len(inner)], dtype=int))
        series, page = self._series[number // each], number % each
        if series.dataoffset is not None:
            return self._map(series, page, inner)
        if len(series) == each:
            _check_ends(series[page], self._size)
            return series[page].asarray()
        if self._whole is None:
            self._whole = series.asarray().reshape(each, *inner)
        return self._whole[page]

    def _map(self, series: Any, page: int, shape: tuple[int, ...]) -> Array:
        """Pages that lie in the file one behind the other, uncompressed."""
        dtype = series.dtype.newbyteorder(series.parent.byteorder)
        length = int(np.prod(shape, dtype=int)) * dtype.itemsize
        start = series.dataoffset + page * length
        if start + length > self._size:
            raise Refusal("undecodable", f"is cut short ({self._size} of {start + length} bytes): export it again")
        data = series.parent.filehandle
        data.seek(start)
        return np.frombuffer(data.read(length), dtype).reshape(shape)


def _check_ends(page: Any, size: int) -> None:
    if page is None:
        raise Refusal("undecodable", "lacks a page that its metadata name: export it again")
    ends = [start + count for start, count in zip(page.dataoffsets, page.databytecounts, strict=True)]
    if max(ends) > size:
        raise Refusal("undecodable", f"is cut short ({size} of {max(ends)} bytes): export it again")


def _finish(pixels: Array, page: Any, role: Role, has_alpha: bool) -> Array:
    """Frames (height, width, channels) without alpha and palette, upright, and of 1 bit as they are displayed."""
    pixels = pixels[..., :-1] if has_alpha else pixels
    if page.photometric == 3 and role != "mask":
        pixels = (page.colormap[:, pixels[..., 0]] >> 8).astype(np.uint8).transpose(1, 2, 0)
    if pixels.dtype == bool and page.photometric == 0:
        pixels = ~pixels
    orientation = page.tags.get(ORIENTATION)
    return turn(pixels, int(orientation.value)) if orientation is not None else pixels
