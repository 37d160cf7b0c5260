"""How many more units a decision would need."""

from math import ceil

import numpy as np
from scipy.optimize import brentq
from statsmodels.stats.power import TTestPower

from pipeline.comparison.estimates import Estimate
from pipeline.comparison.flips import fewest_units

POWER = 0.8
"""Chance of a decision that is asked for (Cohen 1988)."""
MOST_NEEDED = 10_000
"""Beyond so many more units the number says nothing but that; it stands for "more than"."""


def count_needed(estimate: Estimate, units: int, level: float) -> float:
    """Units beyond those at hand for which a paired t test at this level finds the difference with power .8, as it was observed.

    At least so many that sign flips can reject at all, at most MOST_NEEDED; NaN for a difference of nothing, or one without an error.
    The difference was not significant, so that its own interval allows far more units, and none that would do.

    Effect .5 in 10 units at level .05: 33.4 units in all, 24 more.
    """
    if not estimate.error > 0 or not estimate.mean:
        return float("nan")
    effect = abs(estimate.mean) / (estimate.error * np.sqrt(units))
    planned = min(_count_planned(effect, units, level), MOST_NEEDED)
    return float(max(planned, fewest_units(level) - units))


def _count_planned(effect: float, units: int, level: float) -> int:
    def spare(more: float) -> float:
        # the half of the two-sided test that decides rightly
        power = float(TTestPower().power(effect, units + more, level / 2, alternative="larger"))
        return float(np.nan_to_num(power, nan=1.0)) - POWER  # NaN where the effect is too large for the noncentral t

    if spare(1) >= 0:
        return 1
    return MOST_NEEDED if spare(MOST_NEEDED) <= 0 else ceil(brentq(spare, 1, MOST_NEEDED))
