"""The head `depth`: how far each pixel is, in metres."""

from dataclasses import dataclass

from pipeline import metrics
from pipeline.datasets.manifest import Dataset
from pipeline.params import EvaluateParams
from pipeline.tasks.heads import Array, Head

MEASURES = {
    "rmse": metrics.rmse,
    "absolute_relative_error": metrics.absolute_relative_error,
    "delta_1": metrics.delta_1,
    "delta_2": metrics.delta_2,
    "delta_3": metrics.delta_3,
    "log10": metrics.log10,
}


@dataclass(frozen=True)
class Depths:
    """A channel above 0."""

    @classmethod
    def of(cls, dataset: Dataset) -> "Depths":
        """Every data set's depths are alike."""
        return cls()

    @property
    def head(self) -> Head:
        """What a network gives for it."""
        return Head("depth", 1, "softplus")

    def score(
        self,
        target: Array,
        predicted: Array,
        threshold: float,
        evaluate: EvaluateParams,
        previous: tuple[Array, Array] | None = None,
    ) -> dict[str, float]:
        """Score depths (H, W, 1) against (H, W), both in metres, where the target was measured; NaN where nothing was."""
        return {name: MEASURES[name](target, predicted[..., 0]) for name in evaluate.metrics if name in MEASURES}

    def note(
        self, target: Array, predicted: Array, threshold: float, evaluate: EvaluateParams
    ) -> dict[str, float | str]:
        """Nothing stands beside the scores."""
        return {}
