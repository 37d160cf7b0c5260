"""The network in training: normalisation, augmentation and loss inside the compiled step, on every backend."""

from typing import Any

import keras
import numpy as np
from keras import ops

from pipeline.augment import Augment
from pipeline.losses import Loss, one_hot, probabilities

Tensor = Any


class Trainer(keras.Model):  # type: ignore[misc]
    """Wraps a network; takes {"clip": (batch, time, height, width, channel), "mask": (batch, height, width)}."""

    def __init__(
        self, network: keras.Model, augment: Augment, loss: Loss, mean: np.ndarray, deviation: np.ndarray
    ) -> None:
        super().__init__()
        self.network, self.augment, self.masked_loss = network, augment, loss
        self.mean, self.deviation = mean, deviation
        self.score = BatchDice(name="dice")
        self.built = True  # the network came built, nothing else has weights

    def call(self, inputs: dict[str, Tensor], training: bool = False) -> dict[str, Tensor]:
        clip = (ops.cast(inputs["clip"], "float32") - self.mean) / self.deviation
        mask = ops.cast(inputs["mask"], "int32")
        if training:
            clip, mask = self._augment_clip(clip, mask)
        logits = self.network(to_network_input(clip, self.network), training=training)
        return {"logits": logits, "mask": mask}

    def compute_loss(
        self,
        x: Tensor = None,
        y: Tensor = None,
        y_pred: Tensor = None,
        sample_weight: Tensor = None,
        training: bool = True,
    ) -> Tensor:
        self.score.update_state(y_pred["mask"], y_pred["logits"])
        return self.masked_loss(y_pred["mask"], y_pred["logits"])

    def _augment_clip(self, clip: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        images, mask = self.augment(stack_frames(clip), mask)
        return unstack_frames(images, ops.shape(clip)[1]), mask


class BatchDice(keras.metrics.Metric):  # type: ignore[misc]
    """Dice of all counted pixels so far at probability .5 (or the likeliest class), foreground classes pooled."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name, dtype="float32")
        self.overlap = self.add_variable((), initializer="zeros", name="overlap")
        self.total = self.add_variable((), initializer="zeros", name="total")

    def update_state(self, mask: Tensor, logits: Tensor, sample_weight: Tensor = None) -> None:
        channels = ops.shape(logits)[-1]
        truth, counted = one_hot(mask, channels)
        if channels == 1:
            chosen = ops.cast(probabilities(logits) >= 0.5, "float32") * counted
        else:
            chosen = ops.one_hot(ops.argmax(logits, axis=-1), channels) * counted
            truth, chosen = truth[..., 1:], chosen[..., 1:]
        self.overlap.assign_add(ops.sum(truth * chosen))
        self.total.assign_add(ops.sum(truth) + ops.sum(chosen))

    def result(self) -> Tensor:
        return (2 * self.overlap + 1e-6) / (self.total + 1e-6)


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
