"""One file of another tool as the probabilities of its sample's classes, or as depths."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.datasets.reading import open_stored
from pipeline.datasets.reading.refusal import Refusal, refusing
from pipeline.datasets.reading.stored import Role
from pipeline.datasets.resizing import resize_mask
from pipeline.params import PredictionsParams

Array = np.ndarray[Any, np.dtype[Any]]
Size = tuple[int, int]
NUMPY = (".npy", ".npz")
SOFTMAX = ("probabilities", "softmax")
"""Names of the array in nnU-Net's files, of version 2 and 1."""
CLOSE = 0.01
"""By how much probabilities of all classes may miss 1: float16, and 8 bits a class."""
SHOWN = 6


@dataclass(frozen=True)
class Expected:
    """What a file should hold."""

    classes: int
    """Number of classes, background included."""
    sizes: tuple[Size, Size]
    """Height and width as prepared, and as in the image's file."""
    is_depth: bool = False
    """Whether it holds metres in place of classes."""


def read_prediction(path: Path, entry: PredictionsParams, expected: Expected) -> Array:
    """Probabilities (height, width, channel), float32, at the prepared size; one channel, of foreground, of two classes; or metres.

    A file of the image's own size is resized by nearest neighbour, as masks are. Raises DataError for what cannot be read, is of
    another size, or holds other values than the entry says.
    """
    with refusing(path, "prediction"):
        pixels = _arrange(_read(path, "depth" if expected.is_depth else "mask"), expected)
        if expected.is_depth:
            found = _to_metres(pixels)
        elif entry.values == "probabilities":
            found = _to_probabilities(pixels, expected.classes)
        else:
            found = _spread(_to_classes(pixels, entry, expected.classes), expected.classes)
        height, width = expected.sizes[0]
        return found if found.shape[:2] == (height, width) else resize_mask(found, height, width)


def _read(path: Path, role: Role) -> Array:
    """The array of a file as it is stored; frames of a TIFF or GIF come as the last axis."""
    if path.suffix.lower() in NUMPY:
        return _read_numpy(path)
    stored = open_stored(path, "CYX", role)
    return np.concatenate([stored.read(frame) for frame in range(stored.frames)], axis=-1)


def _read_numpy(path: Path) -> Array:
    try:
        with path.open("rb") as file:  # which np.load leaves open where it fails
            found = np.load(file, allow_pickle=False)
            if isinstance(found, np.ndarray):
                return found
            names = [name for name in SOFTMAX if name in found.files] or found.files
            if len(names) != 1:
                raise Refusal("arrays", f"holds {len(names)} arrays ({', '.join(names)}): save one array a file")
            return np.asarray(found[names[0]])
    except ValueError as fault:
        if "allow_pickle" not in str(fault):
            raise
        told = (
            "holds Python objects, which may run programs: save masks as PNG or TIFF (Cellpose: --save_png, --save_tif)"
        )
        raise Refusal("undecodable", told) from None


def _arrange(array: Array, expected: Expected) -> Array:
    """(height, width, channel) of an array whose channels come first or last, lone axes left out."""
    pixels = np.squeeze(array) if array.ndim > 3 else array
    if pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[0] == 1 and pixels.shape[1:] in expected.sizes):
        pixels = pixels.reshape(*pixels.shape[-2:], 1)
    if pixels.ndim == 3 and pixels.shape[:2] in expected.sizes:
        return pixels
    if pixels.ndim == 3 and pixels.shape[1:] in expected.sizes:
        return np.moveaxis(pixels, 0, -1)
    shape, sizes = (
        "x".join(map(str, array.shape)),
        dict.fromkeys(f"{height}x{width}" for height, width in expected.sizes),
    )
    told = f"is {shape}, its image (height x width) {' and prepared '.join(reversed(sizes))}"
    raise Refusal("prediction_size", f"{told}: export it at the image's size, channels first or last")


