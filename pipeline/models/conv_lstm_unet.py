"""U-Net that reads a clip with convolutional LSTMs (Shi et al. 2015): in the encoder, the bottleneck or the decoder."""

import keras

from pipeline.fitting.network import NetworkModel
from pipeline.layers import convolution_block, decode, decode_heads, drop, enlarge, kernel_at, normalize
from pipeline.params import ConvLstmUNetParams
from pipeline.recurrent import ConvLstm, Tensor, each_frame, encode_clip, last_frame
from pipeline.tasks import Head


class Model(NetworkModel[ConvLstmUNetParams]):
    """A ConvLSTM U-Net behind the protocol of models."""

    def build_network(self, channels: int, heads: tuple[Head, ...]) -> keras.Model:
        params = self.entry
        clip = keras.Input((params.clip, None, None, channels))

        def encode(features: Tensor, level: int) -> Tensor:
            return encode_level(features, params, level)

        features, skips = encode_clip(clip, params.depth, encode)
        if params.variant == "decoder":
            features = each_frame(features, lambda frame: encode_frame(frame, params))
            bottleneck = last_frame(features)
        else:
            name = f"encoder_{params.depth}"
            bottleneck = drop(read_clip(features, params, params.depth, name, sequences=False), params)

        def block(features: Tensor, level: int, name: str) -> Tensor:
            return convolution_block(features, params, level, name)

        def decode_up(name: str) -> list[Tensor]:
            if params.variant == "decoder":
                return decode_clip(features, skips, params, name)
            return decode(bottleneck, [last_frame(skip) for skip in skips], params, block, name)

        return keras.Model(clip, decode_heads(bottleneck, params, heads, decode_up))


def encode_level(features: Tensor, params: ConvLstmUNetParams, level: int) -> Tensor:
    """One level of the encoder, frames in and frames out."""
    name = f"encoder_{level}"
    if params.variant in ("bottleneck", "decoder"):
        return each_frame(features, lambda frame: convolution_block(frame, params, level, name))
    repeats = params.convolutions if params.variant == "long" else 1
    for number in range(repeats):
        features = read_clip(features, params, level, f"{name}_{number}", sequences=True)
        features = normalize_frames(features, params, f"{name}_{number}")
    return features


def encode_frame(frame: Tensor, params: ConvLstmUNetParams) -> Tensor:
    """The bottleneck of one frame, by convolutions."""
    return drop(convolution_block(frame, params, params.depth, f"encoder_{params.depth}"), params)


def decode_clip(features: Tensor, skips: list[Tensor], params: ConvLstmUNetParams, name: str) -> list[Tensor]:
    """Up with a convolutional LSTM a level: the last frame's features of every level, the finest first."""
    levels: list[Tensor] = []
    for level, skip in reversed(list(enumerate(skips))):
        features = decode_level(features, skip, params, level, f"{name}_{level}")
        levels.insert(0, last_frame(features) if level else features)
    return levels


def decode_level(features: Tensor, skip: Tensor, params: ConvLstmUNetParams, level: int, name: str) -> Tensor:
    """One level of the decoder, frames in and frames out; the first level gives the last frame alone."""
    features = each_frame(features, lambda frame: enlarge(frame, params, level, name))
    features = read_clip(keras.layers.Concatenate()([features, skip]), params, level, name, sequences=level > 0)
    return normalize_frames(features, params, name) if level else normalize(features, params, name)


def normalize_frames(features: Tensor, params: ConvLstmUNetParams, name: str) -> Tensor:
    """The same normalisation of every frame."""
    return each_frame(features, lambda frame: normalize(frame, params, name))


def read_clip(features: Tensor, params: ConvLstmUNetParams, level: int, name: str, *, sequences: bool) -> Tensor:
    """A convolutional LSTM over the frames; two directions share the level's filters out evenly."""
    filters, kernel = params.filters * 2**level, kernel_at(params, level)

    def read(share: int, backwards: bool) -> Tensor:
        lstm = ConvLstm(
            share,
            kernel,
            sequences=sequences,
            backwards=backwards,
            dropout=params.recurrent_dropout,
            name=f"{name}_lstm_{'backwards' if backwards else 'forwards'}",
        )
        return lstm(features)

    if not params.bidirectional:
        return read(filters, backwards=False)
    directions = [read(filters - filters // 2, backwards=False), read(filters // 2, backwards=True)]
    return keras.layers.Concatenate()(directions)
