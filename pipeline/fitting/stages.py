"""A fit in stages, each of which begins from the best weights of the one before."""

import logging
import math
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path

import keras
import numpy as np

from pipeline.augment import Augment
from pipeline.batches import View
from pipeline.fitting.control import FitControl, FitError, FitResult
from pipeline.fitting.halving import fit_trainer
from pipeline.fitting.loop import FitData
from pipeline.fitting.memory import describe_batch, fitting_batch_size
from pipeline.fitting.past_masks import inner_network
from pipeline.fitting.trainer import Statistics, Trainer
from pipeline.losses import build_loss
from pipeline.params import AugmentParams, TrainParams
from pipeline.tasks import Head

logger = logging.getLogger(__name__)


def fit_stages(
    network: keras.Model,
    heads: tuple[Head, ...],
    statistics: Statistics,
    data: FitData,
    params: TrainParams,
    augment: AugmentParams,
    stride: int,
    seed: int,
    control: FitControl,
) -> FitResult:
    """Fit a network stage by stage; sizes of `data.view` and of stages are raised to multiples of `stride`."""
    trainable = [layer.trainable for layer in inner_network(network).layers]
    history: list[dict[str, float]] = []
    notes: tuple[str, ...] = ()
    samples_seen = 0
    counts = [count for head in heads if head.is_pooled for count in count_labels(data, head.channels)]
    for number, stage in enumerate(params.fits):
        if params.stages:
            logger.info("stage %d of %d: %d samples", number + 1, len(params.stages), stage.samples)
        idle = tuple(f"{head.name}_*" for head in heads if not getattr(stage.loss, head.name))
        freeze(network, stage.freeze + idle, trainable)  # what has no gradient would decay all the same
        view = view_of_stage(data.view, stage, stride)
        drawn = seed if number == 0 else int(np.random.SeedSequence((seed, number)).generate_state(1)[0])
        trainer = Trainer(network, heads, Augment(augment, drawn), build_loss(heads, stage.loss, counts), statistics)
        frames = data.train.shape[1]
        batch_size = fitting_batch_size(network, (frames, *view.shape, len(statistics.mean)), stage)
        own = replace(control, checkpoint=checkpoint_of_stage(control.checkpoint, number))
        result = fit_trainer(trainer, replace(data, view=view), batch_size, stage, drawn, own, history)
        history, samples_seen = result.history, samples_seen + result.samples_seen
        notes += describe_batch(result.batch_size, stage)
    freeze(network, (), trainable)
    return replace(result, samples_seen=samples_seen, notes=notes)


def checkpoint_of_stage(path: Path | None, number: int) -> Path | None:
    """Where a stage is checkpointed: FOLD.npz, then FOLD.stages/1.npz and so on."""
    return path if path is None or number == 0 else path.with_suffix(".stages") / f"{number}.npz"


def view_of_stage(view: View, stage: TrainParams, stride: int) -> View:
    """What the network is shown in a stage; a view of whole samples has no patches."""
    patch = round_up(stage.patch or view.patch, stride) if view.patch else None
    return replace(view, patch=patch, size=round_up(stage.size or view.size, stride))


def round_up(size: tuple[int, int] | None, stride: int) -> tuple[int, int] | None:
    """The next height and width that a network of a stride takes."""
    return size and (math.ceil(size[0] / stride) * stride, math.ceil(size[1] / stride) * stride)


def freeze(network: keras.Model, names: tuple[str, ...], trainable: list[bool]) -> None:
    """Let the layers that a pattern names keep their weights, and the others learn as they did.

    Raises FitError for a pattern that names no layer, and where nothing is left to learn.
    """
    layers = inner_network(network).layers
    for pattern in names:
        if not any(fnmatch(layer.name, pattern) for layer in layers):
            known = sorted({layer.name.split("_")[0] for layer in layers if layer.weights})
            raise FitError(
                f"train.freeze {pattern!r} names no layer: their names begin with {', '.join(known)}, as in {known[0]}_*"
            )
    for layer, is_trainable in zip(layers, trainable, strict=True):
        layer.trainable = is_trainable and not any(fnmatch(layer.name, pattern) for pattern in names)
    if not network.trainable_weights:
        raise FitError(f"train.freeze {', '.join(names)} leaves no layer to learn: leave some layers out of it")


def count_labels(data: FitData, classes: int) -> list[int]:
    """Training samples of each class."""
    labels = [data.arrays.label(position) for position in data.train[:, -1]]
    return [int(count) for count in np.bincount(labels, minlength=classes)]
