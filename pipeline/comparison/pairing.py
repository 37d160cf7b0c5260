"""Scores of all models on the same samples, and the units that are independent of each other."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SAMPLE = ["group", "sequence", "time", "sample_id"]
FEWEST_UNITS = 5
"""With fewer independent units nothing is claimed beyond them."""


@dataclass(frozen=True)
class Paired:
    """One metric's scores (row, model), a row a sample and fold that all models have, in the order of time."""

    models: tuple[str, ...]
    scores: Floats
    sample: Integers
    """Number of each row's sample, ascending."""
    fold: Integers
    """Number of each row's fold."""
    unit: Integers
    """Number of each row's independent unit."""
    stretch: Integers
    """Number of the stretch of time that each row belongs to: its sequence."""
    noun: str
    """What a unit is: sample, sequence, fold or group."""
    left_out: int
    """Samples that some of the models has no score for."""
    without: tuple[str, ...] = ()
    """Other models, without any score: a network for depth alone has no Dice."""

    @cached_property
    def sample_scores(self) -> Floats:
        """Mean over repeats, shape (samples, models)."""
        return mean_by(self.scores, self.sample)

    @cached_property
    def sample_unit(self) -> Integers:
        """Number of each sample's unit."""
        return self._of_samples(self.unit)

    @cached_property
    def sample_stretch(self) -> Integers:
        """Number of each sample's stretch of time."""
        return self._of_samples(self.stretch)

    @cached_property
    def unit_scores(self) -> Floats:
        """Mean over the samples of each unit, shape (units, models)."""
        return mean_by(self.sample_scores, self.sample_unit)

    @cached_property
    def fold_scores(self) -> Floats:
        """Mean over the units of each fold, a unit's samples averaged first, shape (folds, models)."""
        cells, cell = np.unique(np.stack([self.fold, self.unit]), axis=1, return_inverse=True)
        return mean_by(mean_by(self.scores, cell), _renumber(cells[0]))

    def _of_samples(self, number: Integers) -> Integers:
        _, first = np.unique(self.sample, return_index=True)
        return _renumber(number[first])


def pair_scores(scores: pd.DataFrame, metrics: tuple[str, ...], *, by_sequence: bool) -> dict[str, Paired]:
    """Line up the rows of all models, for each metric.

    A unit is a group; with `by_sequence` also groups that share a sequence are one unit. A model that has no score at all in
    a metric is left out of it; a metric that no model has keeps all of them, and no row. Raises ValueError when a model
    has two rows for a sample in one fold.
    """
    if scores.duplicated(["model", "fold", "sample_id"]).any():
        raise ValueError("the scores name a sample twice in one fold of one model: give each scores file once")
    models = tuple(scores["model"].unique())
    row = scores.groupby([*SAMPLE, "fold"], sort=True).ngroup().to_numpy()
    _, first = np.unique(row, return_index=True)
    keys = scores.iloc[first]
    table = np.full((len(keys), len(models), len(metrics)), np.nan)
    table[row, pd.Categorical(scores["model"], models).codes] = scores[list(metrics)]
    unit = number_units(keys, by_sequence)
    order = np.argsort(unit, kind="stable")
    keys, table, unit = keys.iloc[order], table[order], unit[order]
    numbers = [unit, _number(keys, ["group", "sequence"]), _number(keys, SAMPLE), _number(keys, ["fold"])]
    return {
        metric: _complete(models, table[:, :, place], numbers, name_units(keys)) for place, metric in enumerate(metrics)
    }


def name_units(samples: pd.DataFrame) -> str:
    """What the group of these samples is: sample, sequence, fold or group."""
    for column, noun in (("sample_id", "sample"), ("sequence", "sequence"), ("fold", "fold")):
        if (samples["group"] == samples[column]).all():
            return noun
    return "group"


def is_within(paired: Paired) -> bool:
    """Whether there are so few units that only the samples inside them can be resampled."""
    return len(np.unique(paired.unit)) < FEWEST_UNITS


def mean_by(values: Floats, number: Integers) -> Floats:
    """Mean of the rows of each number 0, 1, ...; no number may be missing."""
    sums = [np.bincount(number, weights=column) for column in values.T]
    return np.stack(sums, axis=1) / np.bincount(number)[:, None]


def _complete(models: tuple[str, ...], scores: Floats, numbers: list[Integers], noun: str) -> Paired:
    is_missing = np.isnan(scores)
    without = tuple(models[place] for place in np.flatnonzero(is_missing.all(axis=0)) if not is_missing.all())
    kept = [place for place, model in enumerate(models) if model not in without]
    models, scores = tuple(models[place] for place in kept), scores[:, kept]
    is_complete = ~np.isnan(scores).any(axis=1)
    left_out = len(np.unique(numbers[2])) - len(np.unique(numbers[2][is_complete]))
    unit, stretch, sample, fold = (_renumber(number[is_complete]) for number in numbers)
    return Paired(models, scores[is_complete], sample, fold, unit, stretch, noun, left_out, without)


def number_units(keys: pd.DataFrame, by_sequence: bool) -> Integers:
    """Number of each row's independent unit: its group, joined with all groups that share its sequence where `by_sequence`."""
    group = _number(keys, ["group"])
    if not by_sequence:
        return group
    sequence = _number(keys, ["sequence"]) + group.max() + 1
    shape = (int(sequence.max()) + 1,) * 2
    return connected_components(coo_array((np.ones(len(keys)), (group, sequence)), shape))[1][group].astype(np.int64)


def _number(keys: pd.DataFrame, columns: list[str]) -> Integers:
    """Numbers in the order of appearance."""
    return keys.groupby(columns, sort=False).ngroup().to_numpy().astype(np.int64)


def _renumber(number: Integers) -> Integers:
    return np.unique(number, return_inverse=True)[1].astype(np.int64)
