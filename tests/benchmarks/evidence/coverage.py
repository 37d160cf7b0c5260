"""How often the interval of a mean score covers the true one, method by method."""

import warnings
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from tqdm import tqdm

from pipeline.comparison.bounded import bound_mean
from pipeline.comparison.intervals import estimate_by_skewness, estimate_mean, may_fail
from pipeline.metrics import METRICS
from tests.benchmarks.evidence.claims import CONFIDENCE, UNITS
from tests.benchmarks.evidence.drawing import DISTRIBUTIONS, Distribution, Floats

BARS = {30: 0.92, 100: 0.935}
RESAMPLES, AT_ONCE = 999, 50
COLUMNS = ["scores", "drawn_for", "units", "method", "is_used", "replications", "coverage", "width", "bar", "holds"]
Bounds = tuple[Floats, Floats]


def bound_by_comparison(scores: Floats, metric: str) -> Bounds:
    """What the comparison gives, cut where the metric ends; scores (units, replications)."""
    if not may_fail(metric):
        estimates = [estimate_mean(column, CONFIDENCE, metric) for column in scores.T]
        bounds = np.array([(estimate.low, estimate.high) for estimate in estimates])
        low, high = np.clip(bounds, METRICS[metric].low, METRICS[metric].high).T
        return low, high
    is_share = np.isin(scores, (0, 1)).all(axis=0)
    pairs = zip(bound_by_wilson(scores, metric), bound_mean(scores, CONFIDENCE), strict=True)
    low, high = (np.where(is_share, wilson, bounded) for wilson, bounded in pairs)
    return low, high


def bound_by_t(scores: Floats, metric: str) -> Bounds:
    """Student's interval."""
    reach = stats.t.ppf((1 + CONFIDENCE) / 2, len(scores) - 1) * scores.std(axis=0, ddof=1) / np.sqrt(len(scores))
    return scores.mean(axis=0) - reach, scores.mean(axis=0) + reach


def bound_by_skewness(scores: Floats, metric: str) -> Bounds:
    """Student's interval corrected for skewness, which the comparison has for errors and shares of pixels."""
    estimates = [estimate_by_skewness(column, CONFIDENCE) for column in scores.T]
    low, high = np.array([(estimate.low, estimate.high) for estimate in estimates]).T
    return np.clip(low, METRICS[metric].low, None), np.clip(high, None, METRICS[metric].high)


def bound_by_logit(scores: Floats, metric: str) -> Bounds:
    """Student's interval of the logit, or of the logarithm of an error, turned back."""
    mean, error = scores.mean(axis=0), (bound_by_t(scores, metric)[1] - scores.mean(axis=0))
    if METRICS[metric].high > 1:
        return mean * np.exp(-error / mean), mean * np.exp(error / mean)
    mean = np.clip(mean, 1e-9, 1 - 1e-9)
    centre, reach = np.log(mean / (1 - mean)), np.minimum(error / (mean * (1 - mean)), 50)
    return 1 / (1 + np.exp(reach - centre)), 1 / (1 + np.exp(-reach - centre))


def bound_by_wilson(scores: Floats, metric: str) -> Bounds:
    """Wilson's interval, as if scores between 0 and 1 were shares too."""
    low, high = proportion_confint(scores.sum(axis=0), len(scores), 1 - CONFIDENCE, method="wilson")
    return np.asarray(low), np.asarray(high)


def bound_by_bca(scores: Floats, metric: str) -> Bounds:
    """SciPy's bootstrap, bias-corrected and accelerated."""
    parts = np.array_split(scores, max(1, scores.shape[1] // AT_ONCE), axis=1)
    found = [_bootstrap(part) for part in parts]
    return np.concatenate([low for low, _ in found]), np.concatenate([high for _, high in found])


METHODS: dict[str, Callable[[Floats, str], Bounds]] = {
    "comparison": bound_by_comparison,
    "t": bound_by_t,
    "skewness-corrected t": bound_by_skewness,
    "logit or log t": bound_by_logit,
    "Wilson": bound_by_wilson,
    "BCa": bound_by_bca,
}


def cover(distribution: Distribution, units: int, method: str, replications: int) -> list[object]:
    """A row of COLUMNS: coverage of nominal 95 % intervals, and their mean width; an interval of no width covers nothing else."""
    scores = distribution.draw(np.random.default_rng(units), (units, replications))
    low, high = METHODS[method](scores, distribution.metric)
    coverage = float(np.mean((low <= distribution.mean) & (distribution.mean <= high)))
    bar = BARS.get(units, np.nan)
    holds = coverage >= bar if units in BARS else ""
    row = [distribution.name, distribution.drawn_for, units, method, method == "comparison", replications]
    return [*row, coverage, float(np.nanmean(high - low)), bar, holds]


def simulate_coverage(replications: int, others: int) -> pd.DataFrame:
    """A row a distribution, number of units and method; fewer replications of the methods that are not used."""
    return pd.DataFrame(_rows(replications, others), columns=COLUMNS)


def _rows(replications: int, others: int) -> Iterator[list[object]]:
    for distribution in tqdm(DISTRIBUTIONS, desc="coverage of means", unit="distribution"):
        for units in UNITS:
            for method in METHODS:
                if method == "Wilson" and METRICS[distribution.metric].high > 1:
                    continue  # for shares alone
                yield cover(distribution, units, method, others if method == "BCa" else replications)


def _bootstrap(scores: Floats) -> Bounds:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)  # BCa of equal scores is NaN, and covers nothing
        found = stats.bootstrap(
            (scores,),
            np.mean,
            axis=0,
            n_resamples=RESAMPLES,
            confidence_level=CONFIDENCE,
            method="BCa",
            rng=np.random.default_rng(0),
        )
    return found.confidence_interval.low, found.confidence_interval.high
