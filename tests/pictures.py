"""Pictures of two kinds drawn for tests of classification: discs and stripes, in colour, of several sizes."""

from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.datasets.arrays import Arrays, open_arrays
from pipeline.datasets.manifest import Dataset
from pipeline.datasets.pixels import Pixels
from pipeline.datasets.storing import write_arrays

LABELS = ("disc", "stripes")


def draw_picture(label: str, random: np.random.Generator, size: tuple[int, int] = (32, 32)) -> np.ndarray:
    """A noisy picture (height, width, 3) as uint8."""
    rows, columns = np.mgrid[: size[0], : size[1]]
    if label == "disc":
        middle = [random.uniform(0.35, 0.65) * side for side in size]
        shape = np.hypot(rows - middle[0], columns - middle[1]) < 0.3 * min(size)
    else:
        shape = (rows + random.integers(0, 8)) % 8 < 4
    clean = np.where(shape[..., None], random.uniform(150, 220, 3), random.uniform(20, 90, 3))
    return (clean + random.normal(0, 8, clean.shape)).clip(0, 255).astype("uint8")


def draw_pictures(count: int, seed: int = 0) -> list[np.ndarray]:
    """Pictures of two sizes, discs and stripes by turns."""
    random = np.random.default_rng(seed)
    return [draw_picture(LABELS[row % 2], random, (32, 32) if row % 3 else (40, 36)) for row in range(count)]


def write_pictures(folder: Path, pictures: list[np.ndarray], labels: list[str] | None = None) -> Arrays:
    """The prepared store of pictures; labels are discs and stripes by turns where none are given."""
    shapes = np.array([picture.shape for picture in pictures])
    count = len(pictures)
    index = pd.DataFrame(shapes, columns=["height", "width", "channels"]).assign(
        sample_id=[f"{row:03d}" for row in range(count)],
        sequence="",
        time=0,
        group=[f"{row:03d}" for row in range(count)],
        label=labels or [LABELS[row % 2] for row in range(count)],
        subset="",
        original_height=shapes[:, 0],
        original_width=shapes[:, 1],
        has_mask=False,
        has_depth=False,
        dtype=pictures[0].dtype.name,
    )
    files = (folder / name for name in ("images.npy", "masks.npy", "depths.npy", "index.csv"))
    write_arrays(*files, index, (Pixels(picture) for picture in pictures))
    return open_arrays(folder)


def describe_pictures(channels: int = 3, dtype: str = "uint8") -> Dataset:
    """What dataset.json would hold."""
    return Dataset(channels, dtype, (), (), "data", "folders", label_names=LABELS, targets=("label",))
