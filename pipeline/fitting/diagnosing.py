"""Why the curves of a fit differ: the same network and tiles with batch normalisation in its training mode."""

from typing import Any

import keras
import numpy as np
from keras import ops

from pipeline.batches import ValidationBatches
from pipeline.fitting.past_masks import PastMasks
from pipeline.fitting.trainer import Trainer

Tensor = Any
TILES = 32
SHARE = 1 / 16
"""Most tiles whose losses are told after an epoch, and most as a share of the samples that the epoch trains on: passing them
forward twice then takes about 4 % of it."""


class Diagnosis:
    """Losses of the same few training tiles, un-augmented, with batch normalisation in both of its modes."""

    def __init__(self, trainer: Trainer, tiles: ValidationBatches) -> None:
        """`tiles` are of the training subset, each in a whole batch; see `choose_tiles`."""
        self.trainer, self.tiles = trainer, tiles
        network = use_batch_statistics(trainer.network)
        self.in_batch: Trainer | None = None
        if network is not None:
            self.in_batch = Trainer(network, trainer.heads, trainer.augment, trainer.loss_of_heads, trainer.statistics)
            self.in_batch.compile(jit_compile="auto")

    def losses(self) -> dict[str, float]:
        """By the weights in place: `train_loss` in inference mode, `batch_loss` by the batch's statistics where there are any.

        Forward passes only: weights, moving statistics and seeds stay as they are.
        """
        modes = {"train_loss": self.trainer, "batch_loss": self.in_batch}
        return {
            name: float(mode.evaluate(self.tiles, verbose=0, return_dict=True)["loss"])
            for name, mode in modes.items()
            if mode is not None
        }


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

    A frozen one has no such mode. Dropout stays off and no variable is ever written, so that the two differ in nothing else.
    """
    if not has_batch_statistics(network):
        return None
    return keras.models.clone_model(network, clone_function=_replace, recursive=True)


def has_batch_statistics(network: keras.Model) -> bool:
    """Whether training takes statistics of the batch anywhere in the network."""
    return any(_takes_batch(layer) for layer in network.layers)


def _takes_batch(layer: keras.layers.Layer) -> bool:
    if isinstance(layer, PastMasks):
        return has_batch_statistics(layer.network)
    if isinstance(layer, keras.Model):
        return has_batch_statistics(layer)
    return isinstance(layer, keras.layers.BatchNormalization) and layer.trainable


def _replace(layer: keras.layers.Layer) -> keras.layers.Layer:
    if isinstance(layer, PastMasks) and _takes_batch(layer):
        return PastMasks(use_batch_statistics(layer.network), layer.mask_channels)
    is_replaced = isinstance(layer, keras.layers.BatchNormalization) and layer.trainable
    return BatchStatistics(layer) if is_replaced else layer


def choose_tiles(batches: ValidationBatches, most: int) -> ValidationBatches:
    """The batches cut down to at most so many tiles, or one batch, evenly spread, every batch whole.

    Tiles repeat where there are fewer: a batch filled up with blanks would have other statistics than any of the training.
    """
    count, batch_size = len(batches.places), batches.batch_size
    chosen = max(1, min(count, most) // batch_size) * batch_size
    batches.places = batches.places[np.linspace(0, count - 1, chosen).round().astype(int)]
    return batches


def limit_tiles(epoch_samples: int) -> int:
    """How many tiles may be diagnosed after an epoch of so many samples: 25 after 400."""
    return min(TILES, int(SHARE * epoch_samples))
