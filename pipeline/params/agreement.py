"""Rules that hold between the sections of params.yaml."""

from collections import Counter
from collections.abc import Iterator

from pipeline.params.augment import AugmentParams
from pipeline.params.evaluation import POOLED_NAMES
from pipeline.params.messages import suggest
from pipeline.params.search import find_space_faults
from pipeline.params.sections import Sections
from pipeline.params.tasks import HEAD_METRICS, TASKS

SET_METRICS = {"covered", "set_size"}


def find_faults(params: Sections) -> Iterator[str]:
    """What two sections say that cannot both hold, each with how to mend it."""
    yield from _faults_of_task(params)
    yield from _faults_of_names(params)
    yield from _faults_of_sizes(params)
    yield from find_space_faults(params.search, params.models, params.train, params.augment)


def _faults_of_task(params: Sections) -> Iterator[str]:
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


def _faults_of_names(params: Sections) -> Iterator[str]:
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


def _faults_of_sizes(params: Sections) -> Iterator[str]:
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
