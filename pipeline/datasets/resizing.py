"""Images and masks at another size."""

from typing import Any

import numpy as np
from PIL import Image

Array = np.ndarray[Any, np.dtype[Any]]


def resize_image(image: Array, height: int, width: int) -> Array:
    """The image (height, width, channels) in its own type, by linear interpolation, averaged first where it shrinks."""
    resized = np.stack([_resize_plane(plane, height, width) for plane in np.moveaxis(image, -1, 0)], axis=-1)
    return (np.round(resized) if image.dtype.kind in "iu" else resized).astype(image.dtype)


def resize_mask(mask: Array, height: int, width: int) -> Array:
    """The mask or depth (height, width) by nearest neighbour: each pixel takes the value that its centre falls on."""
    rows = ((np.arange(height) + 0.5) * mask.shape[0] / height).astype(int)
    columns = ((np.arange(width) + 0.5) * mask.shape[1] / width).astype(int)
    return mask[np.ix_(rows, columns)]


def _resize_plane(plane: Array, height: int, width: int) -> Array:
    return np.asarray(Image.fromarray(plane.astype(np.float32)).resize((width, height), Image.Resampling.BILINEAR))
