"""The whole of params.yaml, and the rules that hold between its sections."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from pipeline.params.audit import AuditParams, LeakSearchParams
from pipeline.params.augment import AugmentParams
from pipeline.params.data import DataParams
from pipeline.params.entries import NetworkParams
from pipeline.params.evaluation import (
    POOLED_NAMES,
    CompareParams,
    EvaluateParams,
    PredictParams,
    RegistryParams,
    TrackingParams,
)
from pipeline.params.extra import CurveParams, ExtraFold
from pipeline.params.messages import suggest
from pipeline.params.models import ModelParams
from pipeline.params.sample import SampleParams
from pipeline.params.search import SearchParams, find_space_faults
from pipeline.params.section import Name, Section
from pipeline.params.split import SplitParams
from pipeline.params.tasks import HEAD_METRICS, TASKS, TaskKind
from pipeline.params.training import TrainParams

SET_METRICS = {"covered", "set_size"}


class Params(Section):
    """Everything that a user may choose."""

    experiment: Name
    """Names the output folders and the MLflow experiment."""
    dataset: Name
    """Folder of the raw files under data/raw; `sample` is drawn when it is not there."""
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    """Seed of everything that is drawn."""
    task: TaskKind | None = "segmentation"
    """Kind of problem: masks, depths, both, or a class an image; null only looks at the data: checks, prepares, splits and
    audits them."""
    sample: SampleParams = SampleParams()
    """The drawn data set."""
    data: DataParams = DataParams()
    """How the raw files are read."""
    split: SplitParams = SplitParams()
    """Which samples train, validate and test."""
    audit: AuditParams = AuditParams()
    """How leaks between the subsets are looked for."""
    models: tuple[ModelParams, ...]
    """Models to compare; none where task is null."""
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
    curve: CurveParams | None = None
    """Fits on parts of the training subsets, to foretell what more samples would give; null makes none."""
    registry: RegistryParams = RegistryParams()
    """What goes into the model registry."""
    tracking: TrackingParams = TrackingParams()
    """Where runs are tracked."""

    @property
    def clip_frames(self) -> int:
        """Frames of the longest clip that a model sees; 1 without models."""
        return max((entry.clip_frames for entry in self.models), default=1)

    @property
    def curve_fits(self) -> tuple[tuple[str, str], ...]:
        """Model and fold of every fit of the learning curve but those on whole training subsets."""
        if self.curve is None:
            return ()
        models, folds = self.curve.models or self._learners, self.split.fold_names[: self.curve.folds]
        shares = self.curve.shares
        return tuple((model, ExtraFold(fold, share).name) for model in models for fold in folds for share in shares)

    @property
    def seed_fits(self) -> tuple[tuple[str, str], ...]:
        """Model and fold of every fit with another seed than the experiment's."""
        repeats = range(1, self.train.seeds)
        folds = self.split.fold_names
        return tuple(
            (model, ExtraFold(fold, repeat=repeat).name)
            for model in self._learners
            for fold in folds
            for repeat in repeats
        )

    @property
    def extra_fits(self) -> tuple[tuple[str, str], ...]:
        """Model and fold of every fit that the comparison does not take."""
        return self.curve_fits + self.seed_fits

    @property
    def _learners(self) -> tuple[str, ...]:
        """Models that learn more than a baseline."""
        return tuple(entry.name for entry in self.models if not (entry.is_baseline or entry.is_imported))

    @property
    def is_waived(self) -> bool:
        """Whether leaks between the subsets may stay."""
        return self.audit.is_waived

    @property
    def shown_augment(self) -> AugmentParams:
        """The random transforms to look at: the first network's that are not all off; all off where there is none."""
        networks = [entry.augment_of(self.augment) for entry in self.models if isinstance(entry, NetworkParams)]
        return next((found for found in networks if found != AugmentParams()), AugmentParams())

    @property
    def leak_search(self) -> LeakSearchParams:
        """What the search for leaks depends on."""
        return self.audit.leak_search

    @model_validator(mode="before")
    @classmethod
    def _metrics_of_task(cls, settings: Any) -> Any:
        """Metrics that are not chosen are the task's, and the first decides that every sample has a score in."""
        task = settings.get("task") if isinstance(settings, Mapping) else None
        if task not in TASKS:
            return settings
        evaluate, compare = (settings.get(name, {}) for name in ("evaluate", "compare"))
        if not isinstance(evaluate, Mapping) or not isinstance(compare, Mapping):
            return settings
        evaluate = {"metrics": TASKS[task].metrics, **evaluate}
        metrics = evaluate["metrics"]
        if isinstance(metrics, (list, tuple)) and metrics:
            first = next((name for name in metrics if name not in POOLED_NAMES), metrics[0])
            compare = {"metric": first, **compare}
        return {**settings, "evaluate": evaluate, "compare": compare}

    @model_validator(mode="after")
    def _sections_agree(self) -> Self:
        faults = [*_faults_of_task(self), *_faults_of_names(self), *_faults_of_sizes(self)]
        faults += find_space_faults(self.search, self.models, self.train, self.augment)
        if faults:
            raise ValueError("\n".join(faults))
        return self


