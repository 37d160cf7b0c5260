"""Residual U-Net (Zhang et al. 2018): pre-activation residual blocks, strided downsampling."""

import keras

from pipeline.fitting.network import NetworkModel
from pipeline.layers import Tensor, convolution, decode, decode_heads, drop, normalize
from pipeline.params import ResidualUNetParams
from pipeline.tasks import Head


class Model(NetworkModel[ResidualUNetParams]):
    """A residual U-Net behind the protocol of models."""

    def build_network(self, channels: int, heads: tuple[Head, ...]) -> keras.Model:
        params = self.entry
        frames = keras.Input((None, None, params.clip * channels))
        features = convolution(frames, params, 0, filters=params.filters, name="encoder_enter")
        skips = []
        for level in range(params.depth):
            features = residual_block(features, params, level, f"encoder_{level}", strides=2 if level else 1)
            skips.append(features)
        features = drop(residual_block(features, params, params.depth, f"encoder_{params.depth}", strides=2), params)

        def block(features: Tensor, level: int, name: str) -> Tensor:
            return residual_block(features, params, level, name)

        def decode_up(name: str) -> list[Tensor]:
            return decode(features, skips, params, block, name)

        def finish(features: Tensor, name: str) -> Tensor:
            return keras.layers.ReLU()(normalize(features, params, f"{name}_leave"))

        return keras.Model(frames, decode_heads(features, params, heads, decode_up, finish))


def residual_block(features: Tensor, params: ResidualUNetParams, level: int, name: str, strides: int = 1) -> Tensor:
    """Normalisation, ReLU and convolution, as often as params say, added to the input (projected where shapes differ)."""
    filters = params.filters * 2**level
    shortcut = features
    for number in range(params.convolutions):
        own = f"{name}_{number}"
        features = keras.layers.ReLU()(normalize(features, params, own))
        features = convolution(
            features, params, level, filters=filters, name=own, strides=strides if number == 0 else 1
        )
    if strides > 1 or shortcut.shape[-1] != filters:
        projection = keras.layers.Conv2D(
            filters, 1, strides=strides, kernel_initializer="he_normal", name=f"{name}_projection"
        )
        shortcut = projection(shortcut)
    return keras.layers.Add()([features, shortcut])
