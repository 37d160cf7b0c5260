"""Section `search`: hyper-parameters tried inside the training part of each fold."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Annotated, Any, Self

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from pipeline.params.augment import AugmentParams
from pipeline.params.entries import ModelEntry, NetworkParams
from pipeline.params.messages import suggest
from pipeline.params.models import ModelParams
from pipeline.params.section import Section
from pipeline.params.training import TrainParams


class SearchRange(Section):
    """One dimension of the search space: a list of choices, or a range."""

    parameter: Annotated[str, Field(pattern=r"^(model|train|augment)(\.[A-Za-z_][A-Za-z0-9_]*)+$")]
    """Dotted path, such as train.optimizer.learning_rate, model.dropout or augment.rotation."""
    models: tuple[str, ...] | None = None
    """Names of the models it is searched for; null is all but the baselines."""
    choices: tuple[bool | int | float | str, ...] | None = None
    """Values to choose from."""
    low: float | None = None
    """Smallest value of a range."""
    high: float | None = None
    """Largest value of a range."""
    log: bool = False
    """Draw on a logarithmic scale."""
    integer: bool = False
    """Draw whole numbers."""

    @property
    def section(self) -> str:
        """model, train or augment."""
        return self.parameter.partition(".")[0]

    @model_validator(mode="after")
    def _choices_or_range(self) -> Self:
        is_range = self.low is not None and self.high is not None
        if is_range == (self.choices is not None):
            raise ValueError(f"{self.parameter} needs either choices, or low and high")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError(f"{self.parameter}: low {self.low} is not below high {self.high}")
        return self


class SearchParams(Section):
    """Optuna's study of each model in each fold; the fold's test samples are not seen."""

    trials: Annotated[int, Field(ge=0)] = 0
    """Trials a study; 0 is no search."""
    minutes: Annotated[float, Field(gt=0)] | None = None
    """Budget a study in minutes; a study that it cuts short is tagged as not reproducible."""
    samples: Annotated[int, Field(ge=1)] | None = None
    """Budget of one trial's fit in samples seen; null is train.samples."""
    prune: bool = True
    """Stop trials that fall behind the median of the others."""
    space: tuple[SearchRange, ...] = ()
    """Dimensions of the search space."""

    @model_validator(mode="after")
    def _space_for_trials(self) -> Self:
        if self.trials and not self.space:
            raise ValueError(
                f"{self.trials} trials of an empty space: name what to search in search.space, or set trials to 0"
            )
        return self


def apply_best(
    model: ModelParams, train: TrainParams, augment: AugmentParams, best: Mapping[str, Any]
) -> tuple[ModelParams, TrainParams, AugmentParams]:
    """The three sections with values set by dotted path, such as train.optimizer.learning_rate; checked anew.

    The model's own augmentation, where it has one, is the third of them, and no longer in the model. Raises ValueError on a path that the sections lack or a value that they refuse.
    """
    sections: dict[str, Any] = {
        "model": model.model_dump(),
        "train": train.model_dump(),
        "augment": model.augment_of(augment).model_dump(),
    }
    if isinstance(model, NetworkParams):
        sections["model"]["augment"] = None
    for path, value in best.items():
        *parents, last = path.split(".")
        place: Any = sections
        for parent in parents:
            place = place.get(parent, {}) if isinstance(place, dict) else {}
        if not isinstance(place, dict) or last not in place:
            raise ValueError(f"{model.name} has no parameter {path}: {suggest(path, sorted(_list_paths(sections)))}")
        place[last] = value
    return (
        TypeAdapter[ModelParams](ModelParams).validate_python(sections["model"]),
        TrainParams.model_validate(sections["train"]),
        AugmentParams.model_validate(sections["augment"]),
    )


def dimensions_of(search: SearchParams, model: ModelEntry) -> tuple[SearchRange, ...]:
    """The dimensions that are searched for a model: those that name it, and those for all models that reach it.

    A baseline is searched where it is named alone: model.filters of all models is not meant for a forest.
    """
    reached = frozenset[str]() if model.is_baseline else model.searched
    return tuple(
        dimension
        for dimension in search.space
        if (model.name in dimension.models if dimension.models else dimension.section in reached)
    )


def find_space_faults(
    search: SearchParams, models: Sequence[ModelParams], train: TrainParams, augment: AugmentParams
) -> Iterator[str]:
    """What is wrong with the search space: each end and each choice is tried on each of its models."""
    for model in models:
        for dimension in dimensions_of(search, model):
            if dimension.section in model.searched:
                yield from islice(_try_values(dimension, model, train, augment), 1)
            else:
                yield f"search.space: {dimension.parameter} does not reach {model.name}: leave {model.name} out of its models"


def _try_values(
    dimension: SearchRange, model: ModelParams, train: TrainParams, augment: AugmentParams
) -> Iterator[str]:
    """What the model refuses of one dimension."""
    for value in dimension.choices or (dimension.low, dimension.high):
        try:
            apply_best(model, train, augment, {dimension.parameter: value})
        except ValidationError as faults:
            reason = faults.errors()[0]["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
            yield f"search.space: {dimension.parameter} cannot be {value} for {model.name}: {reason}"
        except ValueError as fault:
            yield f"search.space: {fault}"


def _list_paths(settings: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for key, value in settings.items():
        yield from _list_paths(value, f"{above}{key}.") if isinstance(value, dict) else [above + key]
