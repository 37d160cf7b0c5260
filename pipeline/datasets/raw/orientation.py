"""How a photo says by its EXIF data that it is to be turned."""

import contextlib
from pathlib import Path

from PIL import Image, UnidentifiedImageError

TAG = 0x0112
TURNS = {3: 2, 6: 3, 8: 1}
"""Quarter turns against the clock that put a photo upright, by the value of its tag; mirrored ones are not among them."""


def count_turns(path: Path) -> int:
    """Quarter turns against the clock from the stored to the upright photo; 0 where the file does not say."""
    with contextlib.suppress(UnidentifiedImageError, OSError), Image.open(path) as picture:
        return TURNS.get(picture.getexif().get(TAG, 1), 0)
    return 0
