"""Entries of networks that read a clip in order of time."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pipeline.params.entries import UNetFamilyParams
from pipeline.params.section import Share


class ConvLstmUNetParams(UNetFamilyParams):
    """U-Net with convolutional LSTMs over the frames of a clip."""

    kind: Literal["conv_lstm_unet"] = "conv_lstm_unet"
    """Shi et al. 2015 in a U-Net."""
    clip: Annotated[int, Field(ge=2)] = 4
    """Frames seen at once: the frame to segment and those before it."""
    variant: Literal["long", "short", "bottleneck", "decoder"] = "bottleneck"
    """Where the LSTMs stand: all convolutions of the encoder, one a level of it, the bottleneck alone, or one a level
    of the decoder, which then sees every frame's skips."""
    bidirectional: bool = False
    """Read the clip in both directions."""
    recurrent_dropout: Share = 0.0
    """Share of the recurrent state dropped while training."""


class TemporalTransformerParams(UNetFamilyParams):
    """U-Net whose bottleneck attends over the frames of a clip, each place by itself."""

    kind: Literal["temporal_transformer"] = "temporal_transformer"
    """Vaswani et al. 2017 over time, in a U-Net."""
    clip: Annotated[int, Field(ge=2)] = 4
    """Frames seen at once: the frame to segment and those before it."""
    blocks: Annotated[int, Field(ge=1)] = 2
    """Blocks of attention and perceptron."""
    attention_heads: Annotated[int, Field(ge=1)] = 4
    """Heads of the attention; they divide the bottleneck's filters."""
    mlp_ratio: Annotated[float, Field(gt=0)] = 2.0
    """Width of the perceptron's hidden layer over the bottleneck's filters."""
    attention_dropout: Share = 0.0
    """Share of attention and of each block's outputs dropped while training."""
    position: Literal["learned", "sinusoidal"] = "learned"
    """How a frame's place in the clip is told."""

    @model_validator(mode="after")
    def _heads_divide_filters(self) -> Self:
        filters = self.filters * 2**self.depth
        if filters % self.attention_heads:
            raise ValueError(
                f"attention_heads {self.attention_heads} does not divide the bottleneck's {filters} filters"
                f" (filters {self.filters} doubled {self.depth} times): take a power of two"
            )
        return self
