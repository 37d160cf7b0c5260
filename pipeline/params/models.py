"""Section `models`: the entries of the comparison, one class a kind of model."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from pipeline.params.ambiguity import CascadeParams
from pipeline.params.classification import CnnParams, EncoderFeaturesParams, MlpParams, PretrainedParams
from pipeline.params.entries import ModelEntry, UNetFamilyParams
from pipeline.params.forest import ForestParams
from pipeline.params.imported import PredictionsParams
from pipeline.params.sequences import ConvLstmUNetParams, TemporalTransformerParams


class ConstantParams(ModelEntry):
    """Baseline: the training subset's share of each class, everywhere."""

    carries: ClassVar[frozenset[str]] = frozenset({"mask", "depth", "label"})
    is_baseline: ClassVar[bool] = True

    kind: Literal["constant"] = "constant"
    """The same prediction for every pixel."""


class ThresholdParams(ModelEntry):
    """Baseline: the channel and the direction of brightness that tell foreground best in the training subset."""

    is_baseline: ClassVar[bool] = True

    kind: Literal["threshold"] = "threshold"
    """Foreground where a smoothed channel is bright (or dark)."""
    method: Literal["learnt", "otsu"] = "learnt"
    """learnt: the brightness that parts the training subset best, one for all images; otsu: each image's own (Otsu 1979)."""
    smoothing_px: Annotated[float, Field(ge=0)] = 1.0
    """Standard deviation of the Gaussian filter in pixels."""


class UNetParams(UNetFamilyParams):
    """U-Net; a clip's frames are stacked as channels."""

    kind: Literal["unet"] = "unet"
    """Ronneberger et al. 2015."""


class ResidualUNetParams(UNetFamilyParams):
    """U-Net of pre-activation residual blocks with strided downsampling."""

    kind: Literal["residual_unet"] = "residual_unet"
    """Zhang et al. 2018."""


ModelParams = Annotated[
    ConstantParams
    | ThresholdParams
    | ForestParams
    | UNetParams
    | ResidualUNetParams
    | ConvLstmUNetParams
    | TemporalTransformerParams
    | MlpParams
    | CnnParams
    | PretrainedParams
    | EncoderFeaturesParams
    | CascadeParams
    | PredictionsParams,
    Field(discriminator="kind"),
]
