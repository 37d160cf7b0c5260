"""Annotations in COCO's format: one JSON file for all images, polygons or run lengths."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.datasets.reading.refusal import Refusal, refusing
from pipeline.datasets.reading.shapes import Shape, cover_polygon, draw_shapes, read_json
from pipeline.datasets.reading.stored import Array

BACKGROUND = "background"
LISTS = ("images", "annotations", "categories")


@dataclass(frozen=True)
class _Coco:
    images: Mapping[str, Mapping[str, Any]]
    """By file name."""
    annotations: Mapping[Any, Sequence[Mapping[str, Any]]]
    """By image's id."""
    categories: Mapping[Any, str]
    """Names by id, ascending."""


def list_coco(path: Path) -> list[str]:
    """File names of the images; raises DataError."""
    with refusing(path, "COCO file"):
        return list(_load(path).images)


def list_coco_classes(path: Path) -> tuple[str, ...]:
    """Names of the classes that indices stand for where data.class_names is null, background first; raises DataError."""
    with refusing(path, "COCO file"):
        return (BACKGROUND, *_load(path).categories.values())


def read_coco(path: Path, entry: str, names: Sequence[str] | None, size: tuple[int, int]) -> Array:
    """Class indices (height, width), uint8, of the image `entry`; `names` is data.class_names. Raises Refusal."""
    coco = _load(path)
    if entry not in coco.images:
        raise Refusal("mask_missing", f"has no image '{entry}': annotate it, or remove it")
    image = coco.images[entry]
    stated = (image.get("height", size[0]), image.get("width", size[1]))
    if stated != size:
        found = f"says that '{entry}' is {stated[1]}x{stated[0]}, it is {size[1]}x{size[0]}"
        raise Refusal("polygon_size", f"{found}: export it again at the image's size, or restore the image")
    classes = names or (BACKGROUND, *coco.categories.values())
    return draw_shapes(_list_shapes(coco, image["id"], size), classes, size)


def _load(path: Path) -> _Coco:
    return _parse(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _parse(path: Path, changed: int) -> _Coco:
    """The file as it was at the time `changed`, which the cache goes by."""
    content = read_json(path)
    lacking = [key for key in LISTS if not isinstance(content, dict) or key not in content]
    if lacking:
        raise Refusal("coco", f"has no list of {', '.join(lacking)}: export it again in COCO's format")
    _check_twice(content["images"])
    annotations = defaultdict(list)
    for annotation in content["annotations"]:
        annotations[annotation["image_id"]].append(annotation)
    categories = {single["id"]: single["name"] for single in sorted(content["categories"], key=lambda one: one["id"])}
    return _Coco({image["file_name"]: image for image in content["images"]}, annotations, categories)


def _check_twice(images: Sequence[Mapping[str, Any]]) -> None:
    twice = [name for name, count in Counter(image["file_name"] for image in images).items() if count > 1]
    if twice:
        told = f"lists '{twice[0]}' twice" + (f", as {len(twice) - 1} more" if len(twice) > 1 else "")
        raise Refusal("entry_twice", f"{told}: put their outlines into one entry, and remove the other")


def _list_shapes(coco: _Coco, image: Any, size: tuple[int, int]) -> Iterator[Shape]:
    for annotation in coco.annotations.get(image, ()):
        name = coco.categories.get(annotation["category_id"])
        if name is None:
            listed = ", ".join(f"{key} {known}" for key, known in coco.categories.items())
            told = f"has an outline of category {annotation['category_id']}, and lists {listed}: add it to categories"
            raise Refusal("category_unknown", told)
        segmentation = annotation.get("segmentation")
        if not segmentation:
            raise Refusal("polygon_outside", f"has a box of '{name}' without outline: draw polygons, or remove it")
        if isinstance(segmentation, dict):
            yield name, _decode_lengths(segmentation, size)
            continue
        for part in segmentation:
            yield name, cover_polygon(part, size)


def _decode_lengths(segmentation: Mapping[str, Any], size: tuple[int, int]) -> Array:
    """Pixels covered (height, width): runs of 0 and 1 by turns, column by column."""
    if tuple(segmentation["size"]) != size:
        raise Refusal("polygon_size", f"has run lengths for another size, {segmentation['size']}: annotate it again")
    counts = segmentation["counts"]
    lengths = np.array(_decompress(counts) if isinstance(counts, str) else counts)
    if lengths.sum() != size[0] * size[1]:
        raise Refusal(
            "undecodable", f"has run lengths of {lengths.sum()} pixels, not {size[0] * size[1]}: export it again"
        )
    return np.repeat(np.arange(len(lengths)) % 2 == 1, lengths).reshape(size[::-1]).T


def _decompress(text: str) -> list[int]:
    """Run lengths from COCO's text: 5 bits a character, least first, from the third on as difference to the last but one."""
    lengths: list[int] = []
    value = shift = 0
    for character in text:
        bits = ord(character) - 48
        value |= (bits & 0x1F) << shift
        shift += 5
        if bits & 0x20:
            continue
        if bits & 0x10:
            value -= 1 << shift
        lengths.append(value + (lengths[-2] if len(lengths) > 2 else 0))
        value = shift = 0
    return lengths
