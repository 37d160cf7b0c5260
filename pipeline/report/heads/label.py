"""Head `label`: what one model said of every test sample, class by class, and the samples that it got wrong."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from pipeline.datasets.predictions import read_predictions
from pipeline.figures.pictures import shrink, to_data_uri
from pipeline.metrics.classes import summarise_classes
from pipeline.report.experiment import Experiment
from pipeline.report.views import Array, channels_of, is_small

HEAD = "label"
WRONG, WRONG_PX = 24, 160
"""Misclassified samples that are pictured, and the longer side of their pictures."""
NUMBERED = 6
"""Classes from which the columns of the confusion matrix are numbered: names would not fit a phone."""
MIXED_UP = 5
"""Pairs of classes named as those taken for each other most often."""


@dataclass(frozen=True)
class Classified:
    """All out-of-fold predictions of one model, fold by fold."""

    sample_ids: tuple[str, ...]
    folds: tuple[str, ...]
    targets: Array
    """Class numbers (n,)."""
    probabilities: Array
    """(n, K) as float32."""

    @cached_property
    def ranked(self) -> Array:
        """Class numbers (n, K) of each sample, the likeliest first."""
        return np.argsort(-self.probabilities, axis=1, kind="stable")

    @property
    def chosen(self) -> Array:
        """The likeliest class (n,)."""
        return self.ranked[:, 0]

    @cached_property
    def wrong(self) -> Array:
        """Places of the misclassified, the most confident first."""
        places = np.flatnonzero(self.chosen != self.targets)
        return places[np.argsort(-self.probabilities[places, self.chosen[places]], kind="stable")]


def describe_label(experiment: Experiment) -> dict[str, Any] | None:
    """Confusion matrix and scores by class of all models with the head but baselines, the best first, and the first one's errors."""
    models = dict.fromkeys([experiment.winner, *experiment.contenders])
    found = {model: gather(experiment, model) for model in models}
    classified = {model: table for model, table in found.items() if len(table.targets)}
    if not classified:
        return None
    names = experiment.sheet.dataset.label_names
    first, table = next(iter(classified.items()))
    return {
        "blocks": [describe_model(experiment, model, table, names) for model, table in classified.items()],
        "model": first,
        "tiles": [tile_wrong(experiment, table, int(place), names) for place in table.wrong[:WRONG]],
        "wrong": len(table.wrong),
        "predictions": len(table.targets),
        "is_small": is_small(experiment.sheet),
    }


def gather(experiment: Experiment, model: str) -> Classified:
    """What a model said of the test samples of all folds; nothing where it has no such head."""
    rows = [
        (sample_id, fold, np.asarray(prediction[HEAD], np.float32))
        for fold in experiment.folds
        for sample_id, prediction in read_predictions(experiment.predictions[model, fold]).items()
        if HEAD in prediction
    ]
    arrays, ids = experiment.sheet.arrays, tuple(sample_id for sample_id, _, _ in rows)
    return Classified(
        sample_ids=ids,
        folds=tuple(fold for _, fold, _ in rows),
        targets=np.array([arrays.label(int(place)) for place in arrays.positions(ids)], int),
        probabilities=np.array([probabilities for *_, probabilities in rows], np.float32),
    )


def describe_model(experiment: Experiment, model: str, table: Classified, names: tuple[str, ...]) -> dict[str, Any]:
    """Confusion matrix as counts with their share of the true class, scores by class, and what is mixed up most."""
    summary = summarise_classes(table.targets, table.probabilities, names)
    shares = summary.confusion / np.maximum(summary.confusion.sum(axis=1, keepdims=True), 1)
    return {
        "model": model,
        "is_numbered": len(names) > NUMBERED,
        "matrix": [
            {"name": name, "cells": list(zip(row.tolist(), share.tolist(), strict=True))}
            for name, row, share in zip(names, summary.confusion, shares, strict=True)
        ],
        "summary": summary,
        "mixed_up": find_mixed_up(summary.confusion, names),
    }


def find_mixed_up(counts: Array, names: tuple[str, ...]) -> list[tuple[str, str, int]]:
    """True class, predicted class and count of the most frequent errors; none for two classes, where they are seen at once."""
    if len(names) < 3:
        return []
    errors = counts * (1 - np.eye(len(names), dtype=int))
    places = np.argsort(-errors, axis=None, kind="stable")[:MIXED_UP]
    pairs = [np.unravel_index(place, errors.shape) for place in places]
    return [(names[true], names[said], int(errors[true, said])) for true, said in pairs if errors[true, said]]


def tile_wrong(experiment: Experiment, table: Classified, place: int, names: tuple[str, ...]) -> dict[str, Any]:
    """One misclassified sample: truth, prediction and runner-up with their probabilities."""
    sheet, sample_id = experiment.sheet, table.sample_ids[place]
    (position,) = sheet.arrays.positions([sample_id])
    said = [(names[number], float(table.probabilities[place, number])) for number in table.ranked[place, :2]]
    return {
        "sample_id": sample_id,
        "fold": table.folds[place],
        "truth": names[table.targets[place]],
        "said": said,
        "source": to_data_uri(shrink(channels_of(sheet, int(position))[0], WRONG_PX)),
    }
