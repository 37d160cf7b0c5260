"""Small samples drawn for tests: bright rectangles of each class on a noisy background, in memory."""

import numpy as np
import pandas as pd

from pipeline.datasets.arrays import Arrays
from pipeline.datasets.manifest import TARGETS, Dataset


def draw_arrays(
    samples: int = 4,
    size: tuple[int, int] = (16, 16),
    channels: int = 1,
    classes: int = 2,
    frames: int = 1,
    seed: int = 0,
) -> Arrays:
    """Samples in sequences of a number of frames; class 0 is background, the brighter the higher the class."""
    random = np.random.default_rng(seed)
    pairs = [draw_sample(random, size, channels, classes) for _ in range(samples)]
    return gather(pairs, frames)


def draw_sample(
    random: np.random.Generator, size: tuple[int, int], channels: int, classes: int
) -> tuple[np.ndarray, np.ndarray]:
    """One image (height, width, channel) as uint8 and its mask."""
    height, width = size
    mask = np.zeros(size, "uint8")
    for index in range(1, classes):
        top, left = random.integers(0, height // 2), random.integers(0, width // 2)
        mask[top : top + height // 3, left : left + width // 3] = index
    clean = 40 + mask[..., None] * (160 / (classes - 1)) * np.ones(channels)
    return (clean + random.normal(0, 5, clean.shape)).clip(0, 255).astype("uint8"), mask


def gather(pairs: list[tuple[np.ndarray, np.ndarray]], frames: int = 1) -> Arrays:
    """Arrays of images and masks of any sizes, `frames` of them a sequence; the brighter the nearer, and every second is "odd"."""
    shapes = np.array([image.shape for image, _ in pairs])
    areas = shapes[:, 0] * shapes[:, 1]
    index = pd.DataFrame(shapes, columns=["height", "width", "channels"]).assign(
        sample_id=[f"{row:03d}" for row in range(len(pairs))],
        sequence=[f"s{row // frames}" if frames > 1 else "" for row in range(len(pairs))],
        time=[row % frames for row in range(len(pairs))],
        image_offset=np.cumsum([0, *shapes.prod(axis=1)])[:-1],
        mask_offset=np.cumsum([0, *areas])[:-1],
        depth_offset=np.cumsum([0, *areas])[:-1],
        label=[("even", "odd")[row % 2] for row in range(len(pairs))],
    )
    return Arrays(
        index,
        np.concatenate([image.ravel() for image, _ in pairs]),
        np.concatenate([mask.ravel() for _, mask in pairs]),
        np.concatenate([draw_depth(image, mask).ravel() for image, mask in pairs]),
    )


def draw_depth(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Depth in metres: 5 in the background, 4 at class 1, 3 at class 2; nothing measured in the first row."""
    depth = 5 - np.where(mask < 255, mask, 0).astype("float32")
    depth[0] = np.nan
    return depth


def describe(channels: int = 1, classes: int = 2) -> Dataset:
    """What dataset.json would hold."""
    names = tuple(f"class {index}" for index in range(classes))
    return Dataset(channels, "uint8", tuple(range(classes)), names, "data", "drawn", ("even", "odd"), TARGETS)
