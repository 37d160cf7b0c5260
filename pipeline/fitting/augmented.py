"""Random transforms of one sample, drawn as a fit draws them."""

from typing import Any

import keras
import numpy as np

from pipeline.augment import Augment
from pipeline.datasets.arrays import IGNORED
from pipeline.datasets.augmented import Augmented
from pipeline.datasets.resizing import resize_image, resize_mask
from pipeline.params import AugmentParams

Array = np.ndarray[Any, np.dtype[Any]]
LARGEST_PX = 256
"""Longer side of the pictures: the draws of a photograph would take gigabytes."""


def draw_augmented(
    sample_id: str,
    image: Array,
    mask: Array,
    statistics: tuple[Array, Array],
    params: AugmentParams,
    patch: tuple[int, int] | None,
    seed: int,
    draws: int,
) -> Augmented:
    """The image (height, width, channel) and its mask, cut to a patch, then so many draws of them.

    `statistics` are mean and standard deviation of each channel, in which the fits see intensities.
    """
    image, mask = cut_around_foreground(image, mask, patch or mask.shape)
    share = min(1.0, LARGEST_PX / max(mask.shape))
    height, width = (max(1, round(side * share)) for side in mask.shape)
    if share < 1:
        image, mask = resize_image(image.astype(np.float32), height, width), resize_mask(mask, height, width)
    mean, deviation = (np.asarray(values, np.float32) for values in statistics)
    images = np.repeat((image.astype(np.float32) - mean)[None] / np.where(deviation > 0, deviation, 1), draws, axis=0)
    augment = Augment(params.model_copy(update={"elastic_px": params.elastic_px * share}), seed)
    drawn, maps = augment(images, {"mask": np.repeat(mask[None].astype("int32"), draws, axis=0)})
    drawn = keras.ops.convert_to_numpy(drawn) * np.where(deviation > 0, deviation, 1) + mean
    masks = keras.ops.convert_to_numpy(maps["mask"]).astype(np.uint8)
    return Augmented(
        sample_id,
        share,
        np.concatenate([image[None].astype(np.float32), drawn.astype(np.float32)]),
        np.concatenate([mask[None], masks]),
    )


def cut_around_foreground(image: Array, mask: Array, patch: tuple[int, ...]) -> tuple[Array, Array]:
    """A patch about the middle of the foreground, as far inside the image as it goes."""
    foreground = np.argwhere((mask > 0) & (mask != IGNORED))
    middle = np.median(foreground, axis=0) if len(foreground) else np.array(mask.shape) / 2
    corner = [
        int(np.clip(at - size // 2, 0, max(side - size, 0)))
        for at, size, side in zip(middle, patch, mask.shape, strict=True)
    ]
    part = tuple(slice(start, start + size) for start, size in zip(corner, patch, strict=True))
    return image[part], mask[part]
