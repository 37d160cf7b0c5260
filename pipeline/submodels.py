"""One binary classifier a class, and the confidence below which they are asked in place of one classifier of all classes."""

import numpy as np
from threadpoolctl import threadpool_limits

from pipeline.classifiers import Classifier, fit_classifier
from pipeline.params.classifiers import ClassifierParams

Submodels = dict[int, Classifier]
"""By the number of the class."""


def fit_submodels(
    params: ClassifierParams, features: np.ndarray, labels: np.ndarray, seed: int, threads: int
) -> tuple[Submodels, tuple[str, ...]]:
    """A classifier a class that tells it from all the rest, and the notes of the fits.

    Features are (sample, feature), labels (sample,). Raises FitError where there is one label alone.
    """
    fits = {
        int(label): fit_classifier(params, features, (labels == label).astype(int), seed, threads)
        for label in np.unique(labels)
    }
    notes = tuple(dict.fromkeys(note for _, notes in fits.values() for note in notes))
    return {label: submodel for label, (submodel, _) in fits.items()}, notes


def ask_submodels(submodels: Submodels, features: np.ndarray, labels: int) -> np.ndarray:
    """Probabilities (sample, label) as float32: each submodel's of its class, over their sum.

    .9, .6 and 0 become .6, .4 and 0; where no submodel claims the sample, all classes that have one are alike.
    """
    claims = np.zeros((len(features), labels), "float32")
    with threadpool_limits(1):  # once, for it takes ten times as long as a submodel
        for label, submodel in submodels.items():
            claims[:, label] = submodel.predict_proba(features)[:, 1]
    known = np.isin(np.arange(labels), list(submodels)).astype("float32")
    claims = np.where(claims.sum(axis=1, keepdims=True) > 0, claims, known)
    return np.asarray(claims / claims.sum(axis=1, keepdims=True), "float32")


def hand_on(first: np.ndarray, second: np.ndarray, confidence: float) -> np.ndarray:
    """The second's probabilities (sample, label) where the first's likeliest class is less likely than `confidence`."""
    return np.where(first.max(axis=1, keepdims=True) < confidence, second, first)


def choose_confidence(first: np.ndarray, second: np.ndarray, labels: np.ndarray) -> float:
    """The confidence that gives the highest accuracy, of equals the lowest; 0 hands nothing on, 1 all that is not certain.

    Between .4, where the second alone is right, and .7, where the first alone is, it is their middle, .55.
    """
    confidences = first.max(axis=1)
    order = np.argsort(confidences, kind="stable")
    gains = (second.argmax(axis=1) == labels).astype(int) - (first.argmax(axis=1) == labels)
    levels, counts = np.unique(confidences[order].astype(float), return_counts=True)
    ends = counts.cumsum()
    gained = np.concatenate([[0], gains[order].cumsum()[ends - 1]])
    candidates = np.concatenate([[0.0], (levels[:-1] + levels[1:]) / 2, [1.0]])
    if levels[-1] >= 1:  # nothing lies below 1 that would be certain
        gained, candidates = gained[:-1], candidates[:-1]
    return float(candidates[np.argmax(gained)])
