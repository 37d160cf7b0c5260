"""The whole state of a fit in one file, so that a killed fit goes on to the same weights."""

import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np


@dataclass
class Progress:
    """What the loop knows beside the variables: epochs done, early stopping, history."""

    key: str
    epoch: int = 0
    best_loss: float = float("inf")
    best_epoch: int = 0
    seconds: float = 0.0
    history: list[dict[str, float]] = field(default_factory=list)


def save_checkpoint(
    path: Path, progress: Progress, variables: Sequence[keras.Variable], best: Sequence[np.ndarray]
) -> None:
    """Write aside and rename, so that a kill leaves the former checkpoint."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.part")
    arrays: dict[str, Any] = {f"variable_{index}": np.asarray(value) for index, value in enumerate(variables)}
    arrays |= {f"best_{index}": weight for index, weight in enumerate(best)}
    with aside.open("wb") as file:
        np.savez(file, progress=np.array(json.dumps(asdict(progress))), **arrays)
    aside.replace(path)


def load_checkpoint(path: Path, key: str, variables: Sequence[keras.Variable]) -> tuple[Progress, list[np.ndarray]]:
    """The progress and best weights of a fit of the same key, its variables restored; a fresh start where there is none."""
    if not path.exists():
        return Progress(key), []
    try:
        with np.load(path) as archive:
            progress = Progress(**json.loads(str(archive["progress"])))
            if progress.key != key:
                return Progress(key), []
            for index, variable in enumerate(variables):
                variable.assign(archive[f"variable_{index}"])
            count = sum(name.startswith("best_") for name in archive.files)
            return progress, [archive[f"best_{index}"] for index in range(count)]
    except (zipfile.BadZipFile, KeyError):
        return Progress(key), []
