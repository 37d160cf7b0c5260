"""Masks of every kind as values a pixel: grey files, colours, single objects, polygons."""

from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image

from pipeline.datasets.faults import DataError, Fault
from pipeline.datasets.files import aside
from pipeline.datasets.reading.colours import index_colours, tell_colours
from pipeline.datasets.reading.opening import SUFFIXES, read_pixels
from pipeline.datasets.reading.polygons import POLYGONS, read_polygons
from pipeline.datasets.reading.references import parse_reference
from pipeline.datasets.reading.refusal import Refusal, refusing
from pipeline.datasets.reading.stored import Array
from pipeline.datasets.reading.values import check_whole, to_class_values
from pipeline.params import DataParams


def read_mask(raw: Path, reference: str, data: DataParams, size: tuple[int, int]) -> Array:
    """A mask (height, width), uint8 or uint16, or int32 where data.ignore_value is negative; raises DataError.

    Grey files and palettes have their values, colours and polygons class indices, single objects 0 and 1. `size` is the image's
    (height, width): polygons are drawn at it.
    """
    if reference.endswith("/"):
        return _merge_files(raw, reference, data, size)
    place = parse_reference(reference)
    if place.name.lower().endswith(POLYGONS):
        return read_polygons(raw, place, data.class_names, size)
    pixels = read_pixels(raw / place.name, place.frame, data.axes, _role(data), place.name)
    with refusing(raw / place.name, "mask", place.name):
        return _to_mask(pixels, data)


def write_mask(path: Path, mask: Array) -> None:
    """Write a mask (height, width) of uint8 as grey PNG, whole or not at all."""
    with aside(path) as part:
        Image.fromarray(np.ascontiguousarray(mask, np.uint8)).save(part, format="PNG")


def _role(data: DataParams) -> Literal["mask", "colours"]:
    return "colours" if data.mask_colours else "mask"


def _to_mask(pixels: Array, data: DataParams) -> Array:
    if data.mask_colours:
        return index_colours(pixels, data.mask_colours)
    values = to_grey(pixels)
    if data.instances == "values":
        values = _merge_values(values, data.ignore_value)
    return to_class_values(values, data.ignore_value)


def to_grey(pixels: Array) -> Array:
    """Values (height, width) of pixels (height, width, channels) that are alike in every channel; raises Refusal for colours."""
    if pixels.shape[-1] > 1 and (pixels != pixels[..., :1]).any():
        raise Refusal("mask_in_colour", f"is in colour: {tell_colours(pixels)}")
    return pixels[..., 0]


def _merge_values(values: Array, ignored: int | None) -> Array:
    """1 where any object is, 0 elsewhere, and the ignored value where it was."""
    if values.dtype.kind == "f":
        check_whole(values)
    merged = np.not_equal(values, 0).astype(np.uint8 if 0 <= (ignored or 0) < 256 else np.int32)
    if ignored is not None:
        merged[values == ignored] = ignored
    return merged


def _merge_files(raw: Path, folder: str, data: DataParams, size: tuple[int, int]) -> Array:
    """1 where any file of the folder has another value than 0."""
    merged, faults = np.zeros(size, np.uint8), list[Fault]()
    with refusing(raw / folder, "mask folder", folder):
        files = sorted(path for path in (raw / folder).iterdir() if not path.name.startswith("."))
    if not files:
        told = f"mask folder '{raw / folder}' holds no file: add one an object, or one of zeros where there is none"
        raise DataError(Fault("instances_empty", told, folder.rstrip("/")))
    for path in files:
        try:
            merged |= _read_object(path, path.relative_to(raw).as_posix(), data, size)
        except DataError as fault:
            faults += fault.faults
    if faults:
        raise DataError(*faults)
    return merged


def _read_object(path: Path, file: str, data: DataParams, size: tuple[int, int]) -> Array:
    if path.suffix.lower() not in SUFFIXES:
        told = f"file '{path}' is none of {', '.join(SUFFIXES)}: export it as PNG, or remove it"
        raise DataError(Fault("stray_file", told, file))
    pixels = read_pixels(path, None, data.axes, "mask", file)
    with refusing(path, "mask", file):
        if pixels.shape[:2] != size:
            found = f"is {pixels.shape[1]}x{pixels.shape[0]}, its image is {size[1]}x{size[0]}"
            raise Refusal("mask_size", f"{found}: export it again at the image's size, or remove the pair")
        return to_grey(pixels) != 0
