"""U-Net whose bottleneck attends over the frames of a clip: a transformer over time (Vaswani et al. 2017), place by place."""

import keras

from pipeline.attention import FoldSpace, FramePosition, Tensor, UnfoldSpace, transformer_block
from pipeline.fitting.network import NetworkModel
from pipeline.layers import convolution_block, decode, decode_heads, drop
from pipeline.params import TemporalTransformerParams
from pipeline.recurrent import each_frame, encode_clip, last_frame
from pipeline.tasks import Head


class Model(NetworkModel[TemporalTransformerParams]):
    """A temporal transformer behind the protocol of models: all but the bottleneck is the ConvLSTM U-Net's."""

    def build_network(self, channels: int, heads: tuple[Head, ...]) -> keras.Model:
        params = self.entry

        def block(features: Tensor, level: int, name: str) -> Tensor:
            return convolution_block(features, params, level, name)

        def block_each(features: Tensor, level: int) -> Tensor:
            return each_frame(features, lambda frame: block(frame, level, f"encoder_{level}"))

        clip = keras.Input((params.clip, None, None, channels))
        features, skips = encode_clip(clip, params.depth, block_each)
        features = drop(attend_over_time(block_each(features, params.depth), params), params)
        lasts = [last_frame(skip) for skip in skips]

        def decode_up(name: str) -> list[Tensor]:
            return decode(features, lasts, params, block, name)

        return keras.Model(clip, decode_heads(features, params, heads, decode_up))


def attend_over_time(features: Tensor, params: TemporalTransformerParams) -> Tensor:
    """Features (batch, height, width, channel) of the last frame, which has looked at the same place of all frames."""
    name, sizes = f"encoder_{params.depth}", (params.attention_heads, params.mlp_ratio, params.attention_dropout)
    sequences = FramePosition(params.position, name=f"{name}_position")(FoldSpace()(features))
    for number in range(params.blocks):
        sequences = transformer_block(sequences, *sizes, name=f"{name}_time_{number}")
    normalize = keras.layers.LayerNormalization(name=f"{name}_time_normalization")
    return UnfoldSpace()(normalize(sequences[:, -1]), features)
