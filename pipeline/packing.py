"""Ensembles as files: the fitted models of one entry, and a folder that holds all that it takes to use them."""

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import TypeAdapter

from pipeline.datasets.faults import DataError
from pipeline.ensemble import Ensemble
from pipeline.models import is_network, load_model
from pipeline.params import DataParams, ModelParams, PredictParams, write_section

SETTINGS = "ensemble.json"


def choose_files(paths: Sequence[Path], model: str, use: Literal["ensemble", "refit"]) -> list[Path]:
    """Files MODEL/FOLD.npz of one model: those of its folds in natural order, or the one refitted on all of them."""
    own = [path for path in paths if path.parent.name == model]
    chosen = [path for path in own if (path.stem == "refit") == (use == "refit")]
    if not chosen:
        raise DataError(f"there is no fitted {use} of {model} among {len(paths)} models: run the workflow for it")
    return sorted(chosen, key=lambda path: (len(path.stem), path.stem))


def load_models(
    paths: Sequence[Path],
    threshold: float,
    predict: PredictParams,
    data: DataParams = DataParams(),
    quantile: float | None = None,
    temperatures: Sequence[Mapping[str, float]] = (),
) -> Ensemble:
    """The ensemble of models in npz files, each at its temperatures; networks need a started backend."""
    loaded = [load_model(path, predict) for path in paths]
    _, dataset, task = loaded[0]
    models = tuple(model for model, _, _ in loaded)
    return Ensemble(models, dataset, task, threshold, data, quantile, predict.sets, tuple(temperatures))


def pack(
    folder: Path,
    paths: Sequence[Path],
    threshold: float,
    predict: PredictParams,
    data: DataParams,
    quantile: float | None = None,
    temperatures: Sequence[Mapping[str, float]] = (),
) -> None:
    """Copy models and all that it takes to use them into a new folder."""
    folder.mkdir(parents=True)
    for path in paths:
        shutil.copyfile(path, folder / path.name)
    settings = {
        "models": [path.name for path in paths],
        "threshold": threshold,
        "quantile": quantile,
        "temperatures": [dict(own) for own in temperatures],
        "predict": write_section(predict),
        "data": write_section(data),
    }
    (folder / SETTINGS).write_text(json.dumps(settings, indent=1) + "\n")


def load_packed(folder: Path) -> Ensemble:
    """The ensemble that `pack` wrote; networks need a started backend."""
    settings = json.loads((folder / SETTINGS).read_text())
    paths = [folder / name for name in settings["models"]]
    predict = PredictParams.model_validate(settings["predict"])
    data = DataParams.model_validate(settings["data"])
    temperatures = settings.get("temperatures", ())  # models packed before there were any
    return load_models(paths, settings["threshold"], predict, data, settings["quantile"], temperatures)


def has_network(paths: Sequence[Path]) -> bool:
    """Whether one of the models in npz files, or in a folder of them, needs a backend."""
    return any(is_network(_entry(path)) for path in paths)


def _entry(path: Path) -> ModelParams:
    with np.load(path) as archive:
        settings = json.loads(str(archive["settings"]))
    entry: ModelParams = TypeAdapter(ModelParams).validate_python(settings["entry"])
    return entry
