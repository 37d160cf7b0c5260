"""Images of every format as pixels (height, width, channels)."""

from pathlib import Path

from pipeline.datasets.reading.opening import read_pixels
from pipeline.datasets.reading.references import parse_reference
from pipeline.datasets.reading.refusal import refusing
from pipeline.datasets.reading.stored import Array
from pipeline.datasets.reading.values import check_finite
from pipeline.params import DataParams


def read_image(raw: Path, reference: str, data: DataParams) -> Array:
    """The image (height, width, channels), of one of values.DTYPES, without alpha and upright; raises DataError."""
    place = parse_reference(reference)
    path = raw / place.name
    pixels = read_pixels(path, place.frame, data.axes, "image", place.name)
    if pixels.dtype.kind == "f":
        with refusing(path, "image", place.name):
            check_finite(pixels)
    return pixels
