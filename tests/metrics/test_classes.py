"""Scores over many pictures against worked numbers and scikit-learn."""

import numpy as np
import pytest
from sklearn import metrics as sklearn_metrics

from pipeline.metrics.classes import summarise_classes

NAMES = ("cat", "dog", "fox")


def draw_table(seed: int, samples: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """True classes (samples,), the first the most frequent, and probabilities (samples, 3) that lean to them."""
    generator = np.random.default_rng(seed)
    targets = generator.choice(3, samples, p=[0.6, 0.3, 0.1])
    scores = generator.gumbel(size=(samples, 3)) + 1.5 * np.eye(3)[targets]
    return targets, np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)


def test_worked_number_of_docstring_holds():
    of_first = np.array([0.9, 0.4, 0.2, 0.6])
    found = summarise_classes(np.array([0, 0, 1, 1]), np.stack([of_first, 1 - of_first], axis=1), ("cat", "dog"))
    assert found.confusion.tolist() == [[1, 1], [1, 1]]
    assert (found.accuracy, found.auc, found.top_2) == (0.5, 0.75, 1)


@pytest.mark.parametrize("seed", range(3))
def test_summary_agrees_with_scikit_learn(seed):
    targets, probabilities = draw_table(seed)
    likeliest = probabilities.argmax(axis=1)
    found = summarise_classes(targets, probabilities, NAMES)
    assert found.accuracy == pytest.approx(sklearn_metrics.accuracy_score(targets, likeliest))
    assert found.balanced_accuracy == pytest.approx(sklearn_metrics.balanced_accuracy_score(targets, likeliest))
    assert found.macro_f1 == pytest.approx(sklearn_metrics.f1_score(targets, likeliest, average="macro"))
    assert found.auc == pytest.approx(sklearn_metrics.roc_auc_score(targets, probabilities, multi_class="ovr"))
    assert found.log_loss == pytest.approx(sklearn_metrics.log_loss(targets, probabilities))
    expected = sklearn_metrics.brier_score_loss(targets, probabilities, labels=[0, 1, 2], scale_by_half=False)
    assert found.brier == pytest.approx(expected)
    assert found.top_2 == pytest.approx(sklearn_metrics.top_k_accuracy_score(targets, probabilities, k=2))
    told = sklearn_metrics.classification_report(targets, likeliest, target_names=NAMES, output_dict=True)
    for scores in found.classes:
        expected = [told[scores.name][key] for key in ("precision", "recall", "f1-score", "support")]
        assert [scores.precision, scores.recall, scores.f1, scores.support] == pytest.approx(expected)


def test_confusion_has_the_truth_in_rows():
    found = summarise_classes(np.array([0, 0, 1]), np.eye(3)[[1, 1, 2]], NAMES)
    assert found.confusion.tolist() == [[0, 2, 0], [0, 0, 1], [0, 0, 0]]


def test_class_that_is_neither_true_nor_predicted_does_not_count():
    targets, probabilities = np.array([0, 1, 1]), np.eye(3)[[0, 1, 0]]
    found = summarise_classes(targets, probabilities, NAMES)
    assert np.isnan([found.classes[2].precision, found.classes[2].recall, found.classes[2].f1]).all()
    assert found.balanced_accuracy == pytest.approx(0.75) and found.macro_f1 == pytest.approx(2 / 3)
    assert found.confusion.shape == (3, 3) and found.classes[2].support == 0


def test_class_that_is_never_predicted_has_no_precision_and_an_f1_of_zero():
    found = summarise_classes(np.array([0, 1]), np.eye(2)[[0, 0]], ("cat", "dog"))
    assert np.isnan(found.classes[1].precision) and (found.classes[1].recall, found.classes[1].f1) == (0, 0)


@pytest.mark.parametrize("samples", [1, 5])
def test_one_class_alone_has_no_area(samples):
    found = summarise_classes(np.zeros(samples, int), np.full((samples, 2), 0.5), ("cat", "dog"))
    assert np.isnan(found.auc) and found.accuracy == 1
