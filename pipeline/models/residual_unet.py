"""Residual U-Net (Zhang et al. 2018): pre-activation residual blocks, strided downsampling."""

import keras

from pipeline.fitting.network import NetworkModel
from pipeline.layers import convolution, decode, drop, head, normalize
from pipeline.params import ResidualUNetParams


class Model(NetworkModel[ResidualUNetParams]):
    """A residual U-Net behind the protocol of models."""

    def build_network(self, channels: int, classes: int) -> keras.Model:
        params = self.entry
        frames = keras.Input((None, None, params.clip * channels))
        features = convolution(frames, params, 0, filters=params.filters)
        skips = []
        for level in range(params.depth):
            features = residual_block(features, params, level, strides=2 if level else 1)
            skips.append(features)
        features = drop(residual_block(features, params, params.depth, strides=2), params)

        def block(features: keras.KerasTensor, level: int) -> keras.KerasTensor:
            return residual_block(features, params, level)

        features = decode(features, skips, params, block)
        return keras.Model(frames, head(keras.layers.ReLU()(normalize(features, params)), classes))


def residual_block(
    features: keras.KerasTensor, params: ResidualUNetParams, level: int, strides: int = 1
) -> keras.KerasTensor:
    """Normalisation, ReLU and convolution, as often as params say, added to the input (projected where shapes differ)."""
    filters = params.filters * 2**level
    shortcut = features
    for index in range(params.convolutions):
        features = keras.layers.ReLU()(normalize(features, params))
        features = convolution(features, params, level, filters=filters, strides=strides if index == 0 else 1)
    if strides > 1 or shortcut.shape[-1] != filters:
        shortcut = keras.layers.Conv2D(filters, 1, strides=strides, kernel_initializer="he_normal")(shortcut)
    return keras.layers.Add()([features, shortcut])
