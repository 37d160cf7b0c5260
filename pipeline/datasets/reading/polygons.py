"""Masks drawn from polygons: the image of a COCO file, or a Labelme file."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from pipeline.datasets.reading.coco import list_coco_classes, read_coco
from pipeline.datasets.reading.labelme import read_labelme
from pipeline.datasets.reading.references import Reference, parse_reference
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


def list_polygon_classes(raw: Path, masks: Iterable[str], names: Sequence[str] | None) -> tuple[str, ...]:
    """Names of the classes that indices stand for where all masks are polygons, background first; () for other masks.

    `masks` are references, `names` is data.class_names, which COCO's categories stand in for. Raises DataError.
    """
    files = {parse_reference(mask).name for mask in masks}
    if not files or not all(name.lower().endswith(POLYGONS) for name in files):
        return ()
    return tuple(names) if names else list_coco_classes(raw / min(files))
