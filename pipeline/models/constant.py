"""Baseline: what is most to be expected without looking at the image."""

from collections.abc import Mapping

import numpy as np

from pipeline.datasets.arrays import IGNORED, Arrays
from pipeline.fitting.control import FitControl, FitResult
from pipeline.fitting.statistics import mean_depth
from pipeline.params import AugmentParams, ConstantParams, PredictParams, TrainParams
from pipeline.tasks import Head, Prediction


class Model:
    """The training subset's share of each class, or its mean depth, the same for every image and pixel."""

    clip = 1

    def __init__(
        self, entry: ConstantParams, channels: int, heads: tuple[Head, ...], seed: int, predict: PredictParams
    ) -> None:
        self.entry, self.heads = entry, heads
        self.values = {head.name: np.full(head.channels, 1 / max(head.channels, 2), "float32") for head in heads}

    def fit(
        self,
        arrays: Arrays,
        train: np.ndarray,
        validation: np.ndarray,
        params: TrainParams,
        augment: AugmentParams,
        control: FitControl,
    ) -> FitResult:
        """Count the classes of all that counts, and average what was measured."""
        for head in self.heads:
            self.values[head.name] = _expect(head, arrays, train).astype("float32")
        return FitResult(history=[], best_epoch=0, samples_seen=len(train), batch_size=1, stopped="baseline")

    def predict(self, clip: np.ndarray) -> Prediction:
        """The values at every pixel, or of the image."""
        return {
            head.name: np.broadcast_to(
                self.values[head.name], (*(() if head.is_pooled else clip.shape[1:3]), head.channels)
            ).copy()
            for head in self.heads
        }

    def state(self) -> dict[str, np.ndarray]:
        """The values of each head."""
        return dict(self.values)

    def set_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Take over the values."""
        self.values = {head.name: state[head.name] for head in self.heads}


def _expect(head: Head, arrays: Arrays, train: np.ndarray) -> np.ndarray:
    if head.activation == "softplus":
        return np.array([mean_depth(arrays, train)])
    counts = sum(np.bincount(arrays.target(head.name, place).ravel(), minlength=IGNORED + 1) for place in train)
    classes = np.asarray(counts)[: max(head.channels, 2)]
    shares = classes / classes.sum()
    return shares[1:] if head.channels == 1 else shares
