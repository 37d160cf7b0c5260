"""Small raw folders for the tests of the data steps."""

from collections.abc import Sequence
from pathlib import Path

import imagecodecs
import numpy as np
import tifffile
from PIL import Image

HEIGHT, WIDTH = 8, 10


def draw_image(seed: int, channels: int = 0, dtype: str = "uint8") -> np.ndarray:
    """Noise (HEIGHT, WIDTH), or (HEIGHT, WIDTH, channels)."""
    shape = (HEIGHT, WIDTH, channels) if channels else (HEIGHT, WIDTH)
    return np.random.default_rng(seed).integers(0, np.iinfo(dtype).max, shape, dtype=dtype, endpoint=True)


def draw_mask(foreground: int = 255, background: int = 0) -> np.ndarray:
    """A quarter of the pixels (HEIGHT, WIDTH) is foreground."""
    mask = np.full((HEIGHT, WIDTH), background, np.uint8)
    mask[: HEIGHT // 2, : WIDTH // 2] = foreground
    return mask


def write_picture(path: Path, pixels: np.ndarray) -> Path:
    """Write PNG, JPG, BMP or TIFF without loss, as far as the format goes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix in (".tif", ".tiff"):
        tifffile.imwrite(path, pixels, photometric="rgb" if pixels.ndim == 3 else "minisblack")
    elif pixels.dtype == np.uint16:
        path.write_bytes(imagecodecs.png_encode(pixels))
    else:
        Image.fromarray(pixels).save(path)
    return path


def write_raw(
    folder: Path, names: Sequence[str] = ("1", "2", "10"), channels: Sequence[str] = ("images",), masks: str = "masks"
) -> Path:
    """A raw folder: one image a name in each channel folder, and a mask each unless `masks` is ""."""
    for number, name in enumerate(names):
        for channel, channel_folder in enumerate(channels):
            write_picture(folder / channel_folder / f"{name}.png", draw_image(100 * channel + number))
        if masks:
            write_picture(folder / masks / f"{name}.png", draw_mask())
    return folder
