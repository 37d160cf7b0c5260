"""The whole state of a fit in one file, so that a killed fit goes on to the same weights."""

import json
import logging
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np

from pipeline.fitting.code import hash_fitting_code

logger = logging.getLogger(__name__)
Weights = list[np.ndarray]
DAMAGED = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, EOFError, OSError)


@dataclass
class Progress:
    """What the loop knows beside the variables: epochs done, early stopping, history."""

    key: str
    epoch: int = 0
    best_loss: float = float("inf")
    best_epoch: int = 0
    seconds: float = 0.0
    history: list[dict[str, float]] = field(default_factory=list)


def checkpoint_key(key: str, batch_size: int) -> str:
    """What a checkpoint must agree in to be gone on from: the fit, its batch size, the backend, and the code that fits."""
    return f"{key} {batch_size} {keras.backend.backend()} {hash_fitting_code()}"


def save_checkpoint(path: Path, progress: Progress, variables: Sequence[keras.Variable], best: Weights) -> None:
    """Write aside and rename, so that a kill leaves the former checkpoint."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.part")
    values = map(keras.ops.convert_to_numpy, variables)
    arrays: dict[str, Any] = {f"variable_{index}": value for index, value in enumerate(values)}
    arrays |= {f"best_{index}": weight for index, weight in enumerate(best)}
    with aside.open("wb") as file:
        np.savez(file, progress=np.array(json.dumps(asdict(progress))), **arrays)
    aside.replace(path)


def load_checkpoint(path: Path | None, key: str, variables: Sequence[keras.Variable]) -> tuple[Progress, Weights]:
    """The progress and best weights of a fit of the same key, its variables restored; a fresh start where there is none."""
    if path is None or not path.exists():
        return Progress(key), []
    try:
        progress, values, best = _read(path)
    except DAMAGED as error:
        logger.warning("%s cannot be read (%s): the fit begins anew", path, error)
        return Progress(key), []
    shapes = [tuple(variable.shape) for variable in variables]
    if progress.key != key or [value.shape for value in values] != shapes:
        logger.info("%s belongs to another fit: the fit begins anew", path)
        return Progress(key), []
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
    return progress, best


def _read(path: Path) -> tuple[Progress, Weights, Weights]:
    """All of the file before any of it is used: a fault in its middle must leave the variables as they are."""
    with path.open("rb") as file, np.load(file) as archive:
        progress = Progress(**json.loads(str(archive["progress"])))
        variables, best = (
            [archive[f"{kind}_{index}"] for index in range(sum(name.startswith(kind) for name in archive.files))]
            for kind in ("variable", "best")
        )
    return progress, variables, best
