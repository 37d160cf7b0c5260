"""The network in training: normalisation, augmentation and loss inside the compiled step, on every backend."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import ops

from pipeline.augment import Augment
from pipeline.fitting.scoring import build_score
from pipeline.losses import Loss
from pipeline.tasks import Head

Tensor = Any


@dataclass(frozen=True)
class Statistics:
    """What a fit takes from its training subset before it starts."""

    mean: np.ndarray
    """Of each channel."""
    deviation: np.ndarray
    """Of each channel."""
    depth_m: float = 1.0
    """Mean depth in metres: the unit in which networks learn depth."""


class Trainer(keras.Model):  # type: ignore[misc]
    """Wraps a network; takes {"clip": (batch, time, height, width, channel)} and the target of each head by its name."""

    def __init__(
        self, network: keras.Model, heads: tuple[Head, ...], augment: Augment, loss: Loss, statistics: Statistics
    ) -> None:
        super().__init__()
        self.network, self.heads, self.augment, self.loss_of_heads = network, heads, augment, loss
        self.statistics = statistics
        self.score = build_score(heads[0])
        self.built = True  # the network came built, nothing else has weights

    def call(self, inputs: dict[str, Tensor], training: bool = False) -> dict[str, dict[str, Tensor]]:
        clip = (ops.cast(inputs["clip"], "float32") - self.statistics.mean) / self.statistics.deviation
        targets = {head.name: inputs[head.name] for head in self.heads}
        if "depth" in targets:
            targets["depth"] = targets["depth"] / self.statistics.depth_m
        if training:
            clip, targets = self._augment_clip(clip, targets)
        logits = self.network(to_network_input(clip, self.network), training=training)
        return {"logits": logits, "targets": targets}

    def compute_loss(
        self,
        x: Tensor = None,
        y: Tensor = None,
        y_pred: Tensor = None,
        sample_weight: Tensor = None,
        training: bool = True,
    ) -> Tensor:
        name = self.heads[0].name
        self.score.update_state(y_pred["targets"][name], y_pred["logits"][name])
        return self.loss_of_heads(y_pred["targets"], y_pred["logits"])

    def _augment_clip(self, clip: Tensor, targets: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        maps = {head.name: targets[head.name] for head in self.heads if not head.is_pooled}
        images, maps = self.augment(stack_frames(clip), maps)
        return unstack_frames(images, ops.shape(clip)[1]), targets | maps


def to_network_input(clip: Tensor, network: keras.Model) -> Tensor:
    """A clip (batch, time, height, width, channel) as the network takes it: with time, or stacked as channels."""
    return clip if len(network.inputs[0].shape) == 5 else stack_frames(clip)


def stack_frames(clip: Tensor) -> Tensor:
    """(batch, time, height, width, channel) -> (batch, height, width, time * channel)."""
    batch, frames, height, width, channels = ops.shape(clip)
    return ops.reshape(ops.transpose(clip, (0, 2, 3, 1, 4)), (batch, height, width, frames * channels))


def unstack_frames(images: Tensor, frames: int) -> Tensor:
    """The inverse of stack_frames."""
    batch, height, width, channels = ops.shape(images)
    clip = ops.reshape(images, (batch, height, width, frames, channels // frames))
    return ops.transpose(clip, (0, 3, 1, 2, 4))
