"""Scores of one predicted mask by its objects: the pieces that hang together over sides and corners of pixels."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from skimage.measure import label
from skimage.metrics import contingency_table

from pipeline.metrics.overlap import Mask

Floats = NDArray[np.float64]
Integers = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Overlaps:
    """How many objects truth and prediction hold, and, of each two that share a pixel, their numbers from 0 and their IoU."""

    targets: int
    predictions: int
    target: Integers
    prediction: Integers
    iou: Floats


@dataclass(frozen=True)
class ObjectScores:
    """Shares of objects found, each in [0, 1]: 1.0 where neither mask has an object, 0.0 where one has none."""

    precision: float
    """Predicted objects that are true ones, TP / (TP + FP)."""
    recall: float
    """True objects that are found, TP / (TP + FN)."""
    f1: float
    """2 TP / (2 TP + FP + FN)."""
    panoptic_quality: float
    """Sum of the IoU of the found / (TP + FP / 2 + FN / 2) (Kirillov et al. 2019, arXiv:1801.00868)."""


def overlap_objects(target: Mask, prediction: Mask) -> Overlaps:
    """Count and overlap the objects of two masks (height, width)."""
    of_target, of_prediction = (label(mask, connectivity=2) for mask in (target, prediction))  # type: ignore[no-untyped-call]
    table = contingency_table(of_target, of_prediction).tocsr()  # type: ignore[no-untyped-call]
    sizes = [np.asarray(table.sum(axis=axis)).ravel()[1:] for axis in (1, 0)]
    shared = table[1:, 1:].tocoo()
    union = sizes[0][shared.row] + sizes[1][shared.col] - shared.data
    return Overlaps(len(sizes[0]), len(sizes[1]), shared.row, shared.col, shared.data / union)


def score_objects(overlaps: Overlaps, thresholds: Iterable[float]) -> ObjectScores:
    """Means over thresholds of IoU, from each of which on two objects may be taken for one another, each once.

    2 true objects and 3 predicted, of which one has IoU .8 with a true one, at .5: precision 1 / 3, recall 1 / 2, F1 2 / 5,
    panoptic quality .8 / 2.5 = .32.
    """
    if not overlaps.targets or not overlaps.predictions:
        return ObjectScores(*[float(overlaps.targets == overlaps.predictions)] * 4)
    scores = [_score(overlaps, match(overlaps, threshold)) for threshold in thresholds]
    return ObjectScores(*np.mean(scores, axis=0).tolist())


def match(overlaps: Overlaps, threshold: float) -> Floats:
    """IoU of the objects matched: as many as can be, and of the ways to do so the one with the largest sum of IoU.

    Above .5 an object overlaps one other at most so far, and there is no choice; at lower thresholds there is.
    """
    near = overlaps.iou >= threshold
    rows, row = np.unique(overlaps.target[near], return_inverse=True)
    columns, column = np.unique(overlaps.prediction[near], return_inverse=True)
    gain = np.zeros((len(rows), len(columns)))
    gain[row, column] = len(rows) + overlaps.iou[near]  # one match more outweighs every IoU
    found = gain[linear_sum_assignment(gain, maximize=True)]
    return found[found > 0] - len(rows)


def _score(overlaps: Overlaps, found: Floats) -> tuple[float, float, float, float]:
    hits, mean = len(found), (overlaps.targets + overlaps.predictions) / 2
    return hits / overlaps.predictions, hits / overlaps.targets, hits / mean, float(found.sum()) / mean
