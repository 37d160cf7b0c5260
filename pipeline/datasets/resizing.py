"""Images at another size."""

from typing import Any

import numpy as np
from skimage.transform import resize

Array = np.ndarray[Any, np.dtype[Any]]


def resize_image(image: Array, height: int, width: int) -> Array:
    """The image (height, width, channels) in its own type, by linear interpolation, smoothed first where it shrinks."""
    size = (height, width)
    resized = resize(image, size, order=1, mode="edge", anti_aliasing=True, preserve_range=True)  # type: ignore[no-untyped-call]
    return np.asarray(np.round(resized).astype(image.dtype))
