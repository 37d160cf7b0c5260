"""The registry of models: a file a kind, each with a class Model behind one protocol; looked up by name."""

import importlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from pydantic import TypeAdapter

from pipeline.datasets.arrays import Arrays
from pipeline.datasets.manifest import Dataset
from pipeline.fitting.control import FitControl, FitResult
from pipeline.params import AugmentParams, ModelParams, PredictParams, TrainParams, write_section
from pipeline.params.tasks import TASKS
from pipeline.tasks import Prediction, TaskKind, build_task

WHOLE = PredictParams()


class Model(Protocol):
    """What every model can do. Positions are rows of `arrays`; clips are (time, height, width, channel), as on disk."""

    entry: ModelParams

    @property
    def clip(self) -> int:
        """Frames seen at once."""

    def fit(
        self,
        arrays: Arrays,
        train: np.ndarray,
        validation: np.ndarray,
        params: TrainParams,
        augment: AugmentParams,
        control: FitControl,
    ) -> FitResult:
        """Learn from the samples at positions `train`; `validation` may stop and choose, nothing else is seen."""

    def predict(self, clip: np.ndarray) -> Prediction:
        """What each head gives for the clip's last frame, as float32."""

    def state(self) -> dict[str, np.ndarray]:
        """All that was learnt, by name."""

    def set_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Take over what `state` gave."""


def is_network(entry: ModelParams) -> bool:
    """Whether the model needs Keras."""
    return entry.needs_backend


def build_model(
    entry: ModelParams, dataset: Dataset, task: TaskKind, seed: int, predict: PredictParams = WHOLE
) -> Model:
    """An unfitted model of the file that the entry's kind names, with those of the task's heads that it learns.

    `predict` says how it will go over whole images.
    """
    heads = build_task(task, dataset).heads
    names = entry.heads_of(TASKS[task].heads)
    module = importlib.import_module(f"pipeline.models.{entry.kind}")
    own = tuple(head for head in heads if head.name in names)
    model: Model = module.Model(entry, dataset.channels, own, seed, predict)
    return model


def save_model(path: Path, model: Model, dataset: Dataset, task: TaskKind) -> None:
    """Write a fitted model as one npz file: settings as JSON, and the arrays of its state; no pickle, no backend."""
    settings = {"entry": write_section(model.entry), "dataset": asdict(dataset), "task": task}
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.part")
    arrays: dict[str, Any] = model.state()
    with aside.open("wb") as file:
        np.savez(file, settings=np.array(json.dumps(settings)), **arrays)
    aside.replace(path)


def load_model(path: Path, predict: PredictParams = WHOLE) -> tuple[Model, Dataset, TaskKind]:
    """The fitted model of a file, the data set and the task it was fitted for; `predict` says how it goes over whole images."""
    with np.load(path) as archive:
        settings = json.loads(str(archive["settings"]))
        state = {name: archive[name] for name in archive.files if name != "settings"}
    fields: dict[str, Any] = settings["dataset"]
    lists = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
    dataset = Dataset(**(fields | lists))
    entry: ModelParams = TypeAdapter(ModelParams).validate_python(settings["entry"])
    model = build_model(entry, dataset, settings["task"], 0, predict)
    model.set_state(state)
    return model, dataset, settings["task"]
