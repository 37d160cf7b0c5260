"""The registered model as MLflow runs it, in any process: images as they are on disk in, masks as on disk, depths or classes out."""

import os
import sys
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
from mlflow.pyfunc.model import PythonModel, PythonModelContext

from pipeline.backend import start_backend
from pipeline.ensemble import Ensemble
from pipeline.packing import has_network, load_packed


class Predictor(PythonModel):
    """An ensemble behind MLflow's interface."""

    ensemble: Ensemble

    def load_context(self, context: PythonModelContext) -> None:
        """Load the models that were packed along; a backend that runs already is taken as it is."""
        folder = Path(context.artifacts["ensemble"])
        if has_network(sorted(folder.glob("*.npz"))) and "keras" not in sys.modules:
            start_backend(len(os.sched_getaffinity(0)), "float32", seed=0)
        self.ensemble = load_packed(folder)

    def predict(
        self, context: PythonModelContext, model_input: np.ndarray, params: dict[str, Any] | None = None
    ) -> np.ndarray | dict[str, np.ndarray]:
        """What the model tells of images (images, height, width, channel) that are frames of one sequence.

        Masks (images, height, width), uint8; depths (images, height, width) in metres; or probabilities (images, class). More than
        one of them come by name: mask, depth, label.
        """
        found = list(self.ensemble.predict_frames(np.asarray(model_input)))
        told = {head: np.stack([self._tell(head, each[head]) for each in found]) for head in found[0]}
        return next(iter(told.values())) if len(told) == 1 else told

    def _tell(self, head: str, predicted: np.ndarray) -> np.ndarray:
        if head == "mask":
            return self.ensemble.to_file(predicted)
        return predicted[..., 0] if head == "depth" else predicted


mlflow.models.set_model(Predictor())
