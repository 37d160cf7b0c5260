"""Section `models`: the entries of the comparison, one class a kind of model."""

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from pipeline.params.section import Name, Section, Share


class ModelEntry(Section):
    """What every entry has."""

    model_config = ConfigDict(json_schema_extra={"required": ["kind"]})

    name: Name
    """Name in folders, tables and runs; the kind when left out."""

    @model_validator(mode="before")
    @classmethod
    def _named_by_kind(cls, entry: Any) -> Any:
        return {"name": entry["kind"], **entry} if isinstance(entry, dict) and "kind" in entry else entry

    @property
    def clip_frames(self) -> int:
        """Frames that the model sees at once."""
        return int(getattr(self, "clip", 1))


class ConstantParams(ModelEntry):
    """Baseline: the training subset's share of each class, everywhere."""

    kind: Literal["constant"] = "constant"
    """The same prediction for every pixel."""


class ThresholdParams(ModelEntry):
    """Baseline: the channel and the direction of brightness that tell foreground best in the training subset."""

    kind: Literal["threshold"] = "threshold"
    """Foreground where a smoothed channel is bright (or dark)."""
    smoothing_px: Annotated[float, Field(ge=0)] = 1.0
    """Standard deviation of the Gaussian filter in pixels."""


class NetworkParams(ModelEntry):
    """What every model that Keras fits has."""

    clip: Annotated[int, Field(ge=1)] = 1
    """Frames seen at once: the frame to segment and those before it."""

    @property
    def stride(self) -> int:
        """Height and width that the network takes are multiples of this many pixels."""
        return 1


class UNetFamilyParams(NetworkParams):
    """What the U-Nets share."""

    depth: Annotated[int, Field(ge=1, le=8)] = 3
    """Poolings between the first and the last level."""
    filters: Annotated[int, Field(ge=1)] = 16
    """Filters of the first level, doubled at each pooling."""
    convolutions: Annotated[int, Field(ge=1)] = 2
    """Convolutions a block."""
    kernel_size: Annotated[int, Field(ge=1)] | tuple[Annotated[int, Field(ge=1)], ...] = 3
    """Kernel size in pixels, one for all levels or one a level."""
    normalization: Literal["batch", "layer", "group", "none"] = "batch"
    """Normalisation after each convolution."""
    padding: Literal["same", "reflect"] = "same"
    """What stands beyond the border: zeros, or the mirrored image."""
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Share of features dropped in the bottleneck while training."""
    upsampling: Literal["transposed", "bilinear", "nearest"] = "transposed"
    """Way up in the decoder."""

    @property
    def stride(self) -> int:
        """Twice as many pixels a pooling."""
        return int(2**self.depth)

    @model_validator(mode="after")
    def _kernel_a_level(self) -> Self:
        if isinstance(self.kernel_size, tuple) and len(self.kernel_size) != self.depth + 1:
            raise ValueError(
                f"{len(self.kernel_size)} kernel sizes for {self.depth + 1} levels (depth {self.depth} and the"
                " bottleneck): give one a level"
            )
        return self


class UNetParams(UNetFamilyParams):
    """U-Net; a clip's frames are stacked as channels."""

    kind: Literal["unet"] = "unet"
    """Ronneberger et al. 2015."""


class ResidualUNetParams(UNetFamilyParams):
    """U-Net of pre-activation residual blocks with strided downsampling."""

    kind: Literal["residual_unet"] = "residual_unet"
    """Zhang et al. 2018."""


class ConvLstmUNetParams(UNetFamilyParams):
    """U-Net with convolutional LSTMs over the frames of a clip."""

    kind: Literal["conv_lstm_unet"] = "conv_lstm_unet"
    """Shi et al. 2015 in a U-Net."""
    clip: Annotated[int, Field(ge=2)] = 4
    """Frames seen at once: the frame to segment and those before it."""
    variant: Literal["long", "short", "bottleneck"] = "bottleneck"
    """Where the LSTMs stand: all convolutions of the encoder, one a level of it, or the bottleneck alone."""
    bidirectional: bool = False
    """Read the clip in both directions."""
    recurrent_dropout: Share = 0.0
    """Share of the recurrent state dropped while training."""


ModelParams = Annotated[
    ConstantParams | ThresholdParams | UNetParams | ResidualUNetParams | ConvLstmUNetParams,
    Field(discriminator="kind"),
]
