"""A folder of masks and probability maps, as `apply` and the unlabelled samples have it."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.datasets.files import aside
from pipeline.datasets.reading import write_mask

Array = np.ndarray[Any, np.dtype[Any]]

MAPS = "predictions_maps"


def write_segmented(
    folder: Path,
    names: Sequence[str],
    sizes: Sequence[tuple[int, int]],
    maps: Iterable[Array],
    to_mask: Callable[[Array], Array],
) -> None:
    """Write NAME.png and the probabilities of each image, in the order of `names`, one image in memory at a time.

    Probabilities (height, width, channel), float32, go into predictions_maps.npy, shape (images, height, width[, channel]), where
    sizes (height, width) are equal, else into predictions_maps/NAME.npy; one channel has no axis.
    """
    if len(set(sizes)) > 1:
        for name, probabilities in zip(names, maps, strict=True):
            write_mask(folder / f"{name}.png", to_mask(probabilities))
            with aside(folder / MAPS / f"{name}.npy") as part, part.open("wb") as file:
                np.save(file, _squeeze(probabilities))
        return
    with aside(folder / f"{MAPS}.npy") as part:
        stack: Array | None = None
        for place, (name, probabilities) in enumerate(zip(names, maps, strict=True)):
            write_mask(folder / f"{name}.png", to_mask(probabilities))
            flat = _squeeze(probabilities)
            if stack is None:
                stack = np.lib.format.open_memmap(part, "w+", np.float32, (len(names), *flat.shape))
            stack[place] = flat


def _squeeze(probabilities: Array) -> Array:
    return probabilities[..., 0] if probabilities.shape[-1] == 1 else probabilities
