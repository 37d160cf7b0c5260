"""What a forest of scikit-learn leaves to be chosen, under scikit-learn's own names."""

from typing import Annotated, Literal

from pydantic import Field

from pipeline.params.section import Section

Weighting = Literal["balanced"] | None


class TreesParams(Section):
    """Trees on bootstrap samples of random features."""

    n_estimators: Annotated[int, Field(ge=1)] = 300
    """Trees."""
    max_depth: Annotated[int, Field(ge=1)] | None = None
    """Levels of a tree; null grows until the leaves are pure."""
    min_samples_leaf: Annotated[int, Field(ge=1)] = 1
    """Fewest samples in a leaf."""
    max_features: Literal["sqrt", "log2"] | Annotated[float, Field(gt=0, le=1)] = "sqrt"
    """Features tried at each split: the root or logarithm of their number, or a share of it."""
    class_weight: Weighting = None
    """balanced weighs classes by the inverse of their count."""
