"""Drawing of polygons into masks."""

import difflib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from skimage.draw import polygon

from pipeline.datasets.reading.refusal import Refusal
from pipeline.datasets.reading.stored import Array

Shape = tuple[str, Any]
"""A class's name, and the pixels that it covers: rows and columns, or a bool for each pixel of the image."""


def draw_shapes(shapes: Iterable[Shape], names: Sequence[str], size: tuple[int, int]) -> Array:
    """Class indices (height, width), uint8: 0 where no shape is, and later shapes over earlier ones.

    `names` has the classes, background first; raises Refusal for shapes of other classes.
    """
    mask = np.zeros(size, np.uint8)
    indices = {name: index for index, name in enumerate(names)}
    for name, covered in shapes:
        if name not in indices:
            near = difflib.get_close_matches(name, names, n=1)
            hint = f"did you mean '{near[0]}'? rename it" if near else "add it there, or rename it"
            raise Refusal("label_unknown", f"has class '{name}', and data.class_names has {', '.join(names)}: {hint}")
        mask[covered] = indices[name]
    return mask


def cover_polygon(points: ArrayLike, size: tuple[int, int]) -> tuple[Array, Array]:
    """Rows and columns of the pixels whose centres lie in the polygon, of points x, y, x, y ... or (n, 2).

    The first pixel goes from 0 to 1, its centre is at 0.5: a square from 2, 3 to 6, 8 covers 4 x 5 pixels.
    """
    corners = np.reshape(np.asarray(points, float), (-1, 2))
    if len(corners) < 3:
        raise Refusal("polygon_outside", f"has a polygon of {len(corners)} points: draw at least 3, or remove it")
    (left, top), (right, bottom) = corners.min(0), corners.max(0)
    if left >= size[1] or top >= size[0] or right <= 0 or bottom <= 0:
        found = (
            f"has a polygon from {left:g}, {top:g} to {right:g}, {bottom:g} outside of its image of {size[1]}x{size[0]}"
        )
        raise Refusal("polygon_outside", f"{found}: export it again, or remove it")
    rows, columns = polygon(corners[:, 1] - 0.5, corners[:, 0] - 0.5, size)  # type: ignore[no-untyped-call]
    return rows, columns


def read_json(path: Path) -> Any:
    """The content of a JSON file; raises Refusal where it is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as fault:
        raise Refusal("json", f"is no JSON ({fault}): export it again") from None
