"""Baseline: the training subset's share of each class, the same for every pixel."""

from collections.abc import Mapping

import numpy as np

from pipeline.datasets.arrays import IGNORED, Arrays
from pipeline.fitting.control import FitControl, FitResult
from pipeline.params import AugmentParams, ConstantParams, PredictParams, TrainParams


class Model:
    """What can be had without looking at the image."""

    clip = 1

    def __init__(self, entry: ConstantParams, channels: int, outputs: int, seed: int, predict: PredictParams) -> None:
        self.entry = entry
        self.shares = np.full(outputs, 1 / max(outputs, 2), "float32")

    def fit(
        self,
        arrays: Arrays,
        train: np.ndarray,
        validation: np.ndarray,
        params: TrainParams,
        augment: AugmentParams,
        control: FitControl,
    ) -> FitResult:
        """Count the classes of all pixels that count."""
        outputs = len(self.shares)
        counts = sum(np.bincount(arrays.mask(position).ravel(), minlength=IGNORED + 1) for position in train)
        classes = np.asarray(counts)[: max(outputs, 2)]
        shares = classes / classes.sum()
        self.shares = (shares[1:] if outputs == 1 else shares).astype("float32")
        return FitResult(history=[], best_epoch=0, samples_seen=len(train), batch_size=1, stopped="baseline")

    def predict(self, clip: np.ndarray) -> np.ndarray:
        """The shares at every pixel."""
        return np.broadcast_to(self.shares, (*clip.shape[1:3], len(self.shares))).copy()

    def state(self) -> dict[str, np.ndarray]:
        """The shares."""
        return {"shares": self.shares}

    def set_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Take over the shares."""
        self.shares = state["shares"]
