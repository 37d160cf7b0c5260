"""Parts that the U-Nets share: convolution, normalisation, encoder, decoder, head."""

import math
from collections.abc import Callable
from typing import Any

import keras

from pipeline.params import UNetFamilyParams

Tensor = Any
Block = Callable[[Tensor, int], Tensor]
GROUP_CHANNELS = 8  # channels a group of group normalisation
STATISTICS_MOMENTUM = 0.98  # of batch normalisation: about the window of 50 steps that averaged weights have too


class MirrorPadding(keras.layers.Layer):  # type: ignore[misc]
    """Pad (batch, height, width, channel) by the mirrored image for a kernel, where zeros would draw a border."""

    def __init__(self, kernel: int, **settings: Any) -> None:
        super().__init__(**settings)
        self.kernel = kernel

    def call(self, images: Tensor) -> Tensor:
        sides = ((self.kernel - 1) // 2, self.kernel // 2)
        return keras.ops.pad(images, ((0, 0), sides, sides, (0, 0)), mode="reflect")

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        batch, height, width, channels = input_shape
        more = self.kernel - 1
        return (batch, height and height + more, width and width + more, channels)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"kernel": self.kernel}


def kernel_at(params: UNetFamilyParams, level: int) -> int:
    """Kernel size of a level, the bottleneck being level `depth`."""
    return params.kernel_size if isinstance(params.kernel_size, int) else params.kernel_size[level]


def convolution(features: Tensor, params: UNetFamilyParams, level: int, *, filters: int, strides: int = 1) -> Tensor:
    """One convolution, no activation; the size is kept (divided by the strides)."""
    kernel = kernel_at(params, level)
    is_mirrored = params.padding == "reflect" and kernel > 1
    if is_mirrored:
        features = MirrorPadding(kernel)(features)
    return keras.layers.Conv2D(
        filters,
        kernel,
        strides=strides,
        padding="valid" if is_mirrored else "same",
        kernel_initializer="he_normal",
        use_bias=params.normalization == "none",
    )(features)


def normalize(features: Tensor, params: UNetFamilyParams) -> Tensor:
    """The normalisation that params name."""
    if params.normalization == "batch":
        return keras.layers.BatchNormalization(momentum=STATISTICS_MOMENTUM)(features)
    if params.normalization == "layer":
        return keras.layers.LayerNormalization()(features)
    if params.normalization == "group":
        channels = features.shape[-1]
        groups = math.gcd(channels, max(1, channels // GROUP_CHANNELS))  # must divide the channels
        return keras.layers.GroupNormalization(groups)(features)
    return features


def convolution_block(features: Tensor, params: UNetFamilyParams, level: int) -> Tensor:
    """Convolution, normalisation and ReLU, as often as params say."""
    for _ in range(params.convolutions):
        features = convolution(features, params, level, filters=params.filters * 2**level)
        features = keras.layers.ReLU()(normalize(features, params))
    return features


def encode(features: Tensor, params: UNetFamilyParams, block: Block) -> tuple[Tensor, list[Tensor]]:
    """Blocks and poolings down to the bottleneck: its features, and the skips of the levels above."""
    skips = []
    for level in range(params.depth):
        features = block(features, level)
        skips.append(features)
        features = keras.layers.MaxPooling2D()(features)
    return drop(block(features, params.depth), params), skips


def drop(features: Tensor, params: UNetFamilyParams) -> Tensor:
    """Dropout of the bottleneck, where params ask for it."""
    return keras.layers.SpatialDropout2D(params.dropout)(features) if params.dropout else features


def decode(features: Tensor, skips: list[Tensor], params: UNetFamilyParams, block: Block) -> Tensor:
    """Up again, level by level, each with its skip."""
    for level, skip in reversed(list(enumerate(skips))):
        features = keras.layers.Concatenate()([enlarge(features, params, level), skip])
        features = block(features, level)
    return features


def enlarge(features: Tensor, params: UNetFamilyParams, level: int) -> Tensor:
    """Twice the height and width, at the filters of a level."""
    filters = params.filters * 2**level
    if params.upsampling == "transposed":
        return keras.layers.Conv2DTranspose(filters, 2, strides=2, kernel_initializer="he_normal")(features)
    features = keras.layers.UpSampling2D(interpolation=params.upsampling)(features)
    return convolution(features, params, level, filters=filters)


def head(features: Tensor, channels: int) -> Tensor:
    """Logits (batch, height, width, channel), always in float32."""
    return keras.layers.Conv2D(channels, 1, dtype="float32", name="logits")(features)
