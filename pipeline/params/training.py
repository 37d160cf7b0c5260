"""Section `train`: how networks are fitted."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from pipeline.params.losses import LossParams
from pipeline.params.section import Section, Share, Size


class OptimizerParams(Section):
    """The optimiser."""

    kind: Literal["adam", "adamw", "sgd"] = "adamw"
    """Algorithm."""
    learning_rate: Annotated[float, Field(gt=0)] = 2e-3
    """Highest learning rate of the schedule."""
    weight_decay: Annotated[float, Field(ge=0)] = 1e-4
    """Decoupled weight decay (adamw, sgd)."""
    momentum: Annotated[float, Field(ge=0, lt=1)] = 0.9
    """Nesterov momentum (sgd)."""
    average: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Momentum of the exponential moving average of the weights that validates and predicts; 0 is off."""


class ScheduleParams(Section):
    """The learning rate over the budget."""

    kind: Literal["constant", "cosine", "one_cycle", "polynomial"] = "cosine"
    """Shape of the curve."""
    warm_up: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Share of the budget in which the rate rises (linearly from 0; one_cycle uses .3 when 0)."""
    power: Annotated[float, Field(gt=0)] = 0.9
    """Exponent of the polynomial."""


class EarlyStoppingParams(Section):
    """When a fit ends before its budget; the weights of the best epoch are kept in any case."""

    patience: Annotated[int, Field(ge=1)] | None = 10
    """Epochs without a lower validation loss; null never stops early."""
    min_delta: Annotated[float, Field(ge=0)] = 0.0
    """Smallest fall of the validation loss that counts."""


class StageParams(Section):
    """What one stage of a fit does otherwise than the rest of `train` says; it begins from the best weights of the one before."""

    samples: Annotated[int, Field(ge=1)]
    """Budget of the stage: samples seen."""
    batch_size: Annotated[int, Field(ge=1)] | None = None
    """Samples a step."""
    patch: Size | None = None
    """Height and width of what is cut out of a sample."""
    size: Size | None = None
    """Height and width that patches are resized to."""
    learning_rate: Annotated[float, Field(gt=0)] | None = None
    """Highest learning rate of the stage's schedule."""
    loss: LossParams | None = None
    """Losses of the stage; a head without any is not trained."""
    freeze: tuple[str, ...] | None = None
    """Layers that keep their weights."""

    @field_validator("loss", mode="before")
    @classmethod
    def _only_heads_named(cls, loss: Any) -> Any:
        return {"mask": {}, "depth": {}, "label": {}, **loss} if isinstance(loss, Mapping) else loss


class TrainParams(Section):
    """How long, on what and with which loss networks are fitted."""

    samples: Annotated[int, Field(ge=1)] = 4000
    """Budget: samples (patches) seen in all."""
    epoch_samples: Annotated[int, Field(ge=1)] = 400
    """Samples between two looks at the validation subset."""
    minutes: Annotated[float, Field(gt=0)] | None = None
    """Budget in minutes; a fit that it cuts short is tagged as not reproducible."""
    batch_size: Annotated[int, Field(ge=1)] = 8
    """Samples a step."""
    patch: Size | None = None
    """Height and width of what the network sees in pixels; null is the whole sample."""
    size: Size | None = None
    """Height and width that patches are resized to before the network sees them; null keeps theirs."""
    foreground_share: Share = 0.0
    """Share of the patches centred on a foreground pixel."""
    loss: LossParams = LossParams()
    """Losses of each head and their weights in the sum."""
    freeze: tuple[str, ...] = ()
    """Layers that keep their weights, by name; * stands for any text, as in encoder_*."""
    stages: tuple[StageParams, ...] = ()
    """Fits one after another, such as small pictures first and large ones later; none is a single one of `samples`."""
    optimizer: OptimizerParams = OptimizerParams()
    """The optimiser."""
    schedule: ScheduleParams = ScheduleParams()
    """The learning rate over the budget."""
    early_stopping: EarlyStoppingParams = EarlyStoppingParams()
    """When to stop before the budget is spent."""
    precision: Literal["auto", "float32", "mixed_float16", "mixed_bfloat16"] = "auto"
    """Arithmetic; auto is mixed_bfloat16 on GPUs that have it and float32 elsewhere."""
    threads: Annotated[int, Field(ge=1)] = 1
    """CPU threads of one fit; another number gives other weights."""
    memory_mb: Annotated[int, Field(ge=256)] = 4000
    """Memory that one fit may take in MB; a batch that needs more is halved, and its gradient is then that of the
    smaller batch."""
    initial_weights: str | None = None
    """A fitted model's file to start from."""
    seeds: Annotated[int, Field(ge=1)] = 1
    """Fits of each model and fold, each with another seed; from 2 on the report tells how much of the scores' variance is the
    seeds'. The comparison takes the first alone."""
    tensorboard: bool = False
    """Write TensorBoard logs beside the fit's checkpoint, in the folder FOLD.tensorboard."""

    @property
    def budget(self) -> int:
        """Samples seen in all stages."""
        return sum(stage.samples for stage in self.stages) or self.samples

    @property
    def fits(self) -> "tuple[TrainParams, ...]":
        """The parameters of each stage, without stages of their own."""
        return tuple(self._of_stage(stage) for stage in self.stages) or (self,)

    def _of_stage(self, stage: StageParams) -> "TrainParams":
        given = {name: getattr(stage, name) for name in stage.model_fields_set if name != "learning_rate"}
        given["epoch_samples"] = min(self.epoch_samples, stage.samples)
        if stage.learning_rate:
            given["optimizer"] = self.optimizer.model_copy(update={"learning_rate": stage.learning_rate})
        if stage.loss is not None and "settings" not in stage.loss.model_fields_set:
            given["loss"] = stage.loss.model_copy(update={"settings": self.loss.settings})
        known = {name: value for name, value in given.items() if value is not None}
        return self.model_copy(update={"stages": (), **known})

    @model_validator(mode="after")
    def _budget_fits(self) -> Self:
        for place, fit in enumerate(self.fits):
            where = f"stage {place + 1}: " if self.stages else ""
            if fit.epoch_samples > fit.samples:
                raise ValueError(
                    f"{where}epoch_samples {fit.epoch_samples} exceeds the budget of {fit.samples} samples"
                )
            if fit.batch_size > fit.epoch_samples:
                raise ValueError(f"{where}batch_size {fit.batch_size} exceeds epoch_samples {fit.epoch_samples}")
        return self
