"""What the class probabilities of many pictures say together; apart from the others, for it takes a second to import."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support, roc_auc_score

from pipeline.metrics.classification import accuracy, brier, log_loss, top_2

Integers = NDArray[np.int64]
Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class ClassScores:
    """Scores of one class against all others; NaN where it is never predicted, never true, or always true."""

    name: str
    precision: float
    recall: float
    f1: float
    auc: float
    support: int
    """Pictures that are of this class."""


@dataclass(frozen=True)
class ClassSummary:
    """Scores of all classes, and over them."""

    classes: tuple[ClassScores, ...]
    confusion: Integers
    """Pictures by (true class, likeliest class)."""
    accuracy: float
    balanced_accuracy: float
    """Mean recall of the classes that are there."""
    macro_f1: float
    """Mean F1 of the classes that are there or predicted."""
    auc: float
    """Mean area under the ROC curves of the classes, each against all others."""
    log_loss: float
    brier: float
    top_2: float


def summarise_classes(targets: Integers, probabilities: Floats, names: Sequence[str]) -> ClassSummary:
    """Summarise at least one picture: `targets` (n,) numbers of the true classes, `probabilities` (n, K), `names` of the K classes.

    True 0, 0, 1, 1 with probabilities .9, .4, .2, .6 of class 0: confusion [[1, 1], [1, 1]], accuracy .5, and the AUC is the
    share of pairs in the right order, 3 of 4.
    """
    likeliest, numbers = probabilities.argmax(axis=1), np.arange(len(names))
    # without a warning, a score without anything to divide by is NaN
    each = precision_recall_fscore_support(targets, likeliest, labels=numbers, zero_division=np.nan)
    areas = [_area(targets == number, probabilities[:, number]) for number in numbers]
    classes = tuple(
        ClassScores(name, float(precision), float(recall), float(f1), auc, int(support))
        for name, precision, recall, f1, support, auc in zip(names, *each, areas, strict=True)
    )
    pairs = [(int(target), row) for target, row in zip(targets, probabilities, strict=True)]
    return ClassSummary(
        classes=classes,
        confusion=confusion_matrix(targets, likeliest, labels=numbers),
        balanced_accuracy=_mean([scores.recall for scores in classes]),
        macro_f1=_mean([scores.f1 for scores in classes]),
        auc=_mean(areas),
        **{metric.__name__: _mean([metric(*pair) for pair in pairs]) for metric in (accuracy, log_loss, brier, top_2)},
    )


def _area(is_true: NDArray[np.bool_], probability: Floats) -> float:
    """Area under the ROC curve: the share of pairs, one true and one not, in which the true one is the likelier."""
    return float(roc_auc_score(is_true, probability)) if is_true.any() and not is_true.all() else float("nan")


def _mean(values: list[float]) -> float:
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else float("nan")
