"""Why the curves of a fit differ: the same network and tiles with batch normalisation in its training mode."""

from typing import Any

import keras
import numpy as np
from keras import ops

Tensor = Any
TILES = 32
"""Training tiles whose loss is told after each epoch: few, so that it costs little beside the epoch."""


class BatchStatistics(keras.layers.Layer):  # type: ignore[misc]
    """A batch normalisation by mean and variance of the batch, as in training, that leaves its moving statistics alone."""

    def __init__(self, normalization: keras.layers.BatchNormalization) -> None:
        super().__init__(name=f"{normalization.name}_of_batch", dtype=normalization.dtype_policy)
        self.normalization = normalization
        self.built = True

    def call(self, features: Tensor, training: bool | None = None, mask: Tensor = None) -> Tensor:
        # both as the layer in whose place it stands may have been given them
        source = self.normalization
        axes = [axis for axis in range(len(features.shape)) if axis != source.axis % len(features.shape)]
        mean, variance = ops.moments(ops.cast(features, "float32"), axes)
        normalized = ops.batch_normalization(
            ops.cast(features, "float32"), mean, variance, source.axis, source.beta, source.gamma, source.epsilon
        )
        return ops.cast(normalized, self.compute_dtype)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape


def use_batch_statistics(network: keras.Model) -> keras.Model | None:
    """The network, sharing its weights, with every batch normalisation in its training mode; None where it has none.

    Dropout stays off and no variable is ever written, so that the two differ in nothing else.
    """
    replaced: list[str] = []

    def replace(layer: keras.layers.Layer) -> keras.layers.Layer:
        if not isinstance(layer, keras.layers.BatchNormalization):
            return layer
        replaced.append(layer.name)
        return BatchStatistics(layer)

    copied = keras.models.clone_model(network, clone_function=replace, recursive=True)
    return copied if replaced else None


def choose_places(count: int, batch_size: int) -> np.ndarray:
    """Which of so many tiles are diagnosed: evenly spread, in whole batches, repeated where there is less than one batch.

    A batch filled up with blank tiles would have other statistics than any batch of the training.
    """
    batches = max(1, min(count, TILES) // batch_size)
    return np.linspace(0, count - 1, batches * batch_size).round().astype(int)
