"""One class of a true and a predicted mask, and all that the two are scored by."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from pipeline import metrics
from pipeline.metrics.boundary import Distances, measure_distances
from pipeline.metrics.membranes import score_membranes
from pipeline.metrics.objects import ObjectScores, overlap_objects, score_objects
from pipeline.params import EvaluateParams


@dataclass(frozen=True)
class Pair:
    """Masks (height, width), false where `counted` is; what several metrics need is computed once, when first asked for."""

    target: metrics.Mask
    prediction: metrics.Mask
    counted: metrics.Mask
    evaluate: EvaluateParams

    @cached_property
    def distances(self) -> Distances:
        """From contour to contour."""
        return measure_distances(self.target, self.prediction, self.counted)

    @cached_property
    def objects(self) -> ObjectScores:
        """Scores of the objects, means over evaluate.object_ious."""
        return score_objects(overlap_objects(self.target, self.prediction), self.evaluate.object_ious)

    @cached_property
    def membranes(self) -> tuple[float, float]:
        """V_rand and V_info."""
        return score_membranes(self.target, self.prediction, self.counted)

    def score(self, metric: str) -> float:
        """One of MEASURES."""
        return MEASURES[metric](self)


def _surface_distance(pair: Pair) -> float:
    tolerance_px = pair.evaluate.tolerance_px
    return metrics.surface_distance(pair.target, pair.prediction, tolerance_px, pair.counted, pair.distances)


def _hausdorff_95(pair: Pair) -> float:
    return metrics.hausdorff_95(pair.target, pair.prediction, pair.counted, pair.distances)


MEASURES: dict[str, Callable[[Pair], float]] = {
    "dice": lambda pair: metrics.dice(pair.target, pair.prediction),
    "iou": lambda pair: metrics.iou(pair.target, pair.prediction),
    "precision": lambda pair: metrics.precision(pair.target, pair.prediction),
    "recall": lambda pair: metrics.recall(pair.target, pair.prediction),
    "surface_distance": _surface_distance,
    "hausdorff_95": _hausdorff_95,
    "cl_dice": lambda pair: metrics.cl_dice(pair.target, pair.prediction),
    "object_precision": lambda pair: pair.objects.precision,
    "object_recall": lambda pair: pair.objects.recall,
    "object_f1": lambda pair: pair.objects.f1,
    "panoptic_quality": lambda pair: pair.objects.panoptic_quality,
    "v_rand": lambda pair: pair.membranes[0],
    "v_info": lambda pair: pair.membranes[1],
}
