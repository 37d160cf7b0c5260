"""A mean with its interval and the probability of such a mean where the true one is zero."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from pipeline.comparison.pairing import Floats, Integers

# Simulated autoregressive series (correlation 0 to .8, 30 to 300 frames) give false alarms in 3 to 6 % with blocks of five
# correlation lengths; one length gave up to 24 %.
CORRELATION_LENGTHS = 5
LARGEST_FLIPPED = 100  # units; beyond, the t test agrees with sign flips and costs nothing
RESAMPLES = 9999  # sign flips drawn; up to 13 units all 2^units are taken


@dataclass(frozen=True)
class Estimate:
    """A mean, its interval, and the p-value of the hypothesis that it is zero; NaN where the data allow none."""

    mean: float
    low: float
    high: float
    p: float
    method: str


NOTHING = Estimate(np.nan, np.nan, np.nan, np.nan, "none")


def estimate_by_units(units: Floats, confidence: float) -> Estimate:
    """Student's interval and test over independent units: mean +- t sd / sqrt(n), with n - 1 degrees of freedom.

    1, 2, 3, 4, 5: 3 +- 2.776 * 1.581 / 2.236 = 1.04 to 4.96.
    """
    error = units.std(ddof=1) / np.sqrt(len(units))
    return _student(units.mean(), error, len(units) - 1, confidence, "t")


def estimate_by_flips(units: Floats, confidence: float, seed: int) -> Estimate:
    """Student's interval, and the p-value of flipping the signs of paired differences of units.

    Under "no difference" each unit's difference is as likely to be negative as positive. Unlike Wilcoxon's, the test
    is about the mean, which is what is reported, and unlike Student's it is exact without normality. All flips are
    taken while there are at most 9999 of them, else as many are drawn; beyond 100 units it is Student's test.
    """
    estimate = estimate_by_units(units, confidence)
    if len(units) > LARGEST_FLIPPED:
        return Estimate(estimate.mean, estimate.low, estimate.high, estimate.p, "paired t")
    flips = stats.permutation_test(
        (units,), np.mean, permutation_type="samples", n_resamples=RESAMPLES, rng=np.random.default_rng(seed)
    )
    return Estimate(estimate.mean, estimate.low, estimate.high, float(flips.pvalue), "sign flips")


def estimate_by_folds(units: Floats, folds: Floats, test_to_train: float, confidence: float) -> Estimate:
    """Corrected resampled t test of repeated k-fold differences (Nadeau and Bengio 2003, doi:10.1023/A:1024068626366).

    Folds share training samples, so that the variance of their mean is (1 / J + n_test / n_train) var, not var / J.
    """
    variance = (1 / len(folds) + test_to_train) * folds.var(ddof=1)
    return _student(units.mean(), np.sqrt(variance), len(folds) - 1, confidence, "corrected t")


def estimate_by_blocks(samples: Floats, unit: Integers, stretch: Integers, confidence: float) -> Estimate:
    """Moving block bootstrap within the given units (Kuensch 1989, doi:10.1214/aos/1176347265).

    The standard error of the bootstrap mean has a closed form, the spread of the means of all blocks, so that nothing
    is drawn. Blocks hold five correlation lengths; Student's quantile counts as many values as blocks fit in. NaN where not
    even two blocks fit into a stretch of time. Nothing follows for other units.
    """
    weight = 1 / (np.bincount(unit)[unit] * (unit.max() + 1))
    mean = float(weight @ samples)
    stretches = [np.flatnonzero(stretch == number) for number in range(stretch.max() + 1)]
    length = block_length(samples, stretch)
    method = f"block bootstrap within this volume, blocks of {length}"
    squares, blocks, whole = [], 0.0, 0
    for rows in stretches:
        if len(rows) >= 2 * length:
            sums = np.concatenate([[0.0], np.cumsum(samples[rows] - samples[rows].mean())])
            squares.append(((sums[length:] - sums[:-length]) / length) ** 2)
            blocks, whole = blocks + len(rows) / length, whole + 1
    if not whole:
        return Estimate(mean, np.nan, np.nan, np.nan, "none")
    variance = np.concatenate(squares).mean() / (1 - whole / blocks)
    shares = sum(weight[rows].sum() ** 2 * length / len(rows) for rows in stretches)
    return _student(mean, np.sqrt(variance * shares), blocks - whole, confidence, method)


def block_length(samples: Floats, stretch: Integers) -> int:
    """Samples a block: five times the first lag whose autocorrelation is below 2 / sqrt(n), and at least n^(1/3)."""
    count = len(samples)
    sums, sizes = np.bincount(stretch, weights=samples), np.bincount(stretch)
    centred = samples - (sums / sizes)[stretch]
    noise = 2 * float(centred @ centred) / np.sqrt(count)
    lag = 1
    while lag < count and _autocovariance(centred, stretch, lag) >= noise:
        lag += 1
    return max(CORRELATION_LENGTHS * lag, int(np.ceil(count ** (1 / 3))))


def effect_size(differences: Floats) -> float:
    """Cohen's d_z, mean / sd of paired differences; NaN where they do not vary and are not zero.

    Differences .1, .2, .3: .2 / .1 = 2.
    """
    if not differences.any():
        return 0.0 if len(differences) else float("nan")
    spread = differences.std(ddof=1) if len(differences) > 1 else 0.0
    return float(differences.mean() / spread) if spread > 0 else float("nan")


def _autocovariance(centred: Floats, stretch: Integers, lag: int) -> float:
    ahead = slice(lag, None)
    behind = slice(None, len(centred) - lag)
    return float((centred[ahead] * centred[behind]) @ (stretch[ahead] == stretch[behind]))


def _student(mean: float, error: float, freedom: float, confidence: float, method: str) -> Estimate:
    mean, error = float(mean), float(error)
    margin = float(stats.t.ppf((1 + confidence) / 2, freedom)) * error
    p = 2 * float(stats.t.sf(abs(mean) / error, freedom)) if error else float(mean == 0)
    return Estimate(mean, mean - margin, mean + margin, p, method)
