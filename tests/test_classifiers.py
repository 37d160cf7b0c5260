"""Classifiers on features."""

import hashlib
import subprocess
import sys
from typing import Any, get_args

import numpy as np
import pytest
from pydantic import TypeAdapter

from pipeline.classifiers import dump_classifier, fit_classifier, load_classifier, predict_labels
from pipeline.fitting.control import FitError
from pipeline.params.classifiers import ClassifierParams

KINDS = [member.model_fields["kind"].default for member in get_args(get_args(ClassifierParams)[0])]
SMALL: dict[str, dict[str, Any]] = {"random_forest": {"n_estimators": 10}, "mlp": {"learning_rate_init": 0.02}}


def params_of(kind: str, **settings: Any) -> ClassifierParams:
    return TypeAdapter[ClassifierParams](ClassifierParams).validate_python(
        {"kind": kind, **SMALL.get(kind, {}), **settings}
    )


def draw_features() -> tuple[np.ndarray, np.ndarray]:
    """Three clouds of features on very different scales, with labels 0, 1 and 3 of four."""
    random = np.random.default_rng(0)
    labels = np.repeat([0, 1, 3], 20)
    features = random.normal(size=(60, 6)) + np.array([-4, 4, 0, 0])[labels][:, None] * np.array([1, 1, 0, 0, 0, 0])
    features[:, 1] += np.where(labels == 3, 8, 0)
    return (features * [1, 100, 1, 1, 1, 1]).astype("float32"), labels


@pytest.mark.parametrize("kind", KINDS)
def test_classifiers_learn_and_are_stored_alike(kind: str) -> None:
    features, labels = draw_features()
    classifier, notes = fit_classifier(params_of(kind), features, labels, seed=0, threads=1)
    probabilities = predict_labels(classifier, features, 4)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)
    assert not probabilities[:, 2].any() and (probabilities.argmax(axis=1) == labels).mean() > 0.95
    loaded = load_classifier(dump_classifier(classifier))
    np.testing.assert_array_equal(predict_labels(loaded, features, 4), probabilities)
    assert notes == ()


@pytest.mark.parametrize("kind", KINDS)
def test_equal_fits_are_stored_in_equal_bytes(kind: str) -> None:
    fits = [dump_classifier(fit_classifier(params_of(kind), *draw_features(), 0, 1)[0]) for _ in range(2)]
    np.testing.assert_array_equal(*fits)


@pytest.mark.slow
def test_another_process_stores_equal_bytes() -> None:
    lines = "from tests.test_classifiers import *; print(digest_of_forest())"
    answer = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == digest_of_forest()


def digest_of_forest() -> str:
    forest = fit_classifier(params_of("random_forest", n_estimators=2), *draw_features(), 0, 1)[0]
    return hashlib.sha256(dump_classifier(forest).tobytes()).hexdigest()


def test_no_type_but_ours_is_loaded() -> None:
    import skops.io
    from sklearn.neighbors import KDTree  # a type that no classifier of ours has

    foreign = np.frombuffer(skops.io.dumps({"tree": KDTree}), np.uint8)
    with pytest.raises(Exception, match="Untrusted types"):
        load_classifier(foreign)


def test_a_logistic_regression_may_have_an_l1_penalty() -> None:
    params = params_of("logistic_regression", l1_ratio=1.0, C=0.05)
    classifier, _ = fit_classifier(params, *draw_features(), 0, 1)
    assert (classifier[-1].coef_ == 0).any()


def test_a_fit_that_did_not_converge_says_so() -> None:
    _, notes = fit_classifier(params_of("logistic_regression", max_iter=1), *draw_features(), 0, 1)
    assert notes == ("the classifier logistic_regression did not converge in 1 iterations: raise classifier.max_iter",)


def test_one_label_alone_is_told() -> None:
    features, labels = draw_features()
    with pytest.raises(FitError, match="one label alone"):
        fit_classifier(params_of("decision_tree"), features, np.zeros_like(labels), 0, 1)


def test_too_few_samples_to_calibrate_are_told() -> None:
    features, labels = draw_features()
    with pytest.raises(FitError, match="too few to calibrate classifier svm"):
        fit_classifier(params_of("svm"), features[:21], labels[:21], 0, 1)
