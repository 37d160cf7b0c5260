"""Submodels of one class each, and when they are asked."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from pipeline.params.classifiers import DecisionTreeParams, LogisticRegressionParams
from pipeline.submodels import ask_submodels, choose_confidence, fit_submodels, hand_on


def draw_clusters(seed: int = 0, samples: int = 90) -> tuple[np.ndarray, np.ndarray]:
    """Features (sample, 4) around three centres, and the number of the centre."""
    random = np.random.default_rng(seed)
    labels = np.arange(samples) % 3
    return (random.normal(size=(3, 4))[labels] * 2 + random.normal(size=(samples, 4))).astype("float32"), labels


def test_submodels_are_one_against_the_rest_of_scikit_learn() -> None:
    features, labels = draw_clusters()
    submodels, notes = fit_submodels(LogisticRegressionParams(), features, labels, 0, 1)
    expected = OneVsRestClassifier(make_pipeline(StandardScaler(), LogisticRegression())).fit(features, labels)
    assert notes == ()
    assert ask_submodels(submodels, features, 3) == pytest.approx(expected.predict_proba(features), abs=1e-5)


def test_class_without_training_samples_is_never_given() -> None:
    features, labels = draw_clusters()
    submodels, _ = fit_submodels(LogisticRegressionParams(), features, labels * 2, 0, 1)
    probabilities = ask_submodels(submodels, features, 6)
    assert sorted(submodels) == [0, 2, 4] and not probabilities[:, [1, 3, 5]].any()
    assert probabilities.sum(axis=1) == pytest.approx(1)


def test_sample_that_no_submodel_claims_has_all_known_classes_alike() -> None:
    features = np.array([[0.0], [1.0], [2.0], [3.0]])
    submodels, _ = fit_submodels(DecisionTreeParams(max_depth=1), features, np.array([0, 2, 0, 2]), 0, 1)
    for submodel in submodels.values():
        submodel.tree_.value[:] = [[1.0, 0.0]]
    assert ask_submodels(submodels, features[:1], 3)[0].tolist() == [0.5, 0, 0.5]


def test_only_samples_below_the_confidence_are_handed_on() -> None:
    first, second = np.array([[0.6, 0.4], [0.1, 0.9]]), np.array([[0.2, 0.8], [0.7, 0.3]])
    assert hand_on(first, second, 0.7).tolist() == [[0.2, 0.8], [0.1, 0.9]]
    assert hand_on(first, second, 0.6).tolist() == first.tolist()


def state(confidences: list[float], is_right: list[int]) -> np.ndarray:
    """Probabilities (sample, 2) of class 1 where right and of class 0 where not."""
    table = np.stack([1 - np.array(confidences), confidences], axis=1)
    return np.where(np.array(is_right)[:, None] > 0, table, table[:, ::-1])


@pytest.mark.parametrize(
    ("confidences", "first", "second", "expected"),
    [
        ([0.55, 0.6, 0.7, 0.8], [0, 0, 1, 1], [1, 1, 0, 0], 0.65),
        ([0.55, 0.6, 0.7, 0.8], [1, 1, 1, 0], [0, 0, 0, 1], 0.0),
        ([0.55, 0.6, 0.7, 0.8], [0, 0, 0, 0], [1, 1, 1, 1], 1.0),
        ([0.55, 0.6, 0.7, 0.8], [1, 0, 1, 1], [1, 0, 1, 1], 0.0),
        ([0.6, 0.6, 1.0, 1.0], [0, 1, 0, 0], [1, 1, 1, 1], 0.8),
    ],
)
def test_confidence_is_the_lowest_that_gains_most(
    confidences: list[float], first: list[int], second: list[int], expected: float
) -> None:
    labels = np.ones(4, int)
    assert choose_confidence(state(confidences, first), state([0.9] * 4, second), labels) == pytest.approx(expected)


def test_chosen_confidence_is_the_best_of_trying_many() -> None:
    random = np.random.default_rng(0)
    for _ in range(30):
        first, second = (random.dirichlet(np.ones(3), 20).round(1 + random.integers(3)) for _ in range(2))
        labels = random.integers(0, 3, 20)

        def accuracy(
            confidence: float, first: np.ndarray = first, second: np.ndarray = second, labels: np.ndarray = labels
        ) -> float:
            return float((hand_on(first, second, confidence).argmax(axis=1) == labels).mean())

        best = max(accuracy(confidence) for confidence in [0, 1, *first.max(axis=1) + 1e-6])
        assert accuracy(choose_confidence(first, second, labels)) == pytest.approx(best)
