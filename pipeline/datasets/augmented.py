"""One sample and random transforms of it, as the networks are shown them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.datasets.files import aside

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Augmented:
    """The sample as it is, then the draws."""

    sample_id: str
    share: float
    """Size of the pictures as a share of the sample's."""
    images: Array
    """(draw, height, width, channel), float32, intensities as in the arrays."""
    masks: Array
    """(draw, height, width), uint8, class indices or IGNORED."""


def write_augmented(path: Path, augmented: Augmented | None) -> None:
    """Write the file whole or not at all; it is empty where nothing is augmented."""
    with aside(path) as part, part.open("wb") as file:
        np.savez_compressed(file, **(vars(augmented) if augmented else {}))


def read_augmented(path: Path) -> Augmented | None:
    """What `write_augmented` wrote."""
    with np.load(path) as held:
        if not held.files:
            return None
        return Augmented(str(held["sample_id"]), float(held["share"]), held["images"], held["masks"])
