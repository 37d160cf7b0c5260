"""Reads single files in tests as the flow does."""

from pathlib import Path
from typing import Any

import numpy as np

from pipeline.datasets import reading
from pipeline.params import DataParams

SIZE = (8, 10)


def read_image(path: Path, frame: int | None = None, **data: Any) -> np.ndarray:
    """An image, or one frame of a file, by its path."""
    return reading.read_image(path.parent, refer(path, frame), DataParams(**data))


def read_mask(path: Path, frame: int | None = None, size: tuple[int, int] = SIZE, **data: Any) -> np.ndarray:
    """A mask, or one frame of a file, by its path."""
    return reading.read_mask(path.parent, refer(path, frame), DataParams(**data), size)


def refer(path: Path, frame: int | None = None) -> str:
    """The manifest's word for a file or a frame."""
    return path.name if frame is None else f"{path.name}#{frame}"
