"""U-Net (Ronneberger et al. 2015): convolution blocks, skips, a clip's frames stacked as channels."""

import keras

from pipeline.fitting.network import NetworkModel
from pipeline.layers import convolution_block, decode, encode, head
from pipeline.params import UNetParams


class Model(NetworkModel[UNetParams]):
    """A U-Net behind the protocol of models."""

    def build_network(self, channels: int, classes: int) -> keras.Model:
        params = self.entry

        def block(features: keras.KerasTensor, level: int) -> keras.KerasTensor:
            return convolution_block(features, params, level)

        frames = keras.Input((None, None, params.clip * channels))
        features, skips = encode(frames, params, block)
        return keras.Model(frames, head(decode(features, skips, params, block), classes))
