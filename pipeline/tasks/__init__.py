"""A task is a list of heads, one file each: what the target is, and how a prediction is scored."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.conformal import choose_set, score_set
from pipeline.datasets.manifest import Dataset
from pipeline.params import EvaluateParams, HeadName, SetParams, ThresholdMetric
from pipeline.params.tasks import TASKS, TaskKind
from pipeline.tasks.depth import Depths
from pipeline.tasks.heads import Array, Head, Prediction, Targets
from pipeline.tasks.label import Labels
from pipeline.tasks.mask import Masks
from pipeline.thresholds import CANDIDATES

__all__ = ["Array", "Head", "Prediction", "Targets", "Task", "TaskKind", "build_task"]
KINDS: dict[HeadName, type[Masks | Depths | Labels]] = {"mask": Masks, "depth": Depths, "label": Labels}
EVEN = 0.5


@dataclass(frozen=True)
class Task:
    """What is to be told of an image."""

    parts: tuple[Masks | Depths | Labels, ...]

    @property
    def heads(self) -> tuple[Head, ...]:
        """In the order of the task."""
        return tuple(part.head for part in self.parts)

    def choose_threshold(
        self, pairs: Iterable[tuple[Targets, Prediction]], metric: ThresholdMetric, candidates: Array = CANDIDATES
    ) -> float:
        """The probability from which a pixel is foreground, by validation samples; .5 where there is no mask to predict."""
        for part in self.parts:
            if isinstance(part, Masks):
                masks = ((target["mask"], found["mask"]) for target, found in pairs if "mask" in found)
                return part.choose_threshold(masks, metric, candidates)
        return EVEN

    def calibrate_sets(self, pairs: Iterable[tuple[Targets, Prediction]], sets: SetParams) -> float | None:
        """The score up to which classes belong to a sample's set, by validation samples; None where no class is predicted."""
        for part in self.parts:
            if isinstance(part, Labels):
                labels = [(target["label"], found["label"]) for target, found in pairs if "label" in found]
                return part.calibrate(labels, sets) if labels else None
        return None

    def score_set(
        self, targets: Targets, prediction: Prediction, quantile: float | None, sets: SetParams | None
    ) -> dict[str, float]:
        """Whether the sample's set of classes holds the true one, and how many it has; nothing where there are no sets."""
        if quantile is None or sets is None:
            return {}
        return score_set(int(targets["label"]), choose_set(prediction["label"], quantile, sets.method))

    def score(
        self, targets: Targets, prediction: Prediction, threshold: float, evaluate: EvaluateParams
    ) -> dict[str, float]:
        """All of evaluate.metrics; NaN for those of a head that was not predicted."""
        scores = dict.fromkeys(map(str, evaluate.metrics), float("nan"))
        for part in self.parts:
            name = part.head.name
            if name in prediction:
                scores |= part.score(targets[name], prediction[name], threshold, evaluate)
        return scores


def build_task(kind: TaskKind, dataset: Dataset) -> Task:
    """The task of params.yaml for the classes of a data set; raises DataError where the data lack them."""
    return Task(tuple(KINDS[name].of(dataset) for name in TASKS[kind].heads))
