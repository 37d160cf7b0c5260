"""The whole of params.yaml, and the rules that hold between its sections."""

from collections import Counter
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pipeline.params.data import DataParams, SampleParams
from pipeline.params.evaluation import (
    CompareParams,
    EvaluateParams,
    PredictParams,
    RegistryParams,
    TrackingParams,
    check_metric,
)
from pipeline.params.models import ModelParams
from pipeline.params.search import SearchParams
from pipeline.params.section import Name, Section
from pipeline.params.split import SplitParams
from pipeline.params.training import AugmentParams, TrainParams


class Params(Section):
    """Everything that a user may choose."""

    experiment: Name
    """Names the output folders and the MLflow experiment."""
    dataset: Name
    """Folder of the raw files under data/raw; `sample` is drawn when it is not there."""
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    """Seed of everything that is drawn."""
    task: Literal["segmentation"] = "segmentation"
    """Kind of problem."""
    sample: SampleParams = SampleParams()
    """The drawn data set."""
    data: DataParams = DataParams()
    """How the raw files are read."""
    split: SplitParams = SplitParams()
    """Which samples train, validate and test."""
    models: Annotated[tuple[ModelParams, ...], Field(min_length=1)]
    """Models to compare."""
    train: TrainParams = TrainParams()
    """How networks are fitted."""
    augment: AugmentParams = AugmentParams()
    """Random transforms of the training samples."""
    search: SearchParams = SearchParams()
    """Hyper-parameter search."""
    predict: PredictParams = PredictParams()
    """How whole images are segmented."""
    evaluate: EvaluateParams = EvaluateParams()
    """What predictions are scored by."""
    compare: CompareParams = CompareParams()
    """How models are compared."""
    registry: RegistryParams = RegistryParams()
    """What goes into the model registry."""
    tracking: TrackingParams = TrackingParams()
    """Where runs are tracked."""

    @model_validator(mode="after")
    def _sections_agree(self) -> Self:
        twins = [
            name
            for name, count in Counter(entry.name for entry in self.models).items()
            if count > 1
        ]
        if twins:
            raise ValueError(
                f"models: the name {twins[0]} is given twice: give each entry a name of its own"
            )
        clip = max(entry.clip_frames for entry in self.models)
        if (
            self.split.kind in ("time_series", "blocked")
            and clip > 1
            and self.split.gap < clip
        ):
            raise ValueError(
                f"a gap of {self.split.gap} is shorter than the clip of {clip}: set split.gap to {clip} or more"
            )
        if (
            self.augment.quarter_turns
            and self.train.patch
            and self.train.patch[0] != self.train.patch[1]
        ):
            raise ValueError(
                f"quarter_turns need square patches, not {list(self.train.patch)}"
            )
        known = {entry.name for entry in self.models}
        for name in [
            self.registry.model,
            *(name for space in self.search.space for name in space.models or ()),
        ]:
            if name is not None and name not in known:
                raise ValueError(
                    f"there is no model named {name}: known are {', '.join(sorted(known))}"
                )
        check_metric(self.evaluate, self.compare)
        return self
