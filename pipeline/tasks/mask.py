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
from pipeline.metrics.columns import INTERSECTION, UNION, V_INFO, V_RAND
from pipeline.metrics.emptiness import describe_emptiness
from pipeline.metrics.membranes import THRESHOLDS, scores_by_threshold
from pipeline.params import EvaluateParams, ThresholdMetric
from pipeline.params.tasks import HEAD_METRICS
from pipeline.tasks.heads import Array, Head
from pipeline.tasks.pairs import Pair
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
        of_foreground = ((mask, _probability_of_foreground(scores)) for mask, scores in pairs)
        return choose_threshold(of_foreground, BY_THRESHOLD[metric], candidates)[0]

    def decide(self, probabilities: NDArray[np.floating[Any]], threshold: float) -> ClassMask:
        """Turn probabilities (H, W, K) into class indices (H, W).

        K = 1: foreground from `threshold` on. K > 1: the likeliest class, whatever the threshold.
        """
        if probabilities.shape[-1] == 1:
            return np.asarray(probabilities[..., 0].astype(np.float32) >= threshold, dtype=np.uint8)
        return np.asarray(probabilities.argmax(axis=-1), dtype=np.uint8)

    def score(
        self,
        target: Array,
        predicted: Array,
        threshold: float,
        evaluate: EvaluateParams,
        previous: tuple[Array, Array] | None = None,
    ) -> dict[str, float]:
        """Score probabilities (H, W, K) against class indices (H, W), pixels that the target ignores left out.

        Every metric of MEASURES is the mean over the foreground classes that target or prediction hold; where there are none, two empty
        masks agree: evaluate.empty_masks judges afterwards. `previous` are target and prediction of the frame before. NaN stands for
        "no score": of a sample without any counted pixel, and of the flicker of a first frame.
        """
        wanted = [name for name in evaluate.sample_metrics if name in HEAD_METRICS["mask"]]
        counted, truth, said = self._count(target, predicted, threshold)
        if not counted.any():
            return dict.fromkeys(wanted, float("nan"))
        present = np.union1d(truth[truth > 0], said[said > 0])
        classes = [(truth == index, said == index) for index in present] or [(truth > 0, said > 0)]
        pairs = [Pair(*masks, counted, evaluate) for masks in classes]
        whole: dict[str, Callable[[], float]] = {
            "pixel_accuracy": lambda: metrics.pixel_accuracy(truth[counted], said[counted]),
            "pixel_calibration_error": lambda: metrics.pixel_calibration_error(truth, predicted, counted),
            "flicker": lambda: self._flicker(target, predicted, threshold, previous),
        }
        return {
            name: whole[name]() if name in whole else float(np.mean([pair.score(name) for pair in pairs]))
            for name in wanted
        }

    def note(
        self, target: Array, predicted: Array, threshold: float, evaluate: EvaluateParams
    ) -> dict[str, float | str]:
        """What stands beside the scores: `empty`, for evaluate.empty_masks, and what the pooled metrics that are asked for need."""
        counted, truth, said = self._count(target, predicted, threshold)
        notes: dict[str, float | str] = {"empty": describe_emptiness(truth, said) if counted.any() else ""}
        if "mean_iou" in evaluate.metrics:
            notes |= count_pixels(truth[counted], said[counted], self.classes)
        if {"best_v_rand", "best_v_info"} & {*evaluate.metrics}:
            foreground = _probability_of_foreground(predicted)
            scores = scores_by_threshold(truth > 0, foreground, THRESHOLDS, counted)
            for prefix, column in zip((V_RAND, V_INFO), scores.T.tolist(), strict=True):
                notes |= {f"{prefix}{at}": value for at, value in zip(THRESHOLDS, column, strict=True)}
        return notes

    def _count(self, target: Array, predicted: Array, threshold: float) -> tuple[metrics.Mask, ClassMask, ClassMask]:
        """Which pixels count, and target and prediction with background elsewhere."""
        counted = target != IGNORED
        said = np.where(counted, self.decide(predicted, threshold), 0)
        return counted, np.where(counted, target, 0), said

    def _flicker(
        self, target: Array, predicted: Array, threshold: float, previous: tuple[Array, Array] | None
    ) -> float:
        if previous is None:
            return float("nan")
        targets, predictions = zip(previous, (target, predicted), strict=True)
        counted = (targets[0] != IGNORED) & (targets[1] != IGNORED)
        before, after = (self.decide(found, threshold) for found in predictions)
        return metrics.flicker(targets, (before, after), counted)


def count_pixels(truth: ClassMask, said: ClassMask, classes: int) -> dict[str, float | str]:
    """Pixels of each class in both of two lists of classes (pixel,), and in either."""
    table = np.bincount(truth.astype(np.int64) * classes + said, minlength=classes**2).reshape(classes, classes)
    shared = np.diagonal(table)
    unions = table.sum(axis=0) + table.sum(axis=1) - shared
    return {
        f"{prefix}{number}": int(count)
        for prefix, counts in ((INTERSECTION, shared), (UNION, unions))
        for number, count in enumerate(counts)
    }


def _probability_of_foreground(probabilities: Array) -> Array:
    """Of any kind (height, width), from probabilities (height, width, channel)."""
    return probabilities[..., 0] if probabilities.shape[-1] == 1 else 1 - probabilities[..., 0]
