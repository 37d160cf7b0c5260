"""U-Net that reads a clip with convolutional LSTMs (Shi et al. 2015): in the encoder, the bottleneck or the decoder."""

from collections.abc import Callable

import keras

from pipeline.fitting.network import NetworkModel
from pipeline.layers import convolution_block, decode, drop, enlarge, head, kernel_at, normalize
from pipeline.params import ConvLstmUNetParams
from pipeline.recurrent import ConvLstm, FoldTime, Tensor, UnfoldTime


class Model(NetworkModel[ConvLstmUNetParams]):
    """A ConvLSTM U-Net behind the protocol of models."""

    def build_network(self, channels: int, classes: int) -> keras.Model:
        params = self.entry
        clip = keras.Input((params.clip, None, None, channels))
        features, skips = encode_clip(clip, params)
        if params.variant == "decoder":
            return keras.Model(clip, head(decode_clip(features, skips, params), classes))
        features = drop(read_clip(features, params, params.depth, sequences=False), params)

        def block(features: Tensor, level: int) -> Tensor:
            return convolution_block(features, params, level)

        lasts = [last_frame(skip) for skip in skips]
        return keras.Model(clip, head(decode(features, lasts, params, block), classes))


def encode_clip(features: Tensor, params: ConvLstmUNetParams) -> tuple[Tensor, list[Tensor]]:
    """Levels and poolings of every frame: the features that reach the bottleneck, and the skips, all with time."""
    skips = []
    for level in range(params.depth):
        skips.append(encode_level(features, params, level))
        features = each_frame(skips[-1], keras.layers.MaxPooling2D())
    return features, skips


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


def each_frame(features: Tensor, function: Callable[[Tensor], Tensor]) -> Tensor:
    """The same layers on every frame of (batch, time, height, width, channel)."""
    return UnfoldTime(features.shape[1])(function(FoldTime()(features)))


def last_frame(features: Tensor) -> Tensor:
    """(batch, height, width, channel) of the clip's last frame."""
    return features[:, -1]
