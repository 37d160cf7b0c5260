"""The loop over epochs: train, validate, keep the best weights, stop early, checkpoint, go on after a kill."""

import logging
import math
import time

import keras
import numpy as np
from tqdm import tqdm

from pipeline.backend import memory_errors
from pipeline.batches import TrainingBatches, ValidationBatches
from pipeline.datasets.arrays import Arrays
from pipeline.fitting.checkpoint import Progress, load_checkpoint, save_checkpoint
from pipeline.fitting.control import FitControl, FitResult, Stopped
from pipeline.fitting.optimizer import build_optimizer
from pipeline.fitting.trainer import Trainer
from pipeline.params import TrainParams

logger = logging.getLogger(__name__)


def fit_trainer(
    trainer: Trainer,
    arrays: Arrays,
    train: np.ndarray,
    validation: np.ndarray,
    patch: tuple[int, int],
    batch_size: int,
    params: TrainParams,
    seed: int,
    control: FitControl,
) -> FitResult:
    """Fit on clips of positions (sample, time); a batch that memory refuses is halved and the fit begun anew."""
    initial = trainer.network.get_weights()
    while True:
        try:
            return _Fit(trainer, arrays, train, validation, patch, batch_size, params, seed, control).run()
        except memory_errors() as error:
            if batch_size == 1 or not _is_memory(error):
                raise
            batch_size //= 2
            logger.warning("memory ran out: beginning anew with batch_size %d", batch_size)
            trainer.network.set_weights(initial)


def _is_memory(error: Exception) -> bool:
    return isinstance(error, MemoryError) or any(word in str(error) for word in ("RESOURCE_EXHAUSTED", "OOM", "memory"))


class _Fit:
    """One fit at one batch size."""

    def __init__(
        self,
        trainer: Trainer,
        arrays: Arrays,
        train: np.ndarray,
        validation: np.ndarray,
        patch: tuple[int, int],
        batch_size: int,
        params: TrainParams,
        seed: int,
        control: FitControl,
    ) -> None:
        self.trainer, self.arrays, self.train, self.patch = (trainer, arrays, train, patch)
        self.batch_size, self.params, self.seed, self.control = (batch_size, params, seed, control)
        self.validation = ValidationBatches(arrays, validation, patch=patch, batch_size=batch_size)
        self.epochs = math.ceil(params.samples / params.epoch_samples)
        steps = self.epochs * max(1, params.epoch_samples // batch_size)
        trainer.compile(optimizer=build_optimizer(params.optimizer, params.schedule, steps), jit_compile="auto")
        trainer.evaluate(self.validation, verbose=0)  # builds the variables
        trainer.optimizer.build(trainer.trainable_variables)

    def run(self) -> FitResult:
        path, key = (self.control.checkpoint, f"{self.control.key} batch {self.batch_size}")
        variables = [*self.trainer.variables, *self.trainer.optimizer.variables]
        progress, best = load_checkpoint(path, key, variables) if path else (Progress(key), [])
        if progress.epoch:
            logger.info("going on after epoch %d", progress.epoch)
            for row in progress.history:
                self.control.on_epoch(row)
        bar = tqdm(total=self.epochs, initial=progress.epoch, unit="epoch", mininterval=1.0)
        while (stopped := self._stopped(progress)) is None:
            best = self._run_epoch(progress, best)
            if path:
                save_checkpoint(path, progress, variables, best)
            self.control.on_epoch(progress.history[-1])
            bar.set_postfix(validation_loss=f"{progress.history[-1]['validation_loss']:.4f}", refresh=False)
            bar.update()
        bar.close()
        self.trainer.network.set_weights(best)
        steps = max(1, self.params.epoch_samples // self.batch_size)
        seen = progress.epoch * steps * self.batch_size
        return FitResult(progress.history, progress.best_epoch, seen, self.batch_size, stopped)

    def _stopped(self, progress: Progress) -> Stopped | None:
        patience = self.params.early_stopping.patience
        if progress.epoch >= self.epochs:
            return "budget"
        if patience is not None and progress.epoch - progress.best_epoch >= patience:
            return "early_stopping"
        if self.params.minutes is not None and progress.seconds >= 60 * self.params.minutes and progress.epoch:
            return "minutes"
        return None

    def _run_epoch(self, progress: Progress, best: list[np.ndarray]) -> list[np.ndarray]:
        """Train and validate once; the progress is brought up to date, and the best weights returned."""
        start = time.perf_counter()
        batches = TrainingBatches(
            self.arrays,
            self.train,
            patch=self.patch,
            samples=self.params.epoch_samples,
            batch_size=self.batch_size,
            foreground_share=self.params.foreground_share,
            seed=(self.seed, progress.epoch),
            workers=self.control.workers,
        )
        logs = self.trainer.fit(batches, epochs=1, shuffle=False, verbose=0)
        fast = self._swap_in_average()
        scores = self.trainer.evaluate(self.validation, verbose=0, return_dict=True)
        progress.epoch += 1
        if scores["loss"] < progress.best_loss - self.params.early_stopping.min_delta or not best:
            progress.best_loss, progress.best_epoch = scores["loss"], progress.epoch
            best = self.trainer.network.get_weights()
        if fast:
            self.trainer.network.set_weights(fast)
        progress.seconds += time.perf_counter() - start
        row = {
            "epoch": progress.epoch,
            "samples": progress.epoch * len(batches) * self.batch_size,
            "loss": float(logs.history["loss"][0]),
            "validation_loss": float(scores["loss"]),
            "validation_dice": float(scores["dice"]),
            "learning_rate": float(keras.ops.convert_to_numpy(self.trainer.optimizer.learning_rate)),
            "seconds": round(progress.seconds, 3),
        }
        progress.history.append(row)
        return best

    def _swap_in_average(self) -> list[np.ndarray]:
        """Put the averaged weights in place, where there are some, and return the weights to go on from."""
        if not self.params.optimizer.average:
            return []
        fast: list[np.ndarray] = self.trainer.network.get_weights()
        self.trainer.optimizer.finalize_variable_values(self.trainer.trainable_variables)
        return fast