def _to_classes(pixels: Array, entry: PredictionsParams, classes: int) -> Array:
    """Numbers of classes (height, width)."""
    if pixels.shape[-1] > 1 and (pixels != pixels[..., :1]).any():
        told = f"has {pixels.shape[-1]} channels where one of classes is expected"
        raise Refusal("channels", f"{told}: set values to probabilities if they are, or export one channel")
    values = pixels[..., 0]
    if values.dtype.kind == "b":
        values = values.astype(np.uint8)
    if values.dtype.kind == "f" and not (np.isfinite(values) & (values == np.round(values))).all():
        raise Refusal("dtype", "holds fractions where classes are expected: set values to probabilities if they are")
    if entry.values == "nonzero":
        if classes > 2:
            told = f"is read by values nonzero, which tells two classes, and the data have {classes}"
            raise Refusal("values", f"{told}: export numbers of classes, and set values to classes")
        return values != 0
    known = range(classes) if isinstance(entry.values, str) else entry.values
    if len(known) != classes:
        told = f"has classes by the {len(known)} values {list(known)}, and the data have {classes} classes"
        raise Refusal("values", f"{told}: name the value of each, background first")
    return _number(values, known)


def _number(values: Array, known: Sequence[int]) -> Array:
    numbers = np.full(values.shape, -1, np.int16)
    for index, value in enumerate(known):
        numbers[values == value] = index
    if (numbers < 0).any():
        others = np.unique(values[numbers < 0])
        shown = ", ".join(f"{float(value):g}" for value in others[:SHOWN]) + (", ..." if len(others) > SHOWN else "")
        told = f"holds the value{'s' * (len(others) > 1)} {shown} where classes are {', '.join(map(str, known))}"
        mend = "set values to nonzero (0 is background, all else foreground), probabilities, or a list of the classes' values"
        raise Refusal("values", f"{told}: {mend}")
    return numbers


def _spread(numbers: Array, classes: int) -> Array:
    """Probabilities of 0 and 1 (height, width, channel)."""
    if classes == 2:
        return numbers[..., None].astype(np.float32)
    return np.eye(classes, dtype=np.float32)[numbers]


def _to_metres(pixels: Array) -> Array:
    """Depths (height, width, 1)."""
    if pixels.shape[-1] > 1 or pixels.dtype.kind != "f":
        told = f"is {pixels.dtype.name} of {pixels.shape[-1]} channels where one of depths in metres is expected"
        raise Refusal("dtype", f"{told}: save one channel of floats, as NPY or TIFF")
    if not (np.isfinite(pixels) & (pixels > 0)).all():
        raise Refusal("values", "holds depths that are 0, negative or no number: give every pixel metres above 0")
    return np.asarray(pixels, np.float32)


def _to_probabilities(pixels: Array, classes: int) -> Array:
    if pixels.dtype.kind not in "fu":
        told = f"is {pixels.dtype.name} where probabilities are expected"
        raise Refusal("dtype", f"{told}: save them as float from 0 to 1, or as uint8 or uint16 of their whole range")
    scale = 1.0 if pixels.dtype.kind == "f" else float(np.iinfo(pixels.dtype).max)
    found = np.asarray(pixels, np.float32) / np.float32(scale)
    if not np.isfinite(found).all():
        raise Refusal("values", "holds NaN or infinity where probabilities are expected: export it again")
    if found.min() < -CLOSE or found.max() > 1 + CLOSE:
        told = f"holds values from {found.min():g} to {found.max():g}, and probabilities go from 0 to 1"
        raise Refusal("values", f"{told}: export them after sigmoid or softmax")
    found = np.clip(found, 0, 1)
    if found.shape[-1] == 1 and classes == 2:
        return found
    if found.shape[-1] != classes:
        told = f"has {found.shape[-1]} channel{'s' * (found.shape[-1] > 1)} of probabilities, and the data have {classes} classes"
        raise Refusal("channels", f"{told}: export one channel a class, background first")
    total = found.sum(axis=-1, keepdims=True)
    if (np.abs(total - 1) > CLOSE * classes).any():
        told = f"has probabilities whose sum over the classes goes from {total.min():.3g} to {total.max():.3g} in place of 1"
        raise Refusal("values", f"{told}: export them after softmax, background first")
    found = found / total
    return found[..., 1:] if classes == 2 else found
