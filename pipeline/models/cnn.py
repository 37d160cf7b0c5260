"""Small convolutional network from scratch for whole pictures: blocks that halve the size, then dense layers."""

from typing import Any

import keras

from pipeline.fitting.network import NetworkModel
from pipeline.layers import normalize
from pipeline.params import CnnParams
from pipeline.pooling import label_logits, pool
from pipeline.tasks import Head

Tensor = Any


class Model(NetworkModel[CnnParams]):
    """A small CNN behind the protocol of models."""

    @property
    def size(self) -> tuple[int, int]:
        """Height and width that all pictures are resized to."""
        return self.entry.size

    def build_network(self, channels: int, heads: tuple[Head, ...]) -> keras.Model:
        params = self.entry
        pictures = keras.Input((*params.size, channels))
        features = pictures
        for block, filters in enumerate(params.filters):
            for number in range(params.convolutions):
                features = convolve(features, params, filters, f"encoder_{block}_{number}")
            features = keras.layers.MaxPooling2D(name=f"encoder_{block}_pool")(features)
        features = pool(features, params.pooling, "encoder_pool")
        return keras.Model(pictures, label_logits(features, params.dense, params.dropout, heads))


def convolve(features: Tensor, params: CnnParams, filters: int, name: str) -> Tensor:
    """Convolution, normalisation and ReLU."""
    convolution = keras.layers.Conv2D(
        filters,
        params.kernel_size,
        padding="same",
        kernel_initializer="he_normal",
        use_bias=params.normalization == "none",
        name=f"{name}_convolution",
    )
    return keras.layers.ReLU()(normalize(convolution(features), params, name))
