"""The types that pixels may have: what files hold beyond them is converted without loss, or refused."""

from typing import Any

import numpy as np

from pipeline.datasets.reading.refusal import Refusal
from pipeline.datasets.reading.stored import Array

DTYPES = ("uint8", "uint16", "uint32", "int16", "int32", "float32")
FLOATS = ("float16", "float64")
WIDER = {"int8": "int16", "int64": "int32", "uint64": "uint32"}
MASK_RANGE = 65535
"""The greatest class value: a table of classes of this length is cheap."""


def to_known_type(pixels: Array) -> Array:
    """Pixels as one of DTYPES in the machine's byte order: bool becomes 0 and 255, int8 int16, other floats float32.

    int64 and uint64 become int32 and uint32 where every value fits; raises Refusal where one does not, or for other types.
    """
    if pixels.dtype == np.uint8:  # nearly all, and the name of a type takes longer than a look
        return pixels
    name = pixels.dtype.name
    if name in DTYPES:
        return pixels.astype(pixels.dtype.newbyteorder("="), copy=False)
    if name == "bool":
        return pixels * np.uint8(255)
    if name in FLOATS:
        with np.errstate(over="ignore"):  # infinity is told where it is not wanted
            return pixels.astype(np.float32)
    if name not in WIDER:
        raise Refusal("dtype", f"is {name}: save it as one of {', '.join(DTYPES)}")
    kept = np.iinfo(WIDER[name])
    if pixels.size and (pixels.min() < kept.min or pixels.max() > kept.max):
        found = f"is {name} with values from {pixels.min()} to {pixels.max()}"
        raise Refusal("value_range", f"{found}, which {WIDER[name]} cannot hold: save it as float32, or scale it down")
    return pixels.astype(WIDER[name])


def check_finite(pixels: Array) -> Array:
    """The pixels (height, width, channels); raises Refusal where some are NaN or infinite."""
    if pixels.dtype.kind == "f":
        lost = int(np.count_nonzero(~np.isfinite(pixels).all(axis=-1)))
        if lost:
            found = f"has {lost:,} pixel{'s' * (lost > 1)} of NaN or infinity"
            raise Refusal("not_finite", f"{found}: replace them, remove the image, or type python -m pipeline mend")
    return pixels


def to_class_values(values: Array, ignored: int | None) -> Array:
    """Mask values (height, width) as uint8 where the file has them so, else uint16; int32 where the `ignored` one is negative.

    Raises Refusal where values are no classes.
    """
    if values.dtype == np.uint8 or values.dtype == np.uint16:
        return values
    if values.dtype.kind == "f":
        check_whole(values)
    is_signed = ignored is not None and ignored < 0
    classes = values[values != ignored] if is_signed else values
    if classes.size and (classes.min() < 0 or classes.max() > MASK_RANGE):
        found = f"has values from {_tell(classes.min())} to {_tell(classes.max())}"
        mend = "name the one that does not count by data.ignore_value, set data.instances to values, or save it without sign"
        raise Refusal("mask_value_range", f"{found}, and classes go from 0 to {MASK_RANGE}: {mend}")
    return values.astype(np.int32 if is_signed else np.uint16)


def check_whole(values: Array) -> None:
    """Raise Refusal where float values are no whole numbers."""
    broken = values[~(np.isfinite(values) & (values == np.round(values)))]
    if broken.size:
        found = (
            f"is {values.dtype.name} with {broken.size:,} values that are no whole numbers ({_tell(broken[0])} for one)"
        )
        mend = "export it with one whole number a class, without smoothing or scaling"
        raise Refusal("dtype", f"{found}: {mend}")


def _tell(value: Any) -> str:
    return f"{float(value):.6g}"
