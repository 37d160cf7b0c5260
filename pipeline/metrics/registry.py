"""What the name of every metric means: how it is written, which way is better, where it ends, and its unit."""

from dataclasses import dataclass
from math import inf

from pipeline.params import HeadName


@dataclass(frozen=True)
class Metric:
    """A metric by name, of a head's predictions; its values lie in [low, high], in `unit` ("" for a pure number).

    `is_of_foreground` where it divides by foreground, so that evaluate.empty_masks decides what it is without any; `is_pooled`
    where a set of samples has it and a sample alone has not.
    """

    name: str
    spelt: str
    head: HeadName
    higher_is_better: bool = True
    low: float = 0.0
    high: float = 1.0
    unit: str = ""
    is_of_foreground: bool = False
    is_pooled: bool = False

    @property
    def sign(self) -> int:
        """1 where higher is better, else -1: scores times it are better the higher they are."""
        return 1 if self.higher_is_better else -1


METRICS = {
    metric.name: metric
    for metric in (
        Metric("dice", "Dice", "mask", is_of_foreground=True),
        Metric("iou", "IoU", "mask", is_of_foreground=True),
        Metric("precision", "precision", "mask", is_of_foreground=True),
        Metric("recall", "recall", "mask", is_of_foreground=True),
        Metric("pixel_accuracy", "pixel accuracy", "mask"),
        Metric("surface_distance", "surface distance", "mask", is_of_foreground=True),
        Metric("hausdorff_95", "95 % Hausdorff distance", "mask", False, high=inf, unit="px", is_of_foreground=True),
        Metric("cl_dice", "clDice", "mask", is_of_foreground=True),
        Metric("object_precision", "object precision", "mask", is_of_foreground=True),
        Metric("object_recall", "object recall", "mask", is_of_foreground=True),
        Metric("object_f1", "object F1", "mask", is_of_foreground=True),
        Metric("panoptic_quality", "panoptic quality", "mask", is_of_foreground=True),
        Metric("v_rand", "V_rand", "mask"),
        Metric("v_info", "V_info", "mask"),
        Metric("pixel_calibration_error", "pixel calibration error", "mask", higher_is_better=False),
        Metric("flicker", "flicker", "mask", higher_is_better=False),
        Metric("mean_iou", "mean IoU of classes", "mask", is_pooled=True),
        Metric("best_v_rand", "V_rand at the best threshold", "mask", is_pooled=True),
        Metric("best_v_info", "V_info at the best threshold", "mask", is_pooled=True),
        Metric("rmse", "RMSE", "depth", higher_is_better=False, high=inf, unit="m"),
        Metric("absolute_relative_error", "absolute relative error", "depth", higher_is_better=False, high=inf),
        Metric("delta_1", "delta < 1.25", "depth"),
        Metric("delta_2", "delta < 1.25^2", "depth"),
        Metric("delta_3", "delta < 1.25^3", "depth"),
        Metric("log10", "log10 error", "depth", higher_is_better=False, high=inf),
        Metric("accuracy", "accuracy", "label"),
        Metric("log_loss", "log loss", "label", higher_is_better=False, high=inf),
        Metric("brier", "Brier score", "label", higher_is_better=False, high=2.0),
        Metric("top_2", "top-2 accuracy", "label"),
        Metric("top_2_tolerant", "top-2-tolerant accuracy", "label"),
        Metric("covered", "coverage of the set", "label"),
        Metric("set_size", "classes in the set", "label", higher_is_better=False, high=inf),
        Metric("balanced_accuracy", "balanced accuracy", "label", is_pooled=True),
        Metric("macro_f1", "macro F1", "label", is_pooled=True),
        Metric("auc", "AUC", "label", is_pooled=True),
        Metric("calibration_error", "calibration error", "label", higher_is_better=False, is_pooled=True),
        Metric(
            "adaptive_calibration_error",
            "calibration error by adaptive bins",
            "label",
            higher_is_better=False,
            is_pooled=True,
        ),
    )
}
"""Every metric that `evaluate.metrics` may name, in the order of params.MetricName."""

SPELT = {name: metric.spelt for name, metric in METRICS.items()}
"""How each metric is written inside a sentence."""
