"""A fit whose batch is halved until memory holds a step of it."""

import logging
from collections.abc import Sequence

import keras
import numpy as np

from pipeline.backend import memory_errors
from pipeline.fitting.control import FitControl, FitError, FitResult
from pipeline.fitting.loop import Fit, FitData
from pipeline.fitting.trainer import Trainer
from pipeline.params import TrainParams

logger = logging.getLogger(__name__)


def fit_trainer(
    trainer: Trainer,
    data: FitData,
    batch_size: int,
    params: TrainParams,
    seed: int,
    control: FitControl,
    before: Sequence[dict[str, float]] = (),
) -> FitResult:
    """Fit; a batch that memory refuses is halved and the fit begun anew. `before` is the history of the stages before this one."""
    variables = trainer.variables
    start = [np.array(keras.ops.convert_to_numpy(variable)) for variable in variables]
    while True:
        try:
            return Fit(trainer, data, batch_size, params, seed, control, before).run()
        except memory_errors() as error:
            if not _is_memory(error):
                raise
            if batch_size == 1:
                height, width = data.view.shape
                raise FitError(
                    f"memory does not hold a step of one patch of {height}x{width}: set train.patch to less, "
                    "or the model's filters, depth or clip"
                ) from error
            batch_size //= 2
            logger.warning("memory ran out: beginning anew with batch_size %d", batch_size)
            for variable, value in zip(variables, start, strict=True):
                variable.assign(value)


def _is_memory(error: Exception) -> bool:
    return isinstance(error, MemoryError) or any(
        word in str(error) for word in ("RESOURCE_EXHAUSTED", "OOM", "out of memory")
    )
