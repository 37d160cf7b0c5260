"""Entries of networks that read a clip in order of time."""

from typing import Annotated, Literal

from pydantic import Field

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
