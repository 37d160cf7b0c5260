"""The head `mask`: every pixel belongs to one class, the first of which is background."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline import metrics
from pipeline.datasets.arrays import IGNORED
from pipeline.datasets.manifest import Dataset
from pipeline.metrics.membranes import scores_by_threshold, v_info, v_rand
from pipeline.params import EvaluateParams, ThresholdMetric
from pipeline.params.tasks import HEAD_METRICS
from pipeline.tasks.heads import Array, Head
from pipeline.thresholds import CANDIDATES, ByThreshold, choose_threshold, dice_by_threshold

ClassMask = NDArray[np.uint8]


def _membranes_by_threshold(mask: Array, probabilities: Array, candidates: Array, column: int) -> Array:
    """V_rand or V_info at every candidate; a sample without cells, whose score is NaN, prefers none."""
    scores = scores_by_threshold((mask > 0) & (mask != IGNORED), probabilities, candidates, mask != IGNORED)
    return np.nan_to_num(scores[:, column])


BY_THRESHOLD: dict[ThresholdMetric, ByThreshold] = {
    "dice": dice_by_threshold,
    "v_rand": partial(_membranes_by_threshold, column=0),
    "v_info": partial(_membranes_by_threshold, column=1),
}


@dataclass(frozen=True)
class Masks:
    """A sigmoid channel for background and foreground, else a softmax channel a class."""

    classes: int

    @classmethod
    def of(cls, dataset: Dataset) -> "Masks":
        """The classes of a data set."""
        return cls(dataset.classes)

    @property
    def head(self) -> Head:
        """What a network gives for it."""
        return Head("mask", 1, "sigmoid") if self.classes == 2 else Head("mask", self.classes, "softmax")

    def choose_threshold(
        self, pairs: Iterable[tuple[Array, Array]], metric: ThresholdMetric, candidates: Array = CANDIDATES
    ) -> float:
        """The candidate for the probability of foreground, of any kind, with the highest mean metric over pairs of mask and probabilities."""
        of_foreground = (
            (mask, scores[..., 0] if scores.shape[-1] == 1 else 1 - scores[..., 0]) for mask, scores in pairs
        )
        return choose_threshold(of_foreground, BY_THRESHOLD[metric], candidates)[0]

    def decide(self, probabilities: NDArray[np.floating[Any]], threshold: float) -> ClassMask:
        """Turn probabilities (H, W, K) into class indices (H, W).

        K = 1: foreground from `threshold` on. K > 1: the likeliest class, whatever the threshold.
        """
        if probabilities.shape[-1] == 1:
            return np.asarray(probabilities[..., 0].astype(np.float32) >= threshold, dtype=np.uint8)
        return np.asarray(probabilities.argmax(axis=-1), dtype=np.uint8)

    def score(self, target: Array, predicted: Array, threshold: float, evaluate: EvaluateParams) -> dict[str, float]:
        """Score probabilities (H, W, K) against class indices (H, W), pixels that the target ignores left out.

        Every metric but pixel_accuracy is the mean over the foreground classes that target or prediction hold. A
        sample without foreground in truth follows `evaluate.empty_masks`; NaN stands for "left out", which is also the
        score of a sample without any counted pixel.
        """
        wanted = [name for name in evaluate.metrics if name in HEAD_METRICS["mask"]]
        counted = target != IGNORED
        target = np.where(counted, target, 0)
        prediction = np.where(counted, self.decide(predicted, threshold), 0)
        is_left_out = evaluate.empty_masks == "skip" and not target.any()
        if is_left_out or not counted.any():
            return dict.fromkeys(wanted, float("nan"))
        present = np.union1d(target[target > 0], prediction[prediction > 0])
        pairs = [(target == index, prediction == index) for index in present] or [(target > 0, prediction > 0)]
        overlap: dict[str, Callable[[metrics.Mask, metrics.Mask], float]] = {
            "dice": metrics.dice,
            "iou": metrics.iou,
            "precision": metrics.precision,
            "recall": metrics.recall,
            "surface_distance": partial(metrics.surface_distance, tolerance_px=evaluate.tolerance_px, counted=counted),
            "v_rand": partial(v_rand, counted=counted),
            "v_info": partial(v_info, counted=counted),
        }
        whole = {"pixel_accuracy": metrics.pixel_accuracy(target[counted], prediction[counted])}
        return {
            name: whole[name] if name in whole else float(np.mean([overlap[name](*pair) for pair in pairs]))
            for name in wanted
        }
