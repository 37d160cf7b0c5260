"""Two one-sided tests: whether a difference is smaller than what the user calls nothing."""

import numpy as np
from scipy import stats

from pipeline.comparison.estimates import Estimate


def judge_equivalence(estimate: Estimate, margin: float | None) -> float:
    """The larger p-value of "it is at least the margin" and "it is at most minus the margin" (Schuirmann 1987).

    It is not above alpha just where the interval at level 1 - 2 alpha lies within the margin. NaN without a margin, or
    without an error to judge by.

    Mean 1 with error 1 and 9 degrees of freedom, margin 3: t = 2, p = .038.
    """
    if margin is None or np.isnan(estimate.error):
        return float("nan")
    room = margin - abs(estimate.centre)
    return float(stats.t.sf(room / estimate.error, estimate.freedom)) if estimate.error else float(room <= 0)
