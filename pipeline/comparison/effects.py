"""The size of an effect, with its interval."""

import numpy as np
from scipy import stats

from pipeline.comparison.estimates import Estimate
from pipeline.comparison.pairing import Floats

ROUNDING = 1e-9  # differences that vary by less than this share of themselves do not vary


def effect_size(differences: Floats) -> float:
    """Cohen's d_z, mean / sd of paired differences; NaN where they do not vary and are not zero.

    Differences .1, .2, .3: .2 / .1 = 2.
    """
    if not differences.any():
        return 0.0 if len(differences) else float("nan")
    spread = _spread(differences)
    return float(differences.mean() / spread) if spread else float("nan")


def effect_interval(differences: Floats, estimate: Estimate, confidence: float) -> tuple[float, float]:
    """Interval of the mean difference in standard deviations, from the t of the estimate's own test.

    t varies by sqrt(1 + t^2 / (2 df)) (Hedges and Olkin 1985, chapter 5), which covers .945 to .957 at 6 units as at 100; times the
    test's error over the standard deviation it is in the effect's units. NaN where differences do not vary.

    Ten differences with mean and standard deviation 1: t = 3.162, 3.162 +- 1.960 * 1.247, interval .227 to 1.773.
    """
    spread = _spread(differences)
    if not spread or not estimate.error > 0:
        return float("nan"), float("nan")
    t = estimate.mean / estimate.error
    reach = float(stats.norm.ppf((1 + confidence) / 2)) * np.sqrt(1 + t**2 / (2 * estimate.freedom))
    low, high = np.array([t - reach, t + reach]) * estimate.error / spread
    return float(low), float(high)


def _spread(differences: Floats) -> float:
    spread = float(differences.std(ddof=1)) if len(differences) > 1 else 0.0
    return spread if spread > ROUNDING * np.abs(differences).max(initial=0) else 0.0
