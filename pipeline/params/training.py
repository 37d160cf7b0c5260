"""Sections `train` and `augment`: how networks are fitted."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pipeline.params.section import Section, Share, Size

LossName = Literal["dice", "binary_cross_entropy", "cross_entropy", "focal"]
Strength = Annotated[float, Field(ge=0)]


class AugmentParams(Section):
    """Random transforms, one drawn a sample or clip, for image and mask alike; 0 or false is off."""

    flip_horizontal: bool = False
    """Mirror left and right half of the time."""
    flip_vertical: bool = False
    """Mirror top and bottom half of the time."""
    quarter_turns: bool = False
    """Turn by 0, 90, 180 or 270 degrees (square patches only)."""
    rotation: Annotated[float, Field(ge=0, le=180)] = 0.0
    """Largest rotation either way in degrees."""
    scale: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Largest zoom: .2 draws factors from 1/1.2 to 1.2."""
    shear: Annotated[float, Field(ge=0, lt=90)] = 0.0
    """Largest shear either way in degrees."""
    shift: Share = 0.0
    """Largest shift either way as a share of the patch."""
    elastic_px: Strength = 0.0
    """Standard deviation of the elastic displacement in pixels."""
    elastic_grid: Annotated[int, Field(ge=2)] = 4
    """Control points of the elastic displacement along each side."""
    brightness: Strength = 0.0
    """Largest shift of intensity either way in standard deviations of the training images."""
    contrast: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Largest change of contrast: .25 draws factors from .75 to 1.25."""
    noise: Strength = 0.0
    """Largest standard deviation of added noise in standard deviations of the training images."""


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
    foreground_share: Share = 0.0
    """Share of the patches centred on a foreground pixel."""
    loss: dict[LossName, Annotated[float, Field(gt=0)]] = Field(default={"dice": 1.0, "binary_cross_entropy": 1.0})
    """Losses and their weights in the sum."""
    focal_gamma: Annotated[float, Field(ge=0)] = 2.0
    """Exponent of the focal loss."""
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
    tensorboard: bool = False
    """Write TensorBoard logs beside the fit's checkpoint, in the folder FOLD.tensorboard."""

    @model_validator(mode="after")
    def _budget_and_loss(self) -> Self:
        if self.epoch_samples > self.samples:
            raise ValueError(f"epoch_samples {self.epoch_samples} exceeds the budget of {self.samples} samples")
        if self.batch_size > self.epoch_samples:
            raise ValueError(f"batch_size {self.batch_size} exceeds epoch_samples {self.epoch_samples}")
        if not self.loss:
            raise ValueError("loss is empty: name at least one of dice, binary_cross_entropy, cross_entropy, focal")
        return self
