"""Entry of the baseline that networks have to beat: a random forest on filter features."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from pipeline.params.entries import ModelEntry
from pipeline.params.section import Size
from pipeline.params.trees import TreesParams

Sigma = Annotated[float, Field(gt=0)]


class FilterParams(ModelEntry):
    """Which filters see a pixel and its surroundings: skimage.feature.multiscale_basic_features."""

    intensity: bool = True
    """The smoothed image."""
    edges: bool = True
    """The Sobel gradient of it."""
    texture: bool = True
    """Both eigenvalues of its Hessian: ridges, blobs, saddles."""
    sigma_min: Sigma = 1.0
    """Finest smoothing, a standard deviation in pixels; doubled up to sigma_max."""
    sigma_max: Sigma = 16.0
    """Coarsest smoothing in pixels, and with it how far the forest sees."""

    @model_validator(mode="after")
    def _some_filter(self) -> Self:
        if not (self.intensity or self.edges or self.texture):
            raise ValueError("no filter is on: set intensity, edges or texture to true")
        if self.sigma_min > self.sigma_max:
            raise ValueError(f"sigma_min {self.sigma_min} is above sigma_max {self.sigma_max}: swap them")
        return self


class ForestParams(FilterParams, TreesParams):
    """Baseline: a random forest on filter features of each pixel, or of the whole picture where it is to have one class."""

    carries: ClassVar[frozenset[str]] = frozenset({"mask", "label"})
    is_baseline: ClassVar[bool] = True
    is_threaded: ClassVar[bool] = True
    searched: ClassVar[frozenset[str]] = frozenset({"model"})

    kind: Literal["forest"] = "forest"
    """What ilastik and Weka do, without a person who paints."""
    pixels: Annotated[int, Field(ge=1)] = 500
    """Pixels of a training image that are learnt from, as many of each class that it has."""
    images: Annotated[int, Field(ge=1)] | None = 200
    """Training images at most whose pixels are learnt from, drawn by the seed; null takes all."""
    size: Size = (64, 64)
    """Height and width in pixels that pictures are resized to where they get a class."""
    n_estimators: Annotated[int, Field(ge=1)] = 50
    """Trees."""
    min_samples_leaf: Annotated[int, Field(ge=1)] = 5
    """Fewest samples in a leaf."""
    class_weight: Literal["balanced"] | None = None
    """null weighs pixels by how many each stands for, so that probabilities are those of the images; balanced weighs classes alike."""
