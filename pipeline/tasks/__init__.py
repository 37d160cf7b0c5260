"""A task is a list of heads, one file each: what the target is, and how a prediction is scored."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from pipeline.conformal import choose_set, score_set
from pipeline.datasets.manifest import Dataset
from pipeline.metrics import METRICS
from pipeline.metrics.emptiness import judge_empty
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
        self,
        targets: Targets,
        prediction: Prediction,
        threshold: float,
        evaluate: EvaluateParams,
        previous: tuple[Targets, Prediction] | None = None,
    ) -> dict[str, float]:
        """All of evaluate.sample_metrics; NaN for those of a head that was not predicted. `previous` is the frame before."""
        scores = dict.fromkeys(map(str, evaluate.sample_metrics), float("nan"))
        for part in self.parts:
            name = part.head.name
            if name in prediction:
                before = previous and (previous[0][name], previous[1][name])
                scores |= part.score(targets[name], prediction[name], threshold, evaluate, before)
        return scores

    def note(
        self, targets: Targets, prediction: Prediction, threshold: float, evaluate: EvaluateParams
    ) -> dict[str, float | str]:
        """What stands beside the scores: whether masks are empty, and what pooled metrics are computed from."""
        notes: dict[str, float | str] = {}
        for part in self.parts:
            name = part.head.name
            if name in prediction:
                notes |= part.note(targets[name], prediction[name], threshold, evaluate)
        return notes

    def judge(
        self,
        pairs: Iterable[tuple[Targets, Prediction]],
        threshold: float,
        evaluate: EvaluateParams,
        metric: str,
    ) -> Array:
        """Scores (sample,) in one metric, those of empty masks as evaluate.empty_masks wants them; NaN is "no score"."""
        asked = evaluate.model_copy(update={"metrics": (metric,)})
        found = [(self.score(*pair, threshold, asked)[metric], self.note(*pair, threshold, asked)) for pair in pairs]
        emptiness = np.array([note.get("empty", "") for _, note in found])
        return judge_empty(np.array([score for score, _ in found]), emptiness, METRICS[metric], evaluate.empty_masks)


def build_task(kind: TaskKind, dataset: Dataset) -> Task:
    """The task of params.yaml for the classes of a data set; raises DataError where the data lack them."""
    return Task(tuple(KINDS[name].of(dataset) for name in TASKS[kind].heads))
