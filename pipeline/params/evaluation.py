"""Sections `predict`, `evaluate`, `compare`, `register` and `tracking`: what happens to fitted models."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from pipeline.params.ambiguity import SetParams
from pipeline.params.section import Name, Section, Size

MaskSampleMetric = Literal[
    "dice",
    "iou",
    "precision",
    "recall",
    "pixel_accuracy",
    "surface_distance",
    "hausdorff_95",
    "cl_dice",
    "object_precision",
    "object_recall",
    "object_f1",
    "panoptic_quality",
    "v_rand",
    "v_info",
    "pixel_calibration_error",
    "flicker",
]
MaskPooledMetric = Literal["mean_iou", "best_v_rand", "best_v_info"]
MaskMetric = Literal[MaskSampleMetric, MaskPooledMetric]
DepthMetric = Literal["rmse", "absolute_relative_error", "delta_1", "delta_2", "delta_3", "log10"]
ClassSampleMetric = Literal["accuracy", "log_loss", "brier", "top_2", "top_2_tolerant", "covered", "set_size"]
ClassPooledMetric = Literal["balanced_accuracy", "macro_f1", "auc", "calibration_error", "adaptive_calibration_error"]
ClassMetric = Literal[ClassSampleMetric, ClassPooledMetric]
ThresholdMetric = Literal["dice", "v_rand", "v_info"]
MetricName = Literal[MaskMetric, DepthMetric, ClassMetric]
"""Every metric; `pipeline.metrics.METRICS` tells what each is."""
PooledName = Literal[MaskPooledMetric, ClassPooledMetric]
"""Those that exist for a set of samples alone; `pipeline.metrics.pooled.POOLED` computes them."""
POOLED_NAMES: tuple[PooledName, ...] = get_args(PooledName)
EmptyPolicy = Literal["one_if_both_empty", "skip", "skip_if_both_empty", "zero"]
"""What becomes of samples without foreground in truth; `pipeline.metrics.emptiness` tells which tool does what."""


class PredictParams(Section):
    """How a fitted network segments a whole image."""

    tile: Size = (512, 512)
    """Larger images are predicted in overlapping tiles of this height and width in pixels, blended."""
    overlap: Annotated[float, Field(ge=0, lt=1)] = 0.25
    """Share of a tile that its neighbour covers too."""
    test_time_augmentation: Literal["none", "flips", "flips_and_turns"] = "none"
    """Average over the image as it is, its 4 flips, or its 8 flips and quarter turns."""
    temperature: bool = True
    """Whether probabilities are made as often right as they say, by a temperature fitted on the validation subset; no class of a
    sample and, with threshold: validation, no pixel of a mask changes by it."""
    threshold: Annotated[float, Field(gt=0, lt=1)] | Literal["validation"] = "validation"
    """Probability (at the temperature) from which a pixel is foreground; `validation` chooses it on the validation subset."""
    threshold_metric: ThresholdMetric = "dice"
    """Metric that it is chosen by; where membranes must not be torn v_info, which varies less from sample to sample than v_rand."""
    sets: SetParams | None = SetParams()
    """Sets of classes in place of one, calibrated on the validation subset; null gives none."""


class EvaluateParams(Section):
    """What a prediction is scored by."""

    metrics: tuple[MetricName, ...] = (
        "dice",
        "iou",
        "precision",
        "recall",
        "pixel_accuracy",
        "surface_distance",
    )
    """Metrics, in the order of the tables."""
    tolerance_px: Annotated[float, Field(ge=0)] = 2.0
    """Distance in pixels within which contours count as agreeing (surface_distance)."""
    close_call: Annotated[float, Field(ge=0, le=1)] = 0.2
    """Difference of the two largest probabilities below which a true second choice counts half (top_2_tolerant)."""
    object_ious: Annotated[tuple[Annotated[float, Field(gt=0, le=1)], ...], Field(min_length=1)] = (0.5,)
    """Intersection over union from which a predicted object is a true one; object metrics are means over these thresholds."""
    empty_masks: EmptyPolicy = "one_if_both_empty"
    """Samples without foreground in truth: 1 when the prediction is empty too and else 0 (one_if_both_empty), left out (skip),
    left out when the prediction is empty too and else 0 (skip_if_both_empty), or 0 whatever is predicted (zero)."""

    @property
    def sample_metrics(self) -> tuple[MetricName, ...]:
        """The metrics that each sample has a score in."""
        return tuple(name for name in self.metrics if name not in POOLED_NAMES)

    @property
    def pooled_metrics(self) -> tuple[MetricName, ...]:
        """The metrics that only a set of samples has."""
        return tuple(name for name in self.metrics if name in POOLED_NAMES)


class CompareParams(Section):
    """How models are compared."""

    metric: MetricName = "dice"
    """Metric that decides."""
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    """Confidence of the intervals; 1 minus it is the level of the tests."""
    margin: Annotated[float, Field(gt=0)] | None = None
    """Difference in the metric that decides below which two models count as equivalent; null tests no equivalence."""
    price_per_hour: Annotated[float, Field(ge=0)] | None = None
    """Price of an hour of the machine that fits one model, for the cost of every model; null shows seconds and memory alone."""
    currency: Annotated[str, Field(min_length=1)] = "EUR"
    """Currency of price_per_hour."""


class RegistryParams(Section):
    """What is put into the model registry."""

    name: Name | None = None
    """Name in the registry; null is the experiment's."""
    use: Literal["ensemble", "refit"] = "ensemble"
    """The mean of the winner's fold models, or one model fitted on the training and test samples of all folds."""
    model: str | None = None
    """Name of the model to register; null is the winner of the comparison."""


class TrackingParams(Section):
    """Where runs are tracked."""

    uri: str | None = None
    """MLflow tracking URI; null is MLFLOW_TRACKING_URI, or else mlflow.db in the project's root."""
