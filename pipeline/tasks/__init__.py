"""One file a kind of task: its target, its heads, and how a prediction is scored."""

from pipeline.datasets.manifest import Dataset
from pipeline.tasks.segmentation import Head, Segmentation

__all__ = ["Head", "Segmentation", "build_task"]


def build_task(kind: str, dataset: Dataset) -> Segmentation:
    """Return the task of params.yaml for the classes of a data set; ValueError for a kind that does not exist."""
    if kind != "segmentation":
        raise ValueError(f"there is no task {kind!r}: known is segmentation")
    return Segmentation(classes=dataset.classes, class_names=tuple(dataset.class_names))
