"""What a fitted network makes of the same training tiles with batch normalisation in both of its modes."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.datasets.files import aside

Array = np.ndarray[Any, np.dtype[Any]]
MOVING, BATCH, TARGET = "moving", "batch", "target"


@dataclass(frozen=True)
class Diagnosed:
    """One batch of un-augmented training tiles; without any where the model has no batch normalisation."""

    model: str
    fold: str
    sample_ids: tuple[str, ...] = ()
    images: Array = field(default_factory=lambda: np.zeros((0, 0, 0, 0), np.uint8))
    """(tile, height, width, channel), the last frames, intensities as in the arrays."""
    targets: dict[str, Array] = field(default_factory=dict)
    """By head, (tile, ...)."""
    moving: dict[str, Array] = field(default_factory=dict)
    """Predictions by head, (tile, ...), by the moving statistics, as the model predicts."""
    batch: dict[str, Array] = field(default_factory=dict)
    """The same by the statistics of the batch, as in training."""


def write_diagnosed(path: Path, diagnosed: Diagnosed) -> None:
    """Write the file whole or not at all."""
    arrays: dict[str, Any] = {
        name: np.array(getattr(diagnosed, name)) for name in ("model", "fold", "sample_ids", "images")
    }
    for kind, found in ((MOVING, diagnosed.moving), (BATCH, diagnosed.batch), (TARGET, diagnosed.targets)):
        arrays |= {f"{kind}_{head}": values for head, values in found.items()}
    with aside(path) as part, part.open("wb") as file:
        np.savez_compressed(file, **arrays)


def read_diagnosed(path: Path) -> Diagnosed:
    """What `write_diagnosed` wrote."""
    with np.load(path) as held:
        model, fold, names = str(held["model"]), str(held["fold"]), tuple(held["sample_ids"].tolist())
        found = {
            kind: {name.removeprefix(f"{kind}_"): held[name] for name in held.files if name.startswith(f"{kind}_")}
            for kind in (TARGET, MOVING, BATCH)
        }
        return Diagnosed(model, fold, names, held["images"], *found.values())
