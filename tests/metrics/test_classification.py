"""Scores of class probabilities against worked numbers and scikit-learn."""

from functools import partial

import numpy as np
import pytest
from sklearn import metrics as sklearn_metrics

from pipeline import metrics

PROBABILITIES = np.array([0.5, 0.4, 0.1])
tolerant = partial(metrics.top_2_tolerant, close_call=0.2)


def draw_classes(seed: int, samples: int = 40, classes: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """True classes (samples,) and probabilities (samples, classes)."""
    generator = np.random.default_rng(seed)
    probabilities = generator.dirichlet(np.ones(classes), samples)
    return generator.integers(classes, size=samples), probabilities


def mean_score(metric, targets, probabilities):
    return np.mean([metric(int(target), row) for target, row in zip(targets, probabilities, strict=True)])


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (metrics.accuracy, 0),
        (metrics.log_loss, 0.9163),
        (metrics.brier, 0.62),
        (metrics.top_2, 1),
        (tolerant, 0.5),
        (partial(tolerant, close_call=0.05), 0),
    ],
)
def test_worked_number_of_docstring_holds(metric, expected):
    assert metric(1, PROBABILITIES) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("seed", range(3))
def test_means_agree_with_scikit_learn(seed):
    targets, probabilities = draw_classes(seed)
    labels = np.arange(4)
    likeliest = probabilities.argmax(axis=1)
    expected = {
        metrics.accuracy: sklearn_metrics.accuracy_score(targets, likeliest),
        metrics.log_loss: sklearn_metrics.log_loss(targets, probabilities, labels=labels),
        metrics.brier: sklearn_metrics.brier_score_loss(targets, probabilities, labels=labels, scale_by_half=False),
        metrics.top_2: sklearn_metrics.top_k_accuracy_score(targets, probabilities, k=2, labels=labels),
    }
    assert {m: mean_score(m, targets, probabilities) for m in expected} == pytest.approx(expected)


def test_certain_error_has_a_finite_log_loss_and_the_worst_brier():
    certain = np.array([1.0, 0.0], np.float16)
    assert metrics.log_loss(1, certain) == pytest.approx(15.942, abs=1e-3)
    assert metrics.brier(1, certain) == 2


def test_certain_truth_scores_best():
    certain = np.array([0.0, 1.0, 0.0])
    assert [metric(1, certain) for metric in (metrics.accuracy, metrics.log_loss, metrics.brier)] == [1, 0, 0]


def test_third_choice_is_never_tolerated():
    close = np.array([0.35, 0.34, 0.31])
    assert [tolerant(target, close) for target in range(3)] == [1, 0.5, 0]
    assert [metrics.top_2(target, close) for target in range(3)] == [1, 1, 0]


def test_of_two_classes_the_truth_is_always_among_two():
    assert metrics.top_2(1, np.array([0.9, 0.1])) == 1
    assert tolerant(1, np.array([0.9, 0.1])) == 0


def test_difference_of_exactly_the_threshold_is_no_close_call():
    assert metrics.top_2_tolerant(1, np.array([0.75, 0.25]), close_call=0.5) == 0


def test_of_equal_probabilities_the_first_is_the_likeliest():
    even = np.array([0.25, 0.25, 0.25, 0.25])
    assert [metrics.accuracy(target, even) for target in range(4)] == [1, 0, 0, 0]
    assert [metrics.top_2(target, even) for target in range(4)] == [1, 1, 0, 0]
