"""Backgrounds and cut-outs drawn for tests."""

from pathlib import Path

import numpy as np
from PIL import Image


def draw_background(seed: int, size: tuple[int, int] = (24, 32)) -> np.ndarray:
    """Noise (height, width, 3)."""
    return np.random.default_rng(seed).integers(0, 256, (*size, 3), dtype=np.uint8)


def draw_cutout(seed: int, size: tuple[int, int] = (20, 12)) -> np.ndarray:
    """An ellipse (height, width, 4) of noise that fades out at its rim, with a transparent margin of two pixels around it."""
    height, width = size
    rows, columns = np.ogrid[-1 : 1 : 1j * height, -1 : 1 : 1j * width]
    alpha = np.clip(4 * (1 - rows**2 - columns**2), 0, 1) * 255
    colours = np.random.default_rng(seed).integers(0, 256, (height, width, 3))
    return np.pad(np.dstack([colours, alpha]).astype(np.uint8), ((2, 2), (2, 2), (0, 0)))


def write_parts(raw: Path, backgrounds: int = 3, cutouts: int = 4) -> Path:
    """Folders `backgrounds` and `cutouts` of different pictures in PNG."""
    for folder, count, draw in (("backgrounds", backgrounds, draw_background), ("cutouts", cutouts, draw_cutout)):
        (raw / folder).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            Image.fromarray(draw(number)).save(raw / folder / f"{folder[0]}{number}.png")
    return raw
