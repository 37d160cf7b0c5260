"""Section: IoU of each class of pixels, over all pixels of all test samples."""

from typing import Any

from pipeline.metrics.pooled import POOLED, class_ious
from pipeline.report.experiment import Experiment


def describe_mask_classes(experiment: Experiment) -> dict[str, Any] | None:
    """IoU of each class by model, and the best of each class; None where mean_iou is not among evaluate.metrics."""
    if "mean_iou" not in experiment.params.evaluate.metrics:
        return None
    scores = experiment.raw_scores
    tables = {
        model: scores[scores["model"] == model] for model in experiment.models if "mask" in experiment.heads_of(model)
    }
    rows = [
        (model, [*class_ious(table).tolist(), POOLED["mean_iou"].compute(table)]) for model, table in tables.items()
    ]
    return {
        "names": experiment.sheet.dataset.class_names,
        "rows": rows,
        "best": [max(column) for column in zip(*(cells for _, cells in rows), strict=True)],
    }
