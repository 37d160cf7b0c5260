"""The loop over epochs: train, validate, keep the best weights, stop early, checkpoint, go on after a kill."""

import logging
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from tqdm import tqdm

from pipeline.batches import TrainingBatches, ValidationBatches, View
from pipeline.datasets.arrays import Arrays
from pipeline.fitting.checkpoint import Progress, Weights, checkpoint_key, load_checkpoint, save_checkpoint
from pipeline.fitting.control import FitControl, FitError, FitResult, Stopped
from pipeline.fitting.diagnosing import Diagnosis, choose_tiles, limit_tiles
from pipeline.fitting.events import append_events, start_events
from pipeline.fitting.optimizer import build_optimizer
from pipeline.fitting.telling import describe_epoch
from pipeline.fitting.trainer import Trainer
from pipeline.params import TrainParams

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class FitData:
    """What a fit sees: clips of positions (sample, time) to train and to validate on, and what of each."""

    arrays: Arrays
    train: np.ndarray
    validation: np.ndarray
    view: View


class Fit:
    """One fit at one batch size."""

    def __init__(
        self,
        trainer: Trainer,
        data: FitData,
        batch_size: int,
        params: TrainParams,
        seed: int,
        control: FitControl,
        before: Sequence[dict[str, float]],
    ) -> None:
        self.trainer, self.data, self.batch_size = trainer, data, batch_size
        self.params, self.seed, self.control, self.before = params, seed, control, before
        self.validation = ValidationBatches(data.arrays, data.validation, data.view, batch_size=batch_size)
        self.epochs = math.ceil(params.samples / params.epoch_samples)
        self.steps = max(1, params.epoch_samples // batch_size)
        optimizer = build_optimizer(params.optimizer, params.schedule, self.epochs * self.steps)
        trainer.compile(optimizer=optimizer, jit_compile="auto")
        trainer.optimizer.build(trainer.trainable_variables)
        self.diagnosis = self._diagnose() if control.is_diagnosed else None

    def _diagnose(self) -> Diagnosis:
        tiles = ValidationBatches(self.data.arrays, self.data.train, self.data.view, batch_size=self.batch_size)
        return Diagnosis(self.trainer, choose_tiles(tiles, limit_tiles(self.params.epoch_samples)))

    def run(self) -> FitResult:
        path, key = self.control.checkpoint, checkpoint_key(self.control.key, self.batch_size)
        variables = [*self.trainer.variables, *self.trainer.optimizer.variables]
        progress, best = load_checkpoint(path, key, variables)
        if progress.epoch:
            logger.info("%s: going on after epoch %d", path, progress.epoch)
            for row in progress.history:
                self.control.on_epoch(row)
        elif path:
            logger.info("%s keeps every epoch: the same command goes on from it after a kill", path)
        if self.control.tensorboard:
            start_events(self.control.tensorboard, [*self.before, *progress.history])
        with tqdm(total=self.epochs, initial=progress.epoch, unit="epoch", mininterval=1.0, disable=None) as bar:
            while (stopped := self._stopped(progress)) is None:
                best = self._run_epoch(progress, best)
                if path:
                    save_checkpoint(path, progress, variables, best)
                self._tell(progress, bar)
        self.trainer.network.set_weights(best)
        seen = progress.epoch * self.steps * self.batch_size
        epochs = len(self.before)
        return FitResult(
            [*self.before, *progress.history], epochs + progress.best_epoch, seen, self.batch_size, stopped
        )

    def _stopped(self, progress: Progress) -> Stopped | None:
        patience = self.params.early_stopping.patience
        if progress.epoch >= self.epochs:
            return "budget"
        if patience is not None and progress.epoch - progress.best_epoch >= patience:
            return "early_stopping"
        if self.params.minutes is not None and progress.seconds >= 60 * self.params.minutes and progress.epoch:
            return "minutes"
        return None

    def _run_epoch(self, progress: Progress, best: Weights) -> Weights:
        """Train and validate once; the progress is brought up to date, and the best weights returned."""
        start = time.perf_counter()
        loss, weights = self._train(progress.epoch)
        scores = self.trainer.evaluate(self.validation, verbose=0, return_dict=True)
        diagnosed = self.diagnosis.losses() if self.diagnosis else {}
        progress.epoch += 1
        self._check(progress.epoch, loss, scores["loss"])
        if scores["loss"] < progress.best_loss - self.params.early_stopping.min_delta or not best:
            progress.best_loss, progress.best_epoch = float(scores["loss"]), progress.epoch
            best = self.trainer.network.get_weights()
        self.trainer.network.set_weights(weights)
        progress.seconds += time.perf_counter() - start
        last = self.before[-1] if self.before else {"stage": 0, "epoch": 0, "samples": 0, "seconds": 0}
        row = {
            "epoch": last["epoch"] + progress.epoch,
            "stage": last["stage"] + 1,
            "samples": last["samples"] + progress.epoch * self.steps * self.batch_size,
            "loss": loss,
            "validation_loss": float(scores["loss"]),
            "validation_score": float(scores["score"]),
            **diagnosed,
            "learning_rate": float(keras.ops.convert_to_numpy(self.trainer.optimizer.learning_rate)),
            "seconds": round(last["seconds"] + progress.seconds, 3),
        }
        progress.history.append(row)
        return best

    def _train(self, epoch: int) -> tuple[float, Weights]:
        """Train for an epoch: its loss, and the weights to go on from, while the averaged ones (or the same) are in place."""
        batches = TrainingBatches(
            self.data.arrays,
            self.data.train,
            self.data.view,
            steps=self.steps,
            batch_size=self.batch_size,
            foreground_share=self.params.foreground_share,
            seed=self.seed,
            epoch=epoch,
            workers=self.control.workers,
        )
        keeper = WeightKeeper()
        logs = self.trainer.fit(batches, epochs=1, shuffle=False, verbose=0, callbacks=[keeper])
        if self.params.optimizer.average:
            # on JAX they share the optimiser's memory, which evaluating gives away: a copy of their own
            self.trainer.network.set_weights(self.trainer.network.get_weights())
        return float(logs.history["loss"][0]), keeper.weights

    def _check(self, epoch: int, *losses: float) -> None:
        if not np.isfinite(losses).all():
            raise FitError(
                f"the loss is no number after epoch {epoch}: lower train.optimizer.learning_rate (it is "
                f"{self.params.optimizer.learning_rate}), raise train.schedule.warm_up, or set train.precision to float32"
            )

    def _tell(self, progress: Progress, bar: "tqdm[Any]") -> None:
        row, epochs = progress.history[-1], len(self.before)
        history = [*self.before, *progress.history]
        best_epoch = epochs + progress.best_epoch
        logger.info("%s", describe_epoch(history, epochs + self.epochs, best_epoch, self.trainer.score.measure))
        if self.control.tensorboard:
            append_events(self.control.tensorboard, row)
        self.control.on_epoch(row)
        bar.set_postfix(validation_loss=f"{row['validation_loss']:.4f}", refresh=False)
        bar.update()


class WeightKeeper(keras.callbacks.Callback):  # type: ignore[misc]
    """Keeps the weights of an epoch's end, before Keras puts the averaged ones in their place at the end of `fit`."""

    def __init__(self) -> None:
        super().__init__()
        self.weights: Weights = []

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self.weights = self.model.network.get_weights()
