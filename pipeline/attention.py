"""Attention over the frames of a clip, each place of the picture by itself (Vaswani et al. 2017)."""

import math
from typing import Any, Literal

import keras
import numpy as np
from keras import ops

Tensor = Any
Shape = tuple[int | None, ...]
LONGEST_WAVE = 10_000.0  # of the sinusoidal position, Vaswani et al. 2017


class FoldSpace(keras.layers.Layer):  # type: ignore[misc]
    """(batch, time, height, width, channel) -> (batch * height * width, time, channel): a row of frames a place."""

    def call(self, clip: Tensor) -> Tensor:
        frames, channels = clip.shape[1], clip.shape[-1]
        return ops.reshape(ops.transpose(clip, (0, 2, 3, 1, 4)), (-1, frames, channels))

    def compute_output_shape(self, clip_shape: Shape) -> Shape:
        batch, frames, height, width, channels = clip_shape
        return (batch and height and width and batch * height * width, frames, channels)


class UnfoldSpace(keras.layers.Layer):  # type: ignore[misc]
    """(batch * height * width, channel) -> (batch, height, width, channel), the sizes taken from the clip folded before."""

    def call(self, places: Tensor, clip: Tensor) -> Tensor:
        height, width = ops.shape(clip)[2:4]
        return ops.reshape(places, (-1, height, width, places.shape[-1]))

    def compute_output_shape(self, places_shape: Shape, clip_shape: Shape) -> Shape:
        return (clip_shape[0], *clip_shape[2:4], places_shape[-1])


class FramePosition(keras.layers.Layer):  # type: ignore[misc]
    """Adds to (place, time, channel) a vector that tells which frame it is, learned or of waves."""

    def __init__(self, kind: Literal["learned", "sinusoidal"], **settings: Any) -> None:
        super().__init__(**settings)
        self.kind = kind

    def build(self, shape: Shape) -> None:
        _, frames, channels = shape
        if self.kind == "learned":
            self.position = self.add_weight((frames, channels), initializer="random_normal", name="position")
        else:
            self.position = sinusoids(int(frames or 0), int(channels or 0))

    def call(self, sequences: Tensor) -> Tensor:
        return sequences + ops.cast(self.position, sequences.dtype)

    def compute_output_shape(self, shape: Shape) -> Shape:
        return shape

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"kind": self.kind}


def sinusoids(frames: int, channels: int) -> np.ndarray:
    """Sines in the first half of the channels and cosines in the second (time, channel), waves of 2 pi to LONGEST_WAVE times that.

    Frame 0 is 0 in the sines and 1 in the cosines.
    """
    half = math.ceil(channels / 2)
    rates = LONGEST_WAVE ** (-np.arange(half) / max(half - 1, 1))
    angles = np.arange(frames)[:, None] * rates
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)[:, :channels].astype("float32")


def transformer_block(sequences: Tensor, heads: int, mlp_ratio: float, dropout: float, name: str) -> Tensor:
    """Self-attention over time, then a perceptron on every frame, each normalised before and added (Xiong et al. 2020)."""
    channels, layers = sequences.shape[-1], keras.layers
    normal = layers.LayerNormalization(name=f"{name}_attention_normalization")(sequences)
    attend = layers.MultiHeadAttention(heads, channels // heads, dropout=dropout, name=f"{name}_attention")
    sequences = layers.Add()([sequences, layers.Dropout(dropout)(attend(normal, normal))])
    hidden = layers.LayerNormalization(name=f"{name}_perceptron_normalization")(sequences)
    hidden = layers.Dense(max(1, round(mlp_ratio * channels)), activation="gelu", name=f"{name}_hidden")(hidden)
    hidden = layers.Dense(channels, name=f"{name}_perceptron")(hidden)
    return layers.Add()([sequences, layers.Dropout(dropout)(hidden)])
