"""Repeated k-fold with real refits: folds share training samples, as those of a comparison do."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import sklearn
from scipy import stats
from sklearn.linear_model import Ridge
from sklearn.model_selection import RepeatedKFold
from sklearn.neighbors import KNeighborsRegressor

from pipeline.comparison.estimates import estimate_by_folds
from pipeline.params import SplitParams
from tests.benchmarks.evidence.claims import CONFIDENCE, LEVEL, UNITS
from tests.benchmarks.evidence.drawing import Floats

SPLIT = SplitParams(folds=5, repeats=3)
TARGETS = 5  # of each draw of features: one fit learns them all
FEATURES = 3  # that each of the two models sees
COLUMNS = ["model", "units", "replications", "fits", "corrected", "corrected_low_99", "naive", "bar", "holds"]
MODELS: dict[str, Callable[[], Any]] = {
    "ridge": lambda: Ridge(1.0, solver="cholesky"),
    "3 nearest neighbours": lambda: KNeighborsRegressor(3, algorithm="brute"),
}


def score_folds(build: Callable[[], Any], features: Floats, targets: Floats, seed: int) -> tuple[Floats, Floats]:
    """Squared errors of every sample, averaged over repeats (samples, targets), and their means by fold (folds, targets)."""
    splitter = RepeatedKFold(n_splits=SPLIT.folds, n_repeats=SPLIT.repeats, random_state=seed)
    total, folds = np.zeros_like(targets), []
    for train, test in splitter.split(features):
        learnt = train[: round(len(train) * (1 - SPLIT.validation_fraction))]  # the rest is for validation
        errors = (build().fit(features[learnt], targets[learnt]).predict(features[test]) - targets[test]) ** 2
        total[test] += errors / SPLIT.repeats
        folds.append(errors.mean(axis=0))
    return total, np.array(folds)


def compare_twice(model: str, units: int, draw: int) -> tuple[Floats, Floats]:
    """P-values of the corrected and of the naive t test, one a target, of two models that learn from features that tell as much."""
    generator = np.random.default_rng([units, draw])
    features = generator.normal(size=(units, 2 * FEATURES))
    targets = features.sum(axis=1, keepdims=True) + generator.normal(size=(units, TARGETS))
    (of_a, folds_a), (of_b, folds_b) = (
        score_folds(MODELS[model], features[:, half], targets, draw)
        for half in (slice(FEATURES), slice(FEATURES, None))
    )
    test_to_train = 1 / ((SPLIT.folds - 1) * (1 - SPLIT.validation_fraction))
    corrected = [
        estimate_by_folds(sample, fold, test_to_train, CONFIDENCE).p
        for sample, fold in zip((of_a - of_b).T, (folds_a - folds_b).T, strict=True)
    ]
    return np.array(corrected), np.asarray(stats.ttest_1samp(folds_a - folds_b, 0).pvalue)


def simulate_refits(replications: int) -> pd.DataFrame:
    """A row a model and number of units; the bound allows for targets that share features."""
    rows = []
    with sklearn.config_context(assume_finite=True, skip_parameter_validation=True):
        for model in MODELS:
            for units in UNITS:
                draws = replications // TARGETS
                found = [compare_twice(model, units, draw) for draw in range(draws)]
                corrected, naive = (np.array(part) <= LEVEL for part in zip(*found, strict=True))
                rate, error = corrected.mean(), corrected.mean(axis=1).std(ddof=1) / np.sqrt(draws)
                low = rate - stats.norm.ppf(0.99) * error
                fits = draws * 2 * SPLIT.folds * SPLIT.repeats
                rows.append([model, units, corrected.size, fits, rate, low, naive.mean(), "rate <= .06", rate <= 0.06])
    return pd.DataFrame(rows, columns=COLUMNS)
