"""Masks drawn from polygons: the image of a COCO file, or a Labelme file."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.datasets.reading.coco import read_coco
from pipeline.datasets.reading.labelme import read_labelme
from pipeline.datasets.reading.references import Reference
from pipeline.datasets.reading.refusal import refusing
from pipeline.datasets.reading.stored import Array

POLYGONS = (".json",)


def read_polygons(raw: Path, place: Reference, names: Sequence[str] | None, size: tuple[int, int]) -> Array:
    """Class indices (height, width), uint8; `names` is data.class_names. Raises DataError."""
    path = raw / place.name
    with refusing(path, "mask", place.name):
        if place.entry:
            return read_coco(path, place.entry, names, size)
        return read_labelme(path, names, size)