def _faults_of_task(params: Params) -> Iterator[str]:
    if params.task is None:
        return
    if not params.models:
        yield "models must have 1 or more entries, or task be null"
    heads = TASKS[params.task].heads
    given = {"mask": params.data.masks or params.data.compose, "depth": params.data.depth}
    for head in heads:
        if given.get(head, True) is None:
            place = {"mask": "masks", "depth": "depth"}[head]
            yield f"task: {params.task} needs {place}: name their folder in data.{place}, or choose another task, or null"
    for entry in params.models:
        if not entry.heads_of(heads):
            learns = " and ".join(entry.heads_of(("mask", "depth", "label")))
            others = " or ".join(kind for kind, facts in TASKS.items() if entry.heads_of(facts.heads))
            yield f"models: {entry.name} learns {learns}, and task {params.task} asks for {' and '.join(heads)}: take another model, or task {others}"
        elif entry.feeds_on_masks and "mask" not in entry.heads_of(heads):
            yield f"models: {entry.name} has past_masks and predicts no mask: give it that head, or set past_masks to false"
    known = [name for head in heads for name in HEAD_METRICS[head]]
    if params.predict.sets is None and SET_METRICS & {*params.evaluate.metrics}:
        yield "evaluate.metrics: covered and set_size are of sets, and predict.sets is null: give it a coverage, or leave them out"
    for name in params.evaluate.metrics:
        if name not in known:
            yield f"evaluate.metrics: {name} is no metric of task {params.task}: {suggest(name, known)}"


def _faults_of_names(params: Params) -> Iterator[str]:
    counts = Counter(entry.name for entry in params.models)
    for name, count in counts.items():
        if count > 1:
            yield f"models: the name {name} is given {count} times: give each entry a name of its own"
    chosen = [("registry.model", params.registry.model)] if params.registry.model else []
    chosen += [("curve.models", name) for name in (params.curve and params.curve.models) or ()]
    imported = {entry.name for entry in params.models if entry.is_imported}
    if imported and len(imported) == len(params.models):
        yield "models: another tool made all predictions: add a model to hold them against, such as kind constant"
    for place, name in chosen:
        if name in imported:
            yield f"{place}: {name} holds predictions of another tool, which cannot be fitted: name another model"
    chosen += [("search.space", name) for space in params.search.space for name in space.models or ()]
    for place, name in chosen:
        if name not in counts:
            yield f"{place}: there is no model {name}: {suggest(name, sorted(counts))}"
    if params.compare.metric not in params.evaluate.metrics:
        yield f"compare.metric: {params.compare.metric} is not among evaluate.metrics: add it there"
    if params.compare.metric in POOLED_NAMES:
        others = ", ".join(params.evaluate.sample_metrics) or "another"
        yield (
            f"compare.metric: {params.compare.metric} exists for all samples together, and models are compared sample by"
            f" sample: let {others} decide, and keep it in evaluate.metrics"
        )
    if params.compare.metric == "flicker":
        yield "compare.metric: by flicker a model wins that always says the same: let another metric decide, and keep it in evaluate.metrics"


def _faults_of_sizes(params: Params) -> Iterator[str]:
    clip, gap = params.clip_frames, params.split.gap
    if params.split.divides_sequences and 1 < clip > gap:
        yield f"split.gap: a gap of {gap} is shorter than the clip of {clip}: set split.gap to {clip} or more"
    patch = params.train.patch
    augmented = [("augment", params.augment)]
    augmented += [(f"models: {entry.name}'s augment", entry.augment_of(AugmentParams())) for entry in params.models]
    for place, augment in augmented:
        if augment.quarter_turns and patch and patch[0] != patch[1]:
            yield f"{place}.quarter_turns needs square patches, and train.patch is {list(patch)}: make its sides equal"
    if params.search.trials and (params.search.samples or params.train.samples) < params.train.epoch_samples:
        yield (
            f"search.samples: {params.search.samples} is less than one epoch of {params.train.epoch_samples}:"
            " raise it, or lower train.epoch_samples"
        )
