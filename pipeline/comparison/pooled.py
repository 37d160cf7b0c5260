"""Metrics that a set of samples has and a sample alone has not: intervals and tests by a bootstrap over units."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from pipeline.comparison.blocks import number_blocks
from pipeline.comparison.estimates import NOTHING, Estimate, estimate_by_folds, estimate_student
from pipeline.comparison.pairing import Floats, Integers, Paired, is_within

RESAMPLES = 500
SEED = 0  # one seed, so that models are drawn alike and a report can be computed again
FEWEST_BLOCKS = 2


@dataclass(frozen=True)
class Pooled(Paired):
    """One pooled metric's rows of all models, lined up; `scores` are numbers of rows."""

    tables: tuple[pd.DataFrame, ...] = field(kw_only=True)
    """Of each model what the metric is computed from, in the order of `scores`."""
    compute: Callable[[pd.DataFrame], float] = field(kw_only=True)
    block_length: int | None = field(kw_only=True)
    """Samples a block where units are few; None where no score tells it."""
    resamples: int = field(default=RESAMPLES, kw_only=True)

    @cached_property
    def values(self) -> Floats:
        """The metric of each model over all rows."""
        return self.compute_on(np.arange(len(self.scores)))

    @cached_property
    def fold_values(self) -> Floats:
        """The metric in each fold, shape (folds, models)."""
        return np.array([self.compute_on(np.flatnonzero(self.fold == fold)) for fold in np.unique(self.fold)])

    @cached_property
    def freedom(self) -> int:
        """Degrees of freedom of the bootstrap: units, or blocks of each stretch, less one; 0 where nothing may be drawn."""
        if not is_within(self):
            return len(self.unit_scores) - 1
        if self.block_length is None:
            return 0
        return int(self._drawn.max() + 1 - len(np.unique(self.stretch)))

    @cached_property
    def errors(self) -> tuple[Floats, Floats]:
        """Standard errors of each model (models,), and of each difference (models, models): of the metric over units drawn again."""
        rows = np.split(np.argsort(self._drawn, kind="stable"), np.cumsum(np.bincount(self._drawn))[:-1])
        generator = np.random.default_rng(SEED)
        draws = generator.integers(len(rows), size=(self.resamples, len(rows)))
        found = np.array([self.compute_on(np.concatenate([rows[place] for place in draw])) for draw in draws])
        known = found[~np.isnan(found).any(axis=1)]
        return known.std(axis=0, ddof=1), (known[:, :, None] - known[:, None, :]).std(axis=0, ddof=1)

    def compute_on(self, rows: Integers) -> Floats:
        """The metric of each model on some rows, which may come more than once."""
        return np.array([self.compute(table.iloc[rows]) for table in self.tables])

    @cached_property
    def _drawn(self) -> Integers:
        """Number of what each row is drawn with: its unit, or where units are few its block of time."""
        if not is_within(self) or self.block_length is None:
            return self.unit
        return number_blocks(self, self.block_length)[self.sample]


def estimate_pooled(paired: Pooled, place: int, confidence: float) -> Estimate:
    """A model's metric with Student's interval over the bootstrap's error."""
    return _estimate(paired, paired.values[place], confidence, lambda: paired.errors[0][place])


def estimate_pooled_difference(
    paired: Pooled, first: int, second: int, confidence: float, test_to_train: float | None
) -> Estimate:
    """Difference of two models' metrics by a paired bootstrap; with `test_to_train` by the corrected t test over repeated folds."""
    difference = paired.values[first] - paired.values[second]
    if test_to_train is not None and not is_within(paired):
        folds = paired.fold_values[:, first] - paired.fold_values[:, second]
        return estimate_by_folds(np.array([difference]), folds, test_to_train, confidence)
    return _estimate(paired, difference, confidence, lambda: paired.errors[1][first, second])


def _estimate(paired: Pooled, value: float, confidence: float, error: Callable[[], float]) -> Estimate:
    if np.isnan(value) or paired.freedom < FEWEST_BLOCKS - 1:
        return Estimate(float(value), np.nan, np.nan, np.nan, NOTHING.method, NOTHING.interval)
    within = f" within this volume, blocks of {paired.block_length}" if is_within(paired) else ""
    method = f"block bootstrap{within}" if within else "bootstrap over units"
    return estimate_student(value, error(), paired.freedom, confidence, method)
