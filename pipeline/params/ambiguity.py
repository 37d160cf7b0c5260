"""What is done about ambiguous pictures: sets of classes, and a cascade of two models."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from pipeline.params.classification import EncoderFeaturesParams
from pipeline.params.classifiers import ClassifierParams
from pipeline.params.entries import ModelEntry
from pipeline.params.section import Section


class SetParams(Section):
    """How sets of classes are made that hold the true one as often as is stated."""

    coverage: Annotated[float, Field(gt=0, lt=1)] = 0.9
    """Share of new pictures whose set holds the true class."""
    method: Literal["lac", "aps"] = "lac"
    """lac gives the smallest sets; aps larger ones where a picture is hard and smaller ones where it is easy."""


class CascadeParams(ModelEntry):
    """A classifier of all classes, and one submodel a class for the pictures that it is not sure of."""

    carries: ClassVar[frozenset[str]] = frozenset({"label"})
    needs_backend: ClassVar[bool] = True
    searched: ClassVar[frozenset[str]] = frozenset({"model"})

    kind: Literal["cascade"] = "cascade"
    """One against the rest where the first model's confidence is low."""
    first: EncoderFeaturesParams
    """Model that sees every picture."""
    second: ClassifierParams | None = None
    """Classifier of each submodel, on the first one's features; null is that of the first."""
    confidence: Annotated[float, Field(ge=0, le=1)] | Literal["validation"] = "validation"
    """Probability of the likeliest class below which a picture is handed on; `validation` chooses it on the validation subset."""

    @property
    def weights_file(self) -> str | None:
        """The file of the first model's weights, where they come from one."""
        return self.first.weights_file
