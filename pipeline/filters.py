"""Filter features of pixels: intensity, edges and texture at several scales."""

from collections.abc import Iterator

import numpy as np
from skimage.feature import multiscale_basic_features

from pipeline.datasets.resizing import resize_image
from pipeline.params import FilterParams

REACH = 4
"""Standard deviations at which scikit-image cuts its Gaussian off."""
BEYOND_PX = 3
"""What Sobel's filter and two gradients add to it."""
Place = tuple[slice, slice]


def filter_features(image: np.ndarray, params: FilterParams) -> np.ndarray:
    """Features (height, width, feature), float32, of an image (height, width, channel), those of each channel in turn.

    One thread: scikit-image's own are started anew for every channel, and folds run side by side.
    """
    return np.asarray(
        multiscale_basic_features(  # type: ignore[no-untyped-call]
            np.asarray(image, "float32"),
            intensity=params.intensity,
            edges=params.edges,
            texture=params.texture,
            sigma_min=params.sigma_min,
            sigma_max=params.sigma_max,
            workers=1,
            channel_axis=-1,
        )
    )


def filter_tiles(
    image: np.ndarray, params: FilterParams, tile: tuple[int, int], wanted: np.ndarray | None = None
) -> Iterator[tuple[Place, np.ndarray]]:
    """Place and features (height, width, feature) of tiles of at most `tile` (height, width), the same as those of the whole image.

    Tiles without a pixel of `wanted` (height, width) are left out.
    """
    margin = int(REACH * params.sigma_max + 0.5) + BEYOND_PX
    for rows in _cut(image.shape[0], tile[0]):
        for columns in _cut(image.shape[1], tile[1]):
            if wanted is not None and not wanted[rows, columns].any():
                continue
            around = tuple(slice(max(part.start - margin, 0), part.stop + margin) for part in (rows, columns))
            inner = tuple(
                slice(part.start - outer.start, part.stop - outer.start)
                for part, outer in zip((rows, columns), around, strict=True)
            )
            yield (rows, columns), filter_features(image[around], params)[inner]


def summarise_features(image: np.ndarray, params: FilterParams, size: tuple[int, int]) -> np.ndarray:
    """Mean and standard deviation (2 features,) over the pixels of an image at `size`: its colours and textures, wherever they are."""
    features = filter_features(resize_image(image, *size), params).reshape(size[0] * size[1], -1)
    return np.concatenate([features.mean(axis=0), features.std(axis=0)])


def _cut(length: int, most: int) -> Iterator[slice]:
    return (slice(start, min(start + most, length)) for start in range(0, length, most))
