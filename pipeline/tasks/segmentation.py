"""Segmentation: every pixel of an image belongs to one class, the first of which is background."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pipeline import metrics
from pipeline.datasets.arrays import IGNORED
from pipeline.params import EvaluateParams

ClassMask = NDArray[np.uint8]


@dataclass(frozen=True)
class Head:
    """One output of a network: a map of `channels` channels after `activation`, and the kind of loss that fits it."""

    name: str
    channels: int
    activation: Literal["sigmoid", "softmax"]
    loss: Literal["binary", "categorical"]
    weight: float = 1.0


@dataclass(frozen=True)
class Segmentation:
    """A task with one head: a sigmoid channel for background and foreground, else a softmax channel a class."""

    classes: int
    class_names: tuple[str, ...] = ()

    @property
    def heads(self) -> tuple[Head, ...]:
        """The one head, named mask."""
        if self.classes == 2:
            return (Head("mask", 1, "sigmoid", "binary"),)
        return (Head("mask", self.classes, "softmax", "categorical"),)

    def to_mask(self, probabilities: NDArray[np.floating[Any]], threshold: float) -> ClassMask:
        """Turn probabilities (H, W, K) into class indices (H, W).

        K = 1: foreground from `threshold` on. K > 1: the likeliest class, whatever the threshold.
        """
        if probabilities.shape[-1] == 1:
            return np.asarray(probabilities[..., 0].astype(np.float32) >= threshold, dtype=np.uint8)
        return np.asarray(probabilities.argmax(axis=-1), dtype=np.uint8)

    def score(self, target: ClassMask, prediction: ClassMask, evaluate: EvaluateParams) -> dict[str, float]:
        """Score class indices (H, W) against the target's, pixels that the target ignores left out.

        Every metric but pixel_accuracy is the mean over the foreground classes that target or prediction hold. A
        sample without foreground in truth follows `evaluate.empty_masks`; NaN stands for "left out", which is also the
        score of a sample without any counted pixel.
        """
        counted = target != IGNORED
        target, prediction = np.where(counted, target, 0), np.where(counted, prediction, 0)
        is_left_out = evaluate.empty_masks == "skip" and not target.any()
        if is_left_out or not counted.any():
            return dict.fromkeys(evaluate.metrics, float("nan"))
        present = np.union1d(target[target > 0], prediction[prediction > 0])
        pairs = [(target == index, prediction == index) for index in present] or [(target > 0, prediction > 0)]
        overlap: dict[str, Callable[[metrics.Mask, metrics.Mask], float]] = {
            "dice": metrics.dice,
            "iou": metrics.iou,
            "precision": metrics.precision,
            "recall": metrics.recall,
            "surface_distance": partial(metrics.surface_distance, tolerance_px=evaluate.tolerance_px, counted=counted),
        }
        whole = {"pixel_accuracy": metrics.pixel_accuracy(target[counted], prediction[counted])}
        return {
            name: whole[name] if name in whole else float(np.mean([overlap[name](*pair) for pair in pairs]))
            for name in evaluate.metrics
        }
