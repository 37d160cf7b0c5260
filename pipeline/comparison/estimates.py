"""A mean, or a mean difference, with its interval and the probability of such a mean where the true one is zero."""

from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from pipeline.comparison.flips import flip_signs
from pipeline.comparison.pairing import Floats

LARGEST_FLIPPED = 100  # units that differ; beyond, the t test agrees with sign flips and costs nothing


@dataclass(frozen=True)
class Estimate:
    """A mean, its interval, and the p-value of the hypothesis that it is zero; NaN where the data allow none."""

    mean: float
    low: float
    high: float
    p: float
    method: str
    """The test."""
    interval: str
    """The method of the interval."""
    error: float = np.nan
    """Standard error behind the interval."""
    freedom: float = np.nan
    """Degrees of freedom behind the interval."""
    centre: float = np.nan
    """Middle of the interval."""


NOTHING = Estimate(np.nan, np.nan, np.nan, np.nan, "none", "none")


def estimate_student(
    mean: float, error: float, freedom: float, confidence: float, method: str, centre: float | None = None
) -> Estimate:
    """Student's interval and test: centre +- t error; the centre is the mean unless told."""
    mean, error = float(mean), float(error)
    centre = mean if centre is None else float(centre)
    margin = float(stats.t.ppf((1 + confidence) / 2, freedom)) * error
    p = 2 * float(stats.t.sf(abs(mean) / error, freedom)) if error else float(mean == 0)
    return Estimate(mean, centre - margin, centre + margin, p, method, method, error, freedom, centre)


def estimate_by_units(units: Floats, confidence: float) -> Estimate:
    """Student's interval and test over independent units: mean +- t sd / sqrt(n), with n - 1 degrees of freedom.

    1, 2, 3, 4, 5: 3 +- 2.776 * 1.581 / 2.236 = 1.04 to 4.96.
    """
    error = units.std(ddof=1) / np.sqrt(len(units))
    return estimate_student(units.mean(), error, len(units) - 1, confidence, "t")


def estimate_by_wins(units: Floats, confidence: float) -> Estimate:
    """Interval of a mean difference of 0/1 scores, each unit's -1, 0 or 1 (Bonett and Price 2012, doi:10.3102/1076998611411915).

    As if one unit more had been won and one more lost, then the normal interval of shares: without it ten units on which two
    models agree would pass for proof that they always do.

    Won 3 of 30, lost 1: centre (4 - 2) / 32 = .0625, error sqrt((6 / 32 - .0625^2) / 32) = .0757, interval -.086 to .211.
    """
    count = len(units) + 2
    shares = (np.sum(units > 0) + 1) / count, (np.sum(units < 0) + 1) / count
    centre = shares[0] - shares[1]
    error = np.sqrt((sum(shares) - centre**2) / count)
    return estimate_student(units.mean(), error, np.inf, confidence, "Bonett-Price", centre)


def estimate_by_flips(units: Floats, confidence: float, seed: int, *, is_binary: bool = False) -> Estimate:
    """Interval of paired differences of units, and the p-value of flipping their signs.

    Beyond 100 units that differ it is Student's test. The interval is Student's, or where scores are 0 or 1 that of Bonett and Price.
    Of such scores the test is McNemar's exact one.
    """
    student = estimate_by_units(units, confidence)
    estimate = estimate_by_wins(units, confidence) if is_binary else student
    different = units[units != 0]
    if len(different) > LARGEST_FLIPPED:
        return replace(estimate, p=student.p, method="paired t")
    p = float(flip_signs(different[:, None], seed)[0]) if len(different) else 1.0
    return replace(estimate, p=p, method="sign flips")


def estimate_by_folds(units: Floats, folds: Floats, test_to_train: float, confidence: float) -> Estimate:
    """Corrected resampled t test of repeated k-fold differences (Nadeau and Bengio 2003, doi:10.1023/A:1024068626366).

    Folds share training samples, so that the variance of their mean is (1 / J + n_test / n_train) var, not var / J.
    """
    variance = (1 / len(folds) + test_to_train) * folds.var(ddof=1)
    return estimate_student(units.mean(), np.sqrt(variance), len(folds) - 1, confidence, "corrected t")
