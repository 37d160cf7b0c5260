"""Classifiers of scikit-learn on features: built, fitted, asked, and stored without pickle."""

import io
import re
import warnings
from collections import Counter
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
import skops.io
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_limits

from pipeline.fitting.control import FitError
from pipeline.params.classifiers import ClassifierParams, LogisticRegressionParams, SvmParams

Classifier = Any
SCALED = ("logistic_regression", "mlp", "svm")
"""Kinds that depend on the scale of the features."""
ESTIMATORS = {
    "logistic_regression": LogisticRegression,
    "random_forest": RandomForestClassifier,
    "mlp": MLPClassifier,
    "decision_tree": DecisionTreeClassifier,
    "svm": SVC,
}
CALIBRATION_FOLDS = 5
TRUSTED = [
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.model_selection._split.StratifiedKFold",
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
    "sklearn.tree._tree.Tree",
]
"""Types in our classifiers that skops does not trust by itself."""
ADDRESSES = re.compile(r'(?<="__id__": )\d+|(?<=")\d+(?=\.npy")')
"""Where skops writes down which objects are one: by their places in memory."""


def fit_classifier(
    params: ClassifierParams, features: np.ndarray, labels: np.ndarray, seed: int, threads: int
) -> tuple[Classifier, tuple[str, ...]]:
    """A classifier fitted to features (sample, feature) and labels (sample,), and the notes of the fit.

    Raises FitError where there are too few labels to learn from.
    """
    counts = Counter(labels.tolist())
    if len(counts) < 2:
        raise FitError(
            "the training samples have one label alone: a classifier needs two, split by kind stratified_k_fold"
        )
    classifier = _build(params, min(counts.values()), seed, threads)
    with threadpool_limits(threads), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the notes tell it
        classifier.fit(features, labels)
    return classifier, _describe_convergence(classifier, params)


def predict_labels(classifier: Classifier, features: np.ndarray, labels: int) -> np.ndarray:
    """Probabilities (sample, label) as float32; 0 of a label that no training sample had."""
    probabilities = np.zeros((len(features), labels), "float32")
    with threadpool_limits(1):
        probabilities[:, classifier.classes_] = classifier.predict_proba(features)
    return probabilities


def dump_classifier(classifier: Classifier) -> np.ndarray:
    """A fitted classifier as bytes (uint8), the same for the same classifier: without times, and places in memory numbered."""
    numbers: dict[str, str] = {}
    settled = io.BytesIO()
    with ZipFile(io.BytesIO(skops.io.dumps(classifier))) as source, ZipFile(settled, "w", ZIP_DEFLATED) as target:
        files, schema = set(source.namelist()), source.read("schema.json").decode()
        schema = ADDRESSES.sub(lambda found: numbers.setdefault(found[0], str(len(numbers))), schema)
        for address, number in numbers.items():
            if f"{address}.npy" in files:
                target.writestr(ZipInfo(f"{number}.npy"), source.read(f"{address}.npy"), ZIP_DEFLATED)
        target.writestr(ZipInfo("schema.json"), schema, ZIP_DEFLATED)
    return np.frombuffer(settled.getvalue(), np.uint8)


def load_classifier(stored: np.ndarray) -> Classifier:
    """The classifier of `dump_classifier`; nothing but the types that ours are made of is ever built."""
    return skops.io.loads(stored.tobytes(), trusted=TRUSTED)


def _build(params: ClassifierParams, fewest: int, seed: int, threads: int) -> Classifier:
    settings = params.model_dump(exclude={"kind"})
    if params.kind == "random_forest":
        settings["n_jobs"] = threads
    if isinstance(params, LogisticRegressionParams) and params.l1_ratio:
        settings["solver"] = "saga"  # the one that knows L1
    estimator = ESTIMATORS[params.kind](random_state=seed, **settings)
    if isinstance(params, SvmParams):
        if fewest < 2:
            raise FitError("a label has one training sample alone, too few to calibrate classifier svm: name another")
        folds = StratifiedKFold(min(CALIBRATION_FOLDS, fewest))
        estimator = CalibratedClassifierCV(estimator, cv=folds, ensemble=False)
    return make_pipeline(StandardScaler(), estimator) if params.kind in SCALED else estimator


def _describe_convergence(classifier: Classifier, params: ClassifierParams) -> tuple[str, ...]:
    estimator = classifier[-1] if isinstance(classifier, Pipeline) else classifier
    most = getattr(params, "max_iter", None)
    if most is None or np.max(estimator.n_iter_) < most:
        return ()
    return (f"the classifier {params.kind} did not converge in {most} iterations: raise classifier.max_iter",)
