"""One sample and random transforms of it, as the networks will be shown it."""

import logging
from pathlib import Path

import numpy as np

from pipeline.backend import open_backend, withhold_gpus
from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.augmented import write_augmented
from pipeline.datasets.manifest import read_manifest
from pipeline.fitting.statistics import channel_statistics
from pipeline.params import AugmentParams, TrainParams

logger = logging.getLogger(__name__)
DRAWS = 11
LOOKED = 64
"""Samples whose mean and deviation stand for those of a training subset."""


def augment(
    manifest: Path, index: Path, augmented: Path, *, shown_augment: AugmentParams, train: TrainParams, seed: int
) -> None:
    """Draw the sample whose share of foreground is the median, or any without masks; the file is empty where nothing is augmented."""
    if shown_augment == AugmentParams():
        write_augmented(augmented, None)
        return
    table = read_manifest(manifest)
    filled = table[table["foreground"] > 0].sort_values("foreground", kind="stable")
    rows = table if filled.empty else filled
    sample_id = str(rows["sample_id"].iloc[len(rows) // 2])
    arrays = open_arrays(index.parent)
    (position,) = arrays.positions([sample_id])
    looked = np.linspace(0, len(arrays) - 1, min(LOOKED, len(arrays))).astype(int)
    statistics = channel_statistics(arrays, looked)

    withhold_gpus()
    with open_backend(True, train.threads, "float32", seed):
        # here, because it imports Keras, which takes seconds that nothing without augmentation should cost
        from pipeline.fitting.augmented import draw_augmented

        image = arrays.image(position)
        mask = np.zeros(image.shape[:2], np.uint8) if filled.empty else arrays.mask(position)
        drawn = draw_augmented(sample_id, image, mask, statistics, shown_augment, train.patch, seed, DRAWS)

    write_augmented(augmented, drawn)
    logger.info("%s: %d draws of %s", augmented, DRAWS, sample_id)
