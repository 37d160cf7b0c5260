"""Entries of models that give whole pictures a label."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from pipeline.params.classifiers import ClassifierParams, LogisticRegressionParams
from pipeline.params.encoders import EncoderParams
from pipeline.params.entries import ModelEntry, NetworkParams

Side = Annotated[int, Field(ge=8, le=1024)]
Units = Annotated[int, Field(ge=1)]
Dropout = Annotated[float, Field(ge=0, lt=1)]


class PictureParams(NetworkParams):
    """What networks share that see a whole picture at one size."""

    carries: ClassVar[frozenset[str]] = frozenset({"label"})

    clip: Literal[1] = 1
    """One picture at once."""


class MlpParams(PictureParams):
    """Multi-layer perceptron on the pixels, a baseline."""

    kind: Literal["mlp"] = "mlp"
    """Dense layers alone."""
    size: tuple[Side, Side] = (64, 64)
    """Height and width in pixels that pictures are resized to."""
    layers: Annotated[tuple[Units, ...], Field(min_length=1)] = (256, 64)
    """Units of each hidden layer."""
    dropout: Dropout = 0.3
    """Share of units dropped after each hidden layer while training."""


class CnnParams(PictureParams):
    """Small convolutional network from scratch."""

    kind: Literal["cnn"] = "cnn"
    """Blocks of convolutions and a pooling, then dense layers."""
    size: tuple[Side, Side] = (64, 64)
    """Height and width in pixels that pictures are resized to."""
    filters: Annotated[tuple[Units, ...], Field(min_length=1)] = (16, 32, 64)
    """Filters of each block; each halves height and width."""
    kernel_size: Annotated[int, Field(ge=1)] = 3
    """Kernel size in pixels."""
    convolutions: Annotated[int, Field(ge=1)] = 1
    """Convolutions a block."""
    normalization: Literal["batch", "layer", "group", "none"] = "batch"
    """Normalisation after each convolution."""
    pooling: Literal["average", "max", "flatten"] = "average"
    """From the last features to one vector: their mean or maximum over the picture, or all of them."""
    dense: tuple[Units, ...] = (64,)
    """Units of each dense layer before the last."""
    dropout: Dropout = 0.3
    """Share of features dropped before each dense layer while training."""

    @model_validator(mode="after")
    def _pixels_for_blocks(self) -> Self:
        if min(self.size) < 2 ** len(self.filters):
            raise ValueError(
                f"{len(self.filters)} blocks halve {min(self.size)} pixels to none: give fewer filters, or a larger size"
            )
        return self


class PretrainedParams(PictureParams, EncoderParams):
    """A pretrained encoder with a new head, fine-tuned."""

    kind: Literal["pretrained"] = "pretrained"
    """An encoder of keras.applications or KerasHub."""
    pooling: Literal["average", "max", "flatten"] = "average"
    """From the encoder's features to one vector: their mean or maximum over the picture, or all of them."""
    dense: tuple[Units, ...] = ()
    """Units of each dense layer before the last."""
    dropout: Dropout = 0.2
    """Share of features dropped before each dense layer while training."""
    unfreeze: Annotated[int, Field(ge=0)] | Literal["all"] = 0
    """Last layers of the encoder that are trained beside the head, or all; batch normalisation in it is trained by all alone,
    and only where weights is null."""


class EncoderFeaturesParams(ModelEntry, EncoderParams):
    """A frozen encoder's features of the pictures as they are, and a classifier of scikit-learn on them."""

    carries: ClassVar[frozenset[str]] = frozenset({"label"})
    needs_backend: ClassVar[bool] = True
    searched: ClassVar[frozenset[str]] = frozenset({"model"})

    kind: Literal["encoder_features"] = "encoder_features"
    """Features are taken once for all folds and classifiers, and kept beside the prepared arrays."""
    pooling: Literal["average", "max", "flatten"] = "average"
    """From the encoder's features to one vector: their mean or maximum over the picture, or all of them."""
    classifier: ClassifierParams = LogisticRegressionParams()
    """What tells the classes by the features."""
