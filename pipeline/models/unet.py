"""U-Net (Ronneberger et al. 2015): convolution blocks, skips, a clip's frames stacked as channels."""

import keras

from pipeline.fitting.network import NetworkModel
from pipeline.layers import Tensor, convolution_block, decode, decode_heads, encode
from pipeline.params import UNetParams
from pipeline.tasks import Head


class Model(NetworkModel[UNetParams]):
    """A U-Net behind the protocol of models."""

    def build_network(self, channels: int, heads: tuple[Head, ...]) -> keras.Model:
        params = self.entry

        def block(features: Tensor, level: int, name: str) -> Tensor:
            return convolution_block(features, params, level, name)

        frames = keras.Input((None, None, params.clip * channels))
        features, skips = encode(frames, params, block)

        def decode_up(name: str) -> list[Tensor]:
            return decode(features, skips, params, block, name)

        return keras.Model(frames, decode_heads(features, params, heads, decode_up))
