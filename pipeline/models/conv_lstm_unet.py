"""U-Net that reads a clip with convolutional LSTMs (Shi et al. 2015): in the encoder, the bottleneck or the decoder."""

import keras

from pipeline.fitting.network import NetworkModel
from pipeline.layers import convolution_block, decode, drop, enlarge, head, kernel_at, normalize
from pipeline.params import ConvLstmUNetParams
from pipeline.recurrent import ConvLstm, Tensor, each_frame, encode_clip, last_frame


class Model(NetworkModel[ConvLstmUNetParams]):
    """A ConvLSTM U-Net behind the protocol of models."""

    def build_network(self, channels: int, classes: int) -> keras.Model:
        params = self.entry
        clip = keras.Input((params.clip, None, None, channels))

        def encode(features: Tensor, level: int) -> Tensor:
            return encode_level(features, params, level)

        features, skips = encode_clip(clip, params.depth, encode)
        if params.variant == "decoder":
            return keras.Model(clip, head(decode_clip(features, skips, params), classes))
        features = drop(read_clip(features, params, params.depth, sequences=False), params)

        def block(features: Tensor, level: int) -> Tensor:
            return convolution_block(features, params, level)

        lasts = [last_frame(skip) for skip in skips]
        return keras.Model(clip, head(decode(features, lasts, params, block), classes))


def encode_level(features: Tensor, params: ConvLstmUNetParams, level: int) -> Tensor:
    """One level of the encoder, frames in and frames out."""
    if params.variant in ("bottleneck", "decoder"):
        return each_frame(features, lambda frame: convolution_block(frame, params, level))
    repeats = params.convolutions if params.variant == "long" else 1
    for _ in range(repeats):
        features = read_clip(features, params, level, sequences=True)
        features = each_frame(features, lambda frame: normalize(frame, params))
    return features


def decode_clip(features: Tensor, skips: list[Tensor], params: ConvLstmUNetParams) -> Tensor:
    """A bottleneck of convolutions on every frame, and up again with a convolutional LSTM a level; the last frame's features."""
    features = each_frame(features, lambda frame: drop(convolution_block(frame, params, params.depth), params))
    for level, skip in reversed(list(enumerate(skips))):
        features = decode_level(features, skip, params, level)
    return features


def decode_level(features: Tensor, skip: Tensor, params: ConvLstmUNetParams, level: int) -> Tensor:
    """One level of the decoder, frames in and frames out; the first level gives the last frame alone."""
    features = each_frame(features, lambda frame: enlarge(frame, params, level))
    features = read_clip(keras.layers.Concatenate()([features, skip]), params, level, sequences=level > 0)
    return each_frame(features, lambda frame: normalize(frame, params)) if level else normalize(features, params)


def read_clip(features: Tensor, params: ConvLstmUNetParams, level: int, *, sequences: bool) -> Tensor:
    """A convolutional LSTM over the frames; two directions share the level's filters out evenly."""
    filters, kernel = params.filters * 2**level, kernel_at(params, level)

    def read(share: int, backwards: bool) -> Tensor:
        lstm = ConvLstm(share, kernel, sequences=sequences, backwards=backwards, dropout=params.recurrent_dropout)
        return lstm(features)

    if not params.bidirectional:
        return read(filters, backwards=False)
    directions = [read(filters - filters // 2, backwards=False), read(filters // 2, backwards=True)]
    return keras.layers.Concatenate()(directions)
