"""Predictions of samples of the prepared arrays by a fitted model."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from pipeline.datasets.arrays import Arrays
from pipeline.datasets.clips import clip_positions
from pipeline.thresholds import choose_threshold


class Predictor(Protocol):
    """A model, or an ensemble of them."""

    @property
    def clip(self) -> int:
        """Frames seen at once."""

    def predict(self, clip: np.ndarray) -> np.ndarray:
        """Probabilities (height, width, channel) as float32 of the last frame of a clip (time, height, width, channel)."""


def predict_samples(model: Predictor, arrays: Arrays, positions: np.ndarray) -> Iterator[np.ndarray]:
    """Probabilities (height, width, channel) of each sample, one at a time; clips keep within `positions`."""
    for clip in clip_positions(arrays.index, positions, model.clip):
        yield model.predict(np.stack([arrays.image(frame) for frame in clip]))


def validate_threshold(model: Predictor, arrays: Arrays, validation: np.ndarray) -> tuple[float, float]:
    """Threshold of the highest mean Dice on the validation samples, and that Dice; of several classes foreground is any."""
    # as predictions are stored, else a threshold on a round number could part the two
    probabilities = (
        scores.astype(np.float16).astype(np.float32) for scores in predict_samples(model, arrays, validation)
    )
    masks = (arrays.mask(position) for position in validation)
    return choose_threshold(
        (mask, scores[..., 0] if scores.shape[-1] == 1 else 1 - scores[..., 0])
        for mask, scores in zip(masks, probabilities, strict=True)
    )
