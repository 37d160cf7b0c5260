"""A score of a head while it is fitted, pooled over all that was seen: Dice, accuracy, or the share of depths within 25 %."""

from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from pipeline.losses import one_hot, probabilities
from pipeline.tasks import Head

Tensor = Any
Parts = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]
NEAR = 1.25


class Share(keras.metrics.Metric):  # type: ignore[misc]
    """The ratio of two sums over (target, logits)."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(name="score", dtype="float32")
        self.parts = parts
        self.part = self.add_variable((), initializer="zeros", name="part")
        self.whole = self.add_variable((), initializer="zeros", name="whole")

    @property
    def measure(self) -> str:
        """What it is: dice, accuracy or near."""
        return self.parts.__name__

    def update_state(self, target: Tensor, logits: Tensor, sample_weight: Tensor = None) -> None:
        part, whole = self.parts(target, logits)
        self.part.assign_add(part)
        self.whole.assign_add(whole)

    def result(self) -> Tensor:
        return (self.part + 1e-6) / (self.whole + 1e-6)


def build_score(head: Head) -> Share:
    """The score of a head, in [0, 1], higher is better."""
    return Share({"mask": dice, "label": accuracy, "depth": near}[head.name])


def dice(mask: Tensor, logits: Tensor) -> tuple[Tensor, Tensor]:
    """Dice of all counted pixels at probability .5 (or the likeliest class), foreground classes pooled."""
    channels = ops.shape(logits)[-1]
    truth, counted = one_hot(mask, channels)
    if channels == 1:
        chosen = ops.cast(probabilities(logits) >= 0.5, "float32") * counted
    else:
        chosen = ops.one_hot(ops.argmax(logits, axis=-1), channels) * counted
        truth, chosen = truth[..., 1:], chosen[..., 1:]
    return 2 * ops.sum(truth * chosen), ops.sum(truth) + ops.sum(chosen)


def accuracy(label: Tensor, logits: Tensor) -> tuple[Tensor, Tensor]:
    """Images whose likeliest class is the true one, among those with a class."""
    label = ops.cast(label, "int32")
    hits = ops.cast(ops.cast(ops.argmax(logits, axis=-1), "int32") == label, "float32")
    return ops.sum(hits), ops.sum(ops.cast(label >= 0, "float32"))


def near(depth: Tensor, logits: Tensor) -> tuple[Tensor, Tensor]:
    """Measured pixels whose depth is less than a quarter too large or too small."""
    measured = ops.isfinite(depth) & (depth > 0)
    truth = ops.where(measured, depth, 1.0)
    ratio = ops.softplus(ops.cast(logits[..., 0], "float32")) / truth
    is_near = measured & (ratio < NEAR) & (ratio > 1 / NEAR)
    return ops.sum(ops.cast(is_near, "float32")), ops.sum(ops.cast(measured, "float32"))
