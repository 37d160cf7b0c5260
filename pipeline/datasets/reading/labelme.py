"""Annotations in Labelme's format: one JSON file an image."""

import base64
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from skimage.draw import disk

from pipeline.datasets.reading.refusal import Refusal
from pipeline.datasets.reading.shapes import Shape, cover_polygon, draw_shapes, read_json
from pipeline.datasets.reading.stored import Array


def read_labelme(path: Path, names: Sequence[str] | None, size: tuple[int, int]) -> Array:
    """Class indices (height, width), uint8; `names` is data.class_names. Raises Refusal."""
    content = read_json(path)
    if not isinstance(content, dict) or not isinstance(content.get("shapes"), list):
        raise Refusal("labelme", "has no list shapes, as Labelme's files: export it again")
    stated = (content.get("imageHeight") or size[0], content.get("imageWidth") or size[1])
    if stated != size:
        found = f"is for an image of {stated[1]}x{stated[0]}, which is {size[1]}x{size[0]}"
        raise Refusal("polygon_size", f"{found}: export it again at the image's size, or restore the image")
    if names is None:
        used = sorted({str(shape["label"]) for shape in content["shapes"]})
        mend = f"list them by data.class_names, background first: [background, {', '.join(used)}]"
        raise Refusal("class_names", f"names its classes: {mend}")
    return draw_shapes(_list_shapes(content["shapes"], size), names, size)


def _list_shapes(shapes: Sequence[Mapping[str, Any]], size: tuple[int, int]) -> Iterator[Shape]:
    for shape in shapes:
        name, kind = str(shape["label"]), shape.get("shape_type") or "polygon"
        points = np.reshape(np.asarray(shape["points"], float), (-1, 2))
        match kind:
            case "polygon":
                yield name, cover_polygon(points, size)
            case "rectangle":
                (left, top), (right, bottom) = points.min(0), points.max(0)
                corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
                yield name, cover_polygon(corners, size)
            case "circle":
                radius = math.dist(points[0], points[1])
                centre = (points[0, 1] - 0.5, points[0, 0] - 0.5)
                yield name, disk(centre, radius, shape=size)  # type: ignore[no-untyped-call]
            case "mask":
                yield name, _place(shape["mask"], points, size)
            case _:
                mend = "draw it as polygon, or remove it"
                raise Refusal("polygon_outside", f"has a {kind} of '{name}', which covers no area: {mend}")


def _place(text: str, points: Array, size: tuple[int, int]) -> Array:
    """Pixels covered (height, width) by a picture in text at the place of its upper left corner."""
    part = np.asarray(Image.open(io.BytesIO(base64.b64decode(text))).convert("L")) > 0
    left, top = points[0].astype(int)
    covered = np.zeros(size, bool)
    room = covered[top : top + part.shape[0], left : left + part.shape[1]]
    room[:] = part[: room.shape[0], : room.shape[1]]
    return covered
