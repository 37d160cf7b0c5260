"""What a model said of every sample is ordered and counted as the page tells it."""

import numpy as np

from pipeline.report.heads.label import Classified, find_mixed_up

NAMES = ("cat", "dog", "owl")
TOLD = Classified(
    sample_ids=("a", "b", "c", "d"),
    folds=("0", "0", "1", "1"),
    targets=np.array([0, 1, 1, 2]),
    probabilities=np.array([[0.6, 0.3, 0.1], [0.5, 0.4, 0.1], [0.9, 0.1, 0.0], [0.2, 0.2, 0.6]], np.float32),
)


def test_the_misclassified_come_the_most_confident_first() -> None:
    assert TOLD.chosen.tolist() == [0, 0, 0, 2]
    assert TOLD.wrong.tolist() == [2, 1]


def test_classes_are_ranked_with_the_runner_up_second() -> None:
    assert TOLD.ranked[0].tolist() == [0, 1, 2]
    assert TOLD.ranked[3].tolist() == [2, 0, 1]  # of equals the first


def test_pairs_of_classes_are_named_by_how_often_they_are_mixed_up() -> None:
    confusion = np.array([[9, 1, 0], [4, 5, 0], [2, 0, 7]])
    assert find_mixed_up(confusion, NAMES) == [("dog", "cat", 4), ("owl", "cat", 2), ("cat", "dog", 1)]


def test_of_two_classes_nothing_is_named_that_the_matrix_shows_at_once() -> None:
    assert find_mixed_up(np.array([[9, 1], [4, 5]]), NAMES[:2]) == []
