"""What a caller tells a fit, and what a fit reports."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Stopped = Literal["budget", "early_stopping", "minutes", "baseline", "classifier", "imported"]


HISTORY_COLUMNS = (
    "epoch",
    "stage",
    "samples",
    "loss",
    "validation_loss",
    "validation_score",
    "train_loss",
    "batch_loss",
    "learning_rate",
    "seconds",
)


class FitError(ValueError):
    """Why a fit cannot be done as asked, and what to change."""


@dataclass(frozen=True)
class FitControl:
    """What the caller of a fit decides: where it is checkpointed, under which key, who hears of each epoch."""

    checkpoint: Path | None = None
    key: str = ""
    on_epoch: Callable[[dict[str, float]], None] = lambda row: None
    workers: int = 1
    tensorboard: Path | None = None
    data_hash: str = ""
    fold: str = ""
    """Name of the fold, for what is read from files of that fold alone."""
    is_diagnosed: bool = False
    """Whether the history tells the losses of some training tiles too: `train_loss` and `batch_loss`."""


@dataclass(frozen=True)
class FitResult:
    """What a fit reports beside what it learnt."""

    history: list[dict[str, float]]
    best_epoch: int
    samples_seen: int
    batch_size: int
    stopped: Stopped
    notes: tuple[str, ...] = ()
