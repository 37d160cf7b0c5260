"""Parts that the U-Nets share: convolution, normalisation, encoder, decoder, heads."""

import math
from collections.abc import Callable
from typing import Any

import keras

from pipeline.params import CnnParams, UNetFamilyParams
from pipeline.pooling import pool, vector_logits
from pipeline.tasks import Head

Tensor = Any
Block = Callable[[Tensor, int, str], Tensor]
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


def convolution(
    features: Tensor, params: UNetFamilyParams, level: int, *, filters: int, name: str, strides: int = 1
) -> Tensor:
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
        name=f"{name}_convolution",
    )(features)


def normalize(features: Tensor, params: UNetFamilyParams | CnnParams, name: str) -> Tensor:
    """The normalisation that params name."""
    name = f"{name}_normalization"
    if params.normalization == "batch":
        return keras.layers.BatchNormalization(momentum=STATISTICS_MOMENTUM, name=name)(features)
    if params.normalization == "layer":
        return keras.layers.LayerNormalization(name=name)(features)
    if params.normalization == "group":
        channels = features.shape[-1]
        groups = math.gcd(channels, max(1, channels // GROUP_CHANNELS))  # must divide the channels
        return keras.layers.GroupNormalization(groups, name=name)(features)
    return features


def convolution_block(features: Tensor, params: UNetFamilyParams, level: int, name: str) -> Tensor:
    """Convolution, normalisation and ReLU, as often as params say."""
    for number in range(params.convolutions):
        own = f"{name}_{number}"
        features = convolution(features, params, level, filters=params.filters * 2**level, name=own)
        features = keras.layers.ReLU()(normalize(features, params, own))
    return features


def encode(features: Tensor, params: UNetFamilyParams, block: Block) -> tuple[Tensor, list[Tensor]]:
    """Blocks and poolings down to the bottleneck: its features, and the skips of the levels above."""
    skips = []
    for level in range(params.depth):
        features = block(features, level, f"encoder_{level}")
        skips.append(features)
        features = keras.layers.MaxPooling2D()(features)
    return drop(block(features, params.depth, f"encoder_{params.depth}"), params), skips


def drop(features: Tensor, params: UNetFamilyParams) -> Tensor:
    """Dropout of the bottleneck, where params ask for it."""
    return keras.layers.SpatialDropout2D(params.dropout)(features) if params.dropout else features


def decode(features: Tensor, skips: list[Tensor], params: UNetFamilyParams, block: Block, name: str) -> list[Tensor]:
    """Up again, level by level, each with its skip: the features of every level, the finest first."""
    levels: list[Tensor] = []
    for level, skip in reversed(list(enumerate(skips))):
        own = f"{name}_{level}"
        features = keras.layers.Concatenate()([enlarge(features, params, level, own), skip])
        features = block(features, level, own)
        levels.insert(0, features)
    return levels


def enlarge(features: Tensor, params: UNetFamilyParams, level: int, name: str) -> Tensor:
    """Twice the height and width, at the filters of a level."""
    filters = params.filters * 2**level
    if params.upsampling == "transposed":
        enlarging = keras.layers.Conv2DTranspose(
            filters, 2, strides=2, kernel_initializer="he_normal", name=f"{name}_enlarging"
        )
        return enlarging(features)
    features = keras.layers.UpSampling2D(interpolation=params.upsampling)(features)
    return convolution(features, params, level, filters=filters, name=f"{name}_enlarging")


def decode_heads(
    features: Tensor,
    params: UNetFamilyParams,
    heads: tuple[Head, ...],
    decode_up: Callable[[str], list[Tensor]],
    finish: Callable[[Tensor, str], Tensor] = lambda features, name: features,
) -> dict[str, Tensor]:
    """Logits by the heads' names: a decoder for each map, the pooled bottleneck `features` for each vector.

    `decode_up` gives the levels of a decoder by its name, the finest first, and `finish` what comes before the logits. With
    params.deep_supervision there are also NAME@1, NAME@2, ... of the coarser levels (Lee et al. 2015).
    """
    logits = {}
    for head in heads:
        if head.is_pooled:
            logits[head.name] = vector_logits(pool(finish(features, head.name), "average", f"{head.name}_pool"), head)
            continue
        levels = decode_up(head.name)
        for level, found in enumerate(levels if params.deep_supervision else levels[:1]):
            name = f"{head.name}_{level}"
            to_logits = keras.layers.Conv2D(head.channels, 1, dtype="float32", name=f"{name}_logits")
            logits[f"{head.name}@{level}" if level else head.name] = to_logits(finish(found, name))
    return logits
