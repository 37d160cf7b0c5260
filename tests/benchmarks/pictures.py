"""Pictures with masks of several kinds, on which measures of suspicion and learning curves are held to their bars."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy import ndimage
from skimage.data import binary_blobs
from skimage.io import imread

from pipeline.workflow import ROOT

SIZE = 48
SHARED = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared" / "data"))
"""Folder of real data, which may be absent."""
Array = np.ndarray[Any, np.dtype[Any]]
Draw = Callable[[np.random.Generator], tuple[Array, Array]]
"""An image (SIZE, SIZE, 1), float32, and its mask (SIZE, SIZE), bool."""


def draw_ellipses(generator: np.random.Generator) -> tuple[Array, Array]:
    """A few ellipses, brighter than a textured background; measures and curve were chosen on these."""
    y, x = np.mgrid[:SIZE, :SIZE]
    mask = np.zeros((SIZE, SIZE), bool)
    for _ in range(generator.integers(1, 5)):
        top, left = generator.uniform(6, SIZE - 6, 2)
        (a, b), turn = generator.uniform(4, 10, 2), generator.uniform(0, np.pi)
        along = (x - left) * np.cos(turn) + (y - top) * np.sin(turn)
        across = (y - top) * np.cos(turn) - (x - left) * np.sin(turn)
        mask |= (along / a) ** 2 + (across / b) ** 2 < 1
    image = generator.uniform(1, 1.6) * mask + mask * _texture(generator, 0.3, 0.6, 0.7)
    image += _texture(generator, 0.2, 0.6, 10) + _texture(generator, 0.3, 0.6, generator.uniform(1, 3))
    image += generator.normal(0, 0.15, image.shape) + generator.normal(0, 0.3)
    return image[..., None].astype(np.float32), mask


def draw_blobs(generator: np.random.Generator) -> tuple[Array, Array]:
    """Blobs of scikit-image that differ from what is around them in the grain of their texture, hardly in brightness."""
    share, length = generator.uniform(0.15, 0.45), generator.uniform(0.2, 0.35)
    mask = binary_blobs(SIZE, blob_size_fraction=length, volume_fraction=share, rng=generator)
    fine, coarse = _texture(generator, 0.8, 1.2, 0.6), _texture(generator, 0.8, 1.2, 2.0)
    image = np.where(mask, fine, coarse) + generator.uniform(0.1, 0.4) * mask + _texture(generator, 0.1, 0.4, 12)
    return image[..., None].astype(np.float32), mask


def draw_membranes(generator: np.random.Generator) -> tuple[Array, Array]:
    """A window of a real section through nerve cells, its membranes the mask; windows may overlap by chance, but hardly do."""
    images, masks = _sections()
    number = generator.integers(len(images))
    top, left = generator.integers(images.shape[1] - SIZE, size=2)
    place = number, slice(top, top + SIZE), slice(left, left + SIZE)
    return images[place][..., None].astype(np.float32) / 255, masks[place] == 0


def has_sections() -> bool:
    """Whether the real sections are there."""
    return (SHARED / "isbi2012" / "train").is_dir()


@cache
def _sections() -> tuple[Array, Array]:
    """Images and masks (section, height, width), the sections halved in size."""
    stacks = []
    for kind in ("images", "masks"):
        paths = sorted((SHARED / "isbi2012" / "train" / kind).iterdir())
        stacks.append(np.stack([imread(path)[::2, ::2] for path in paths]))
    return stacks[0], stacks[1]


def _texture(generator: np.random.Generator, low: float, high: float, scale_px: float) -> Array:
    noise = ndimage.gaussian_filter(generator.normal(size=(SIZE, SIZE)), scale_px)
    return np.asarray(generator.uniform(low, high) * noise / noise.std())
