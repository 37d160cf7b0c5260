"""Metrics of many samples, by the comparison's bootstrap over units."""

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats

from pipeline.comparison.pairing import pair_scores
from pipeline.comparison.pooled import Pooled, estimate_pooled, estimate_pooled_difference
from pipeline.comparison.pooled_rows import mark_rows, pool
from tests.benchmarks.evidence.claims import CONFIDENCE, LEVEL

UNITS = (30, 100)
METRICS = ("auc", "balanced_accuracy", "calibration_error")
RESAMPLES = 100  # of each bootstrap; the comparison draws more
APART = 1.5  # standard deviations between the scores of two classes
TRUTH = {"auc": stats.norm.cdf(APART / np.sqrt(2)), "balanced_accuracy": stats.norm.cdf(APART / 2)}
COLUMNS = ["metric", "units", "replications", "claims", "rate", "low_99", "coverage", "bar", "holds"]


def draw_rows(units: int, seed: int) -> pd.DataFrame:
    """Score table of two models that tell two classes equally well, and say so with the same, right, confidence."""
    generator = np.random.default_rng([units, seed])
    label = np.tile(np.arange(units) % 2, 2)
    score = generator.normal((label - 0.5) * APART, 1)
    probability = 1 / (1 + np.exp(-APART * score))
    names = [f"s{number}" for number in range(units)] * 2
    columns = {"sample_id": names, "sequence": names, "group": names, "time": 0, "fold": "0"}
    table = pd.DataFrame({"model": np.repeat(["a", "b"], units), **columns})
    return table.assign(label=label, probability_0=1 - probability, probability_1=probability)


def pair_rows(metric: str, units: int, seed: int) -> Pooled:
    """The rows of both models, lined up as the comparison does."""
    scores = mark_rows(draw_rows(units, seed), (metric,))
    paired = pool(scores, pair_scores(scores, (metric,), by_sequence=False))[metric]
    assert isinstance(paired, Pooled)
    return replace(paired, resamples=RESAMPLES)


def claim_pooled(metric: str, units: int, replications: int) -> list[object]:
    """A row of COLUMNS; coverage of the true value where theory gives it."""
    claimed, covered = [], []
    for seed in range(replications):
        paired = pair_rows(metric, units, seed)
        claimed.append(estimate_pooled_difference(paired, 0, 1, CONFIDENCE, None).p <= LEVEL)
        interval = estimate_pooled(paired, 0, CONFIDENCE)
        covered.append(interval.low <= TRUTH.get(metric, np.nan) <= interval.high)
    count = int(np.sum(claimed))
    low = float(stats.binomtest(count, replications, alternative="greater").proportion_ci(0.99).low)
    coverage = float(np.mean(covered)) if metric in TRUTH else np.nan
    return [metric, units, replications, count, count / replications, low, coverage, "low_99 <= .05", low <= LEVEL]


def simulate_pooled(replications: int) -> pd.DataFrame:
    """A row a metric and number of units."""
    rows = [claim_pooled(metric, units, replications) for metric in METRICS for units in UNITS]
    return pd.DataFrame(rows, columns=COLUMNS)
