"""Metrics of a set of samples, from what its rows of the scores table hold beside the scores (columns.py)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.metrics.calibration import count_reliability, judge_likeliest
from pipeline.metrics.columns import INTERSECTION, LABEL, PROBABILITY, UNION, V_INFO, V_RAND
from pipeline.metrics.registry import METRICS, Metric

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class PooledMetric(Metric):
    """A metric that needs many samples: of the rows of one model's scores table, or of any subset or resample of them."""

    prefixes: tuple[str, ...] = field(kw_only=True)
    """What the columns begin with that it needs."""
    of: Callable[[Floats], float] = field(kw_only=True)
    """The metric of cells (row, column), the columns in the order of the prefixes; NaN where they allow none: no row, or one class alone for an AUC."""

    def compute(self, table: pd.DataFrame) -> float:
        """The metric of the rows of one model."""
        return self.of(self.read(table))

    def read(self, table: pd.DataFrame) -> Floats:
        """Its cells (row, column); rows without a score are left out."""
        return _cells(table, *self.prefixes)


def mean_iou(cells: Floats) -> float:
    """Mean over all classes, background too, of their IoU over all pixels of all samples, as PASCAL VOC and Cityscapes have it.

    Of 10 pixels of background 9 are right, of 4 of foreground 3: (9 / 11 + 3 / 5) / 2 = .709.
    """
    return _mean(_divide_sums(cells))


def class_ious(table: pd.DataFrame) -> Floats:
    """IoU of each class over all samples, sum of intersections / sum of unions; NaN of a class that is nowhere."""
    return _divide_sums(_cells(table, INTERSECTION, UNION))


def best_over_thresholds(cells: Floats) -> float:
    """The highest of the means over samples at each threshold, as the ISBI 2012 challenge scored a stack.

    The threshold is chosen on the very samples that are scored: for comparison with published figures, not for an estimate.
    """
    return float(cells.mean(axis=0).max()) if cells.size else float("nan")


def balanced_accuracy(cells: Floats) -> float:
    """Mean recall of the classes that are there: half of class 0 and all of class 1 right: .75."""
    hits, true, _ = _count_classes(cells)
    return _mean(hits[true > 0] / true[true > 0])


def macro_f1(cells: Floats) -> float:
    """Mean F1 of the classes that are there or predicted, 2 TP / (true + predicted)."""
    hits, true, said = _count_classes(cells)
    either = true + said
    return _mean(2 * hits[either > 0] / either[either > 0])


def auc(cells: Floats) -> float:
    """Mean over classes of the area under the ROC curve of each against all others, by ranks (Mann & Whitney 1947).

    A class that no sample has, or all have, has no area and is left out.
    """
    targets, probabilities = _classes(cells)
    ranks = np.stack([_rank(column) for column in probabilities.T], axis=1) if len(targets) else probabilities
    is_true = targets[:, None] == np.arange(probabilities.shape[1])
    true = is_true.sum(axis=0)
    pairs = true * (len(targets) - true)
    ordered = (ranks * is_true).sum(axis=0) - true * (true + 1) / 2
    return _mean(ordered[pairs > 0] / pairs[pairs > 0])


def calibration_error(cells: Floats, *, is_adaptive: bool) -> float:
    """Expected calibration error of the likeliest class, in 15 bins of equal width or, adaptive, of equal count."""
    targets, probabilities = _classes(cells)
    if not len(targets):
        return float("nan")
    return count_reliability(*judge_likeliest(targets, probabilities), is_adaptive=is_adaptive).error


OF_CLASSES = (LABEL, PROBABILITY)
COMPUTE: dict[str, tuple[tuple[str, ...], Callable[[Floats], float]]] = {
    "mean_iou": ((INTERSECTION, UNION), mean_iou),
    "best_v_rand": ((V_RAND,), best_over_thresholds),
    "best_v_info": ((V_INFO,), best_over_thresholds),
    "balanced_accuracy": (OF_CLASSES, balanced_accuracy),
    "macro_f1": (OF_CLASSES, macro_f1),
    "auc": (OF_CLASSES, auc),
    "calibration_error": (OF_CLASSES, partial(calibration_error, is_adaptive=False)),
    "adaptive_calibration_error": (OF_CLASSES, partial(calibration_error, is_adaptive=True)),
}
POOLED = {
    name: PooledMetric(**vars(METRICS[name]), prefixes=prefixes, of=of) for name, (prefixes, of) in COMPUTE.items()
}
"""Every metric of many samples that `evaluate.metrics` may name; each is in METRICS too, for what its name means."""


def _cells(table: pd.DataFrame, *prefixes: str) -> Floats:
    """The columns of some kinds (row, column), kind by kind in order; rows without a score are left out."""
    names = [name for prefix in prefixes for name in table.columns if name.startswith(prefix)]
    cells = table[names].to_numpy(np.float64)
    return cells[~np.isnan(cells).any(axis=1)]


def _divide_sums(cells: Floats) -> Floats:
    """Sums of the first half of the columns over those of the second."""
    over, under = np.split(cells.sum(axis=0), 2)
    return np.divide(over, under, out=np.full(len(under), np.nan), where=under > 0)


def _classes(cells: Floats) -> tuple[Integers, Floats]:
    """True classes (row,) and probabilities (row, class)."""
    return cells[:, 0].astype(np.int64), cells[:, 1:]


def _count_classes(cells: Floats) -> tuple[Integers, Integers, Integers]:
    """Samples of each class: rightly predicted, true, predicted."""
    targets, probabilities = _classes(cells)
    said = probabilities.argmax(axis=1) if len(targets) else targets
    parts = (targets[said == targets], targets, said)
    hits, true, predicted = (np.bincount(part, minlength=probabilities.shape[1]) for part in parts)
    return hits, true, predicted


def _rank(values: Floats) -> Floats:
    """Ranks from 1, ties sharing their mean, as SciPy's rankdata, whose .15 ms a call would be a minute of a comparison's bootstraps."""
    ascending = np.sort(values)
    return (np.searchsorted(ascending, values, "left") + np.searchsorted(ascending, values, "right") + 1) / 2


def _mean(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")
