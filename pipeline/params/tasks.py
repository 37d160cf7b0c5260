"""Kinds of task: the heads of each, and what it is scored by unless params say otherwise."""

from typing import Literal, NamedTuple, get_args

from pipeline.params.entries import HeadName
from pipeline.params.evaluation import ClassMetric, DepthMetric, MaskMetric, MetricName

TaskKind = Literal["segmentation", "depth", "mask_and_depth", "classification"]

MASK: tuple[MetricName, ...] = ("dice", "iou", "precision", "recall", "pixel_accuracy", "surface_distance")
DEPTH: tuple[MetricName, ...] = ("rmse", "absolute_relative_error", "delta_1", "delta_2", "delta_3", "log10")
LABEL: tuple[MetricName, ...] = ("accuracy", "log_loss", "brier")
HEAD_METRICS: dict[HeadName, tuple[MetricName, ...]] = {
    "mask": get_args(MaskMetric),
    "depth": get_args(DepthMetric),
    "label": get_args(ClassMetric),
}
"""All that each head can be scored by."""


class TaskFacts(NamedTuple):
    """What a kind of task is made of."""

    heads: tuple[HeadName, ...]
    metrics: tuple[MetricName, ...]
    """The default of evaluate.metrics; the first decides."""


TASKS: dict[TaskKind, TaskFacts] = {
    "segmentation": TaskFacts(("mask",), MASK),
    "depth": TaskFacts(("depth",), DEPTH),
    "mask_and_depth": TaskFacts(("mask", "depth"), MASK + DEPTH),
    "classification": TaskFacts(("label",), LABEL),
}
