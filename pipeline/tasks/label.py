"""The head `label`: the class of a whole image."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np

from pipeline import metrics
from pipeline.conformal import calibrate
from pipeline.datasets.faults import DataError
from pipeline.datasets.manifest import Dataset
from pipeline.metrics.columns import LABEL, PROBABILITY
from pipeline.params import EvaluateParams, SetParams
from pipeline.params.tasks import HEAD_METRICS
from pipeline.tasks.heads import Array, Head

FEWEST = 2
MEASURES: dict[str, Callable[[int, Array], float]] = {
    "accuracy": metrics.accuracy,
    "log_loss": metrics.log_loss,
    "brier": metrics.brier,
    "top_2": metrics.top_2,
}


@dataclass(frozen=True)
class Labels:
    """A softmax channel a class."""

    classes: int

    @classmethod
    def of(cls, dataset: Dataset) -> "Labels":
        """The classes of a data set; raises DataError where there are not two."""
        if len(dataset.label_names) < FEWEST:
            raise DataError(
                f"task: classification needs images of 2 classes or more, and the data have {len(dataset.label_names)}:"
                " set data.labels to folders, or to a regular expression over the files' names"
            )
        return cls(len(dataset.label_names))

    @property
    def head(self) -> Head:
        """What a network gives for it."""
        return Head("label", self.classes, "softmax", is_pooled=True)

    def calibrate(self, pairs: Iterable[tuple[Array, Array]], sets: SetParams) -> float:
        """The score up to which classes belong to a sample's set, by numbers of true classes and probabilities (K,)."""
        targets, probabilities = zip(*pairs, strict=True)
        return calibrate(np.stack(probabilities), np.stack(targets).astype(int), sets.coverage, sets.method)

    def score(
        self,
        target: Array,
        predicted: Array,
        threshold: float,
        evaluate: EvaluateParams,
        previous: tuple[Array, Array] | None = None,
    ) -> dict[str, float]:
        """Score probabilities (K,) against the number of the true class."""
        measures = MEASURES | {"top_2_tolerant": partial(metrics.top_2_tolerant, close_call=evaluate.close_call)}
        return {name: measures[name](int(target), predicted) for name in evaluate.metrics if name in measures}

    def note(
        self, target: Array, predicted: Array, threshold: float, evaluate: EvaluateParams
    ) -> dict[str, float | str]:
        """True class and probabilities of all, beside the scores where a pooled metric is asked for."""
        if not {*evaluate.pooled_metrics} & {*HEAD_METRICS["label"]}:
            return {}
        probabilities = {f"{PROBABILITY}{number}": float(value) for number, value in enumerate(predicted)}
        return {LABEL: int(target), **probabilities}
