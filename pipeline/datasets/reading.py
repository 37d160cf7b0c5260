"""Stands in for the package of readers until it is here."""

from pathlib import Path
from typing import Any

import numpy as np

from pipeline.datasets import images
from pipeline.datasets.images import SUFFIXES, write_mask
from pipeline.params import DataParams, DepthParams

__all__ = ["SUFFIXES", "count_frames", "list_coco", "read_depth", "read_image", "read_mask", "write_mask"]
Array = np.ndarray[Any, np.dtype[Any]]


def count_frames(path: Path, axes: str | None, role: str) -> int:
    """Frames of a file."""
    return 1


def list_coco(path: Path) -> list[str]:
    """File names of a COCO file's images."""
    raise NotImplementedError(path)


def read_image(raw: Path, reference: str, data: DataParams) -> Array:
    """An image (height, width, channels)."""
    return images.read_image(raw / reference)


def read_mask(raw: Path, reference: str, data: DataParams, size: tuple[int, int]) -> Array:
    """A mask (height, width)."""
    return images.read_mask(raw / reference)


def read_depth(raw: Path, reference: str, depth: DepthParams) -> Array:
    """A depth (height, width) in metres."""
    values = images.read_image(raw / reference)[..., 0].astype(np.float32)
    if depth.missing is not None:
        values[values == depth.missing] = np.nan
    return values * np.float32(depth.scale)
