"""Labels of pure noise: what is reported after searching and choosing must be chance, what the search saw is not."""

import numpy as np
import pandas as pd
import sklearn
from sklearn.model_selection import PredefinedSplit, RandomizedSearchCV, StratifiedKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from pipeline.comparison.selection import correct_winner
from tests.benchmarks.evidence.claims import CONFIDENCE
from tests.benchmarks.evidence.drawing import Floats

SAMPLES, FEATURES, FOLDS, TRIALS = 60, 8, 5, 10
CHANCE = 0.5
SEARCHES = {
    "tree": (DecisionTreeClassifier(random_state=0), {"max_depth": [1, 2, 3, 5], "min_samples_leaf": [1, 3, 5]}),
    "neighbours": (KNeighborsClassifier(algorithm="brute"), {"n_neighbors": list(range(1, 16))}),
    "naive Bayes": (GaussianNB(), {"var_smoothing": list(np.logspace(-9, 1, 15))}),
}
COLUMNS = ["figure", "studies", "mean", "standard_error", "errors_from_chance", "bar", "holds"]


def search_and_test(seed: int) -> tuple[Floats, float]:
    """Right (1) or wrong (0) of every sample by each model (samples, models), searched in each fold; and the mean score of the best trials."""
    generator = np.random.default_rng(seed)
    features, labels = generator.normal(size=(SAMPLES, FEATURES)), np.arange(SAMPLES) % 2
    right, best = np.zeros((SAMPLES, len(SEARCHES))), []
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    for train, test in folds.split(features, labels):
        is_validation = np.where(np.arange(len(train)) % 4 == generator.integers(4), 0, -1)
        for place, (model, space) in enumerate(SEARCHES.values()):
            search = RandomizedSearchCV(
                model, space, n_iter=TRIALS, cv=PredefinedSplit(is_validation), random_state=seed
            )
            found = search.fit(features[train], labels[train])
            right[test, place] = found.predict(features[test]) == labels[test]
            best.append(found.best_score_)
    return right, float(np.mean(best))


def simulate_noise(studies: int) -> pd.DataFrame:
    """A row a figure that somebody might report, its mean over studies, and by how many standard errors that is not chance."""
    figures: dict[str, list[float]] = {
        "best trial of each search, on its validation samples": [],
        "winner of three models, on the samples that chose it": [],
        "one model, tested on samples that no search has seen": [],
        "winner, corrected for the choice (as reported)": [],
    }
    with sklearn.config_context(assume_finite=True, skip_parameter_validation=True):
        for seed in range(studies):
            right, best = search_and_test(seed)
            corrected = correct_winner(right, CONFIDENCE, seed).mean
            found = best, right.mean(axis=0).max(), right[:, 0].mean(), corrected
            for values, value in zip(figures.values(), found, strict=True):
                values.append(float(value))
    return pd.DataFrame(
        [_judge(name, values, is_reported=place >= 2) for place, (name, values) in enumerate(figures.items())],
        columns=COLUMNS,
    )


def _judge(name: str, values: list[float], *, is_reported: bool) -> list[object]:
    error = float(np.std(values, ddof=1) / np.sqrt(len(values)))
    away = (float(np.mean(values)) - CHANCE) / error
    holds = abs(away) <= 2 if is_reported else away > 2
    bar = "within 2 errors of chance" if is_reported else "beyond 2: the optimism is seen"
    return [name, len(values), float(np.mean(values)), error, away, bar, holds]
