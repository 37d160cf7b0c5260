"""U-Net whose encoder reads a clip with convolutional LSTMs (Shi et al. 2015): all of it, one a level, or the bottleneck."""

from collections.abc import Callable

import keras

from pipeline.fitting.network import NetworkModel
from pipeline.layers import convolution_block, decode, drop, head, kernel_at, normalize
from pipeline.params import ConvLstmUNetParams
from pipeline.recurrent import ConvLstm, FoldTime, Tensor, UnfoldTime


class Model(NetworkModel[ConvLstmUNetParams]):
    """A ConvLSTM U-Net behind the protocol of models; the last step of each level goes into the skips."""

    def build_network(self, channels: int, classes: int) -> keras.Model:
        params = self.entry
        clip = keras.Input((params.clip, None, None, channels))
        features, skips = clip, []
        for level in range(params.depth):
            features = encode_level(features, params, level)
            skips.append(last_frame(features))
            features = each_frame(features, keras.layers.MaxPooling2D())
        features = drop(read_clip(features, params, params.depth, sequences=False), params)

        def block(features: Tensor, level: int) -> Tensor:
            return convolution_block(features, params, level)

        return keras.Model(clip, head(decode(features, skips, params, block), classes))


def encode_level(features: Tensor, params: ConvLstmUNetParams, level: int) -> Tensor:
    """One level of the encoder, frames in and frames out."""
    if params.variant == "bottleneck":
        return each_frame(features, lambda frame: convolution_block(frame, params, level))
    repeats = params.convolutions if params.variant == "long" else 1
    for _ in range(repeats):
        features = read_clip(features, params, level, sequences=True)
        features = each_frame(features, lambda frame: normalize(frame, params))
    return features


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
