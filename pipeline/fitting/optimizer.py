"""Optimiser and learning-rate schedule from their parameters."""

import math
from typing import Any

import keras
from keras import ops

from pipeline.params import OptimizerParams, ScheduleParams

ONE_CYCLE_WARM_UP = 0.3  # Smith & Topin 2018, and the value torch.optim.lr_scheduler.OneCycleLR takes
ONE_CYCLE_START = 1 / 25  # likewise


class Schedule(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    """Learning rate over a budget of steps: a rise, then the curve of its kind."""

    def __init__(self, params: ScheduleParams, highest: float, steps: int) -> None:
        super().__init__()
        self.params, self.highest, self.steps = params, highest, steps

    def __call__(self, step: Any) -> Any:
        is_one_cycle = self.params.kind == "one_cycle"
        warm_up = self.params.warm_up or (ONE_CYCLE_WARM_UP if is_one_cycle else 0.0)
        start = ONE_CYCLE_START if is_one_cycle else 0.0
        done = ops.cast(step, "float32") / self.steps
        rise = start + (1 - start) * done / warm_up if warm_up else 1.0
        left = ops.clip((1 - done) / (1 - warm_up), 0.0, 1.0)
        return self.highest * ops.where(done < warm_up, rise, self._fall(left))

    def _fall(self, left: Any) -> Any:
        """The factor when a share `left` of the falling part remains."""
        if self.params.kind == "constant":
            return ops.ones_like(left)
        if self.params.kind == "polynomial":
            return ops.power(left, self.params.power)
        return 0.5 * (1 - ops.cos(math.pi * left))

    def get_config(self) -> dict[str, Any]:
        return {"params": self.params.model_dump(), "highest": self.highest, "steps": self.steps}


def build_optimizer(params: OptimizerParams, schedule: ScheduleParams, steps: int) -> keras.optimizers.Optimizer:
    """The optimiser of params for a budget of steps, with its moving average of the weights."""
    rate = Schedule(schedule, params.learning_rate, steps)
    average = {"use_ema": True, "ema_momentum": params.average} if params.average else {}
    if params.kind == "adam":
        return keras.optimizers.Adam(rate, **average)
    if params.kind == "adamw":
        return keras.optimizers.AdamW(rate, weight_decay=params.weight_decay, **average)
    return keras.optimizers.SGD(
        rate,
        momentum=params.momentum,
        nesterov=params.momentum > 0,
        weight_decay=params.weight_decay or None,
        **average,
    )
