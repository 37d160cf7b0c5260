"""A fit with all that has a state (dropout, augmentation, AdamW, averaged weights), to be killed and gone on with.

As a program it kills itself after two epochs: python -m tests.fitting.killed CHECKPOINT
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from pipeline.backend import start_backend
from pipeline.params import (
    AugmentParams,
    EarlyStoppingParams,
    OptimizerParams,
    PredictParams,
    ScheduleParams,
    TrainParams,
    UNetParams,
)
from pipeline.tasks import Head

BUDGET = TrainParams(
    samples=32,
    epoch_samples=8,
    batch_size=4,
    patch=(8, 8),
    optimizer=OptimizerParams(learning_rate=0.01, average=0.9),
    schedule=ScheduleParams(kind="cosine", warm_up=0.2),
)
STOPPED = BUDGET.model_copy(
    update={
        "samples": 80,
        "early_stopping": EarlyStoppingParams(patience=3, min_delta=10.0),
        "optimizer": OptimizerParams(),
    }
)
AUGMENT = AugmentParams(flip_horizontal=True, quarter_turns=True, rotation=20, elastic_px=1, brightness=0.3, noise=0.1)
Row = dict[str, float]


class Killed(Exception):
    """In place of a kill."""


def fit_small(
    checkpoint: Path | None,
    on_epoch: Callable[[Row], None] = lambda row: None,
    train: TrainParams = BUDGET,
    key: str = "a",
    is_diagnosed: bool = False,
) -> tuple[dict[str, np.ndarray], list[Row], int, str]:
    """State, history without its times, best epoch and why it ended."""
    from pipeline.fitting.control import FitControl
    from pipeline.models.unet import Model
    from tests.drawn import draw_arrays

    entry = UNetParams(name="unet", depth=1, filters=4, dropout=0.3)
    model = Model(entry, 1, (Head("mask", 1, "sigmoid"),), seed=2, predict=PredictParams())
    arrays = draw_arrays(samples=6)
    control = FitControl(checkpoint, key, on_epoch, is_diagnosed=is_diagnosed)
    result = model.fit(arrays, np.arange(4), np.arange(4, 6), train, AUGMENT, control)
    history = [{name: value for name, value in row.items() if name != "seconds"} for row in result.history]
    return model.state(), history, result.best_epoch, result.stopped


def kill_at(epoch: int) -> Callable[[Row], None]:
    """Raise when an epoch is done."""

    def on_epoch(row: Row) -> None:
        if row["epoch"] == epoch:
            raise Killed

    return on_epoch


def kill_process(row: Row) -> None:
    """A real kill after the second epoch."""
    if row["epoch"] == 2:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    start_backend(threads=1, precision="float32", seed=0)
    fit_small(Path(sys.argv[1]), kill_process, is_diagnosed=True)
