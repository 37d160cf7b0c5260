"""What a registered model takes and gives, as MLflow wants to know it."""

from typing import TYPE_CHECKING

import numpy as np

from pipeline.ensemble import Ensemble
from pipeline.params.tasks import TASKS

if TYPE_CHECKING:
    from mlflow.models import ModelSignature


def build_signature(ensemble: Ensemble) -> "ModelSignature":
    """Images (images, height, width, channel) in; for each head masks, depths in metres or probabilities out, by name where there are several."""
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema, TensorSpec

    dataset = ensemble.dataset
    outputs = {
        "mask": (np.uint8, (-1, -1, -1)),
        "depth": (np.float32, (-1, -1, -1)),
        "label": (np.float32, (-1, len(dataset.label_names))),
    }
    heads = ensemble.models[0].entry.heads_of(TASKS[ensemble.task].heads)
    named: list[ColSpec | TensorSpec] = [
        TensorSpec(np.dtype(outputs[head][0]), outputs[head][1], head if len(heads) > 1 else None) for head in heads
    ]
    images = TensorSpec(np.dtype(dataset.dtype), (-1, -1, -1, dataset.channels))
    return ModelSignature(Schema([images]), Schema(named))
