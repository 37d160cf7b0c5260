"""Metrics that a set of samples has and a sample alone has not: intervals and tests by a bootstrap over units."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from pipeline.comparison.blocks import number_blocks
from pipeline.comparison.estimates import NOTHING, Estimate, estimate_by_folds, estimate_student
from pipeline.comparison.pairing import Floats, Integers, Paired, is_within
from pipeline.metrics.pooled import PooledMetric

RESAMPLES = 500
SEED = 0  # one seed, so that models are drawn alike and a report can be computed again
FEWEST_BLOCKS = 2


@dataclass(frozen=True)
class Pooled(Paired):
    """One pooled metric's rows of all models, lined up; `scores` are numbers of rows."""

    cells: tuple[Floats, ...] = field(kw_only=True)
    """Of each model what the metric is computed from (row, column), in the order of `scores`."""
    metric: PooledMetric = field(kw_only=True)
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
        return np.array([self.metric.of(cells[rows]) for cells in self.cells])

    @cached_property
    def _drawn(self) -> Integers:
        """Number of what each row is drawn with: its unit, or where units are few its block of time."""
        if not is_within(self) or self.block_length is None:
            return self.unit
        return number_blocks(self, self.block_length)[self.sample]


def estimate_pooled(paired: Pooled, place: int, confidence: float) -> Estimate:
    """A model's metric with Student's interval over the bootstrap's error, or where it lies from 0 to 1 Wilson's (see _bound_share)."""
    student = _estimate(paired, paired.values[place], confidence, lambda: paired.errors[0][place])
    is_share = (paired.metric.low, paired.metric.high) == (0, 1) and paired.metric.higher_is_better
    if is_within(paired) or not is_share or np.isnan(student.error):
        return student
    most = len(paired.cells[place]) if paired.metric.head == "label" else np.inf
    return _bound_share(student, most, confidence)


def _bound_share(student: Estimate, most: float, confidence: float) -> Estimate:
    """Wilson's interval of a share of as many samples as would have this error (Korn and Graubard 1998), with Student's quantile.

    Near 1 the longer arm is downwards, and an AUC of 1 is not certain to be 1: there are `most` samples at most, each right or wrong.

    AUC .9 with error .05 and 29 degrees of freedom: as 36 samples, .753 to .964; Student's is .798 to 1.002.
    """
    value, error = student.mean, student.error
    samples = min(most, value * (1 - value) / error**2) if error else most
    if not 0 < samples < np.inf:
        return student
    tail = 2 * float(stats.norm.sf(stats.t.ppf((1 + confidence) / 2, student.freedom)))
    low, high = proportion_confint(value * samples, samples, tail, method="wilson")
    return replace(student, low=float(low), high=float(high), interval=f"{student.interval}, Wilson")


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
    within = f" within units, blocks of {paired.block_length}" if is_within(paired) else ""
    method = f"block bootstrap{within}" if within else "bootstrap over units"
    return estimate_student(value, error(), paired.freedom, confidence, method)
