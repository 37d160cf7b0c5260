"""Scores of one prediction against its target, in NumPy, and what every metric's name means."""

from pipeline.metrics.boundary import hausdorff_95, surface_distance
from pipeline.metrics.calibration import pixel_calibration_error
from pipeline.metrics.classification import accuracy, brier, log_loss, top_2, top_2_tolerant
from pipeline.metrics.depth import absolute_relative_error, delta_1, delta_2, delta_3, log10, rmse
from pipeline.metrics.frames import flicker
from pipeline.metrics.lines import cl_dice
from pipeline.metrics.overlap import Mask, dice, iou, pixel_accuracy, precision, recall
from pipeline.metrics.registry import METRICS, SPELT, Metric

__all__ = [
    "METRICS",
    "SPELT",
    "Mask",
    "Metric",
    "absolute_relative_error",
    "accuracy",
    "brier",
    "cl_dice",
    "delta_1",
    "delta_2",
    "delta_3",
    "dice",
    "flicker",
    "hausdorff_95",
    "iou",
    "log10",
    "log_loss",
    "pixel_accuracy",
    "pixel_calibration_error",
    "precision",
    "recall",
    "rmse",
    "surface_distance",
    "top_2",
    "top_2_tolerant",
]
