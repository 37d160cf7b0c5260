"""How often the interval of a paired difference covers the true one."""

import numpy as np
import pandas as pd

from pipeline.comparison.estimates import Estimate, estimate_by_units, estimate_by_wins
from pipeline.comparison.intervals import estimate_by_skewness
from tests.benchmarks.evidence.claims import CONFIDENCE, UNITS
from tests.benchmarks.evidence.coverage import BARS
from tests.benchmarks.evidence.drawing import Floats, draw_pairs

KINDS = (
    "Dice-like",
    "heavy-tailed errors",
    "right or wrong",
    "Dice-like, one model fails on 5 %",
    "one of them skewed",
)
COLUMNS = ["scores", "units", "replications", "coverage", "skewness_corrected", "width", "bar", "holds"]
FAILS, LOST = 0.05, 0.6
"""Share of the samples on which one model fails, and what it loses there."""


def draw_differences(kind: str, units: int, replications: int) -> tuple[Floats, float]:
    """Differences (units, replications) and their true mean."""
    generator = np.random.default_rng(units)
    if kind == "one of them skewed":
        return generator.exponential(1, (units, replications)), 1.0
    scores = draw_pairs(kind.split(",")[0], generator, (units, 2, replications))
    differences, fails = scores[:, 0] - scores[:, 1], generator.random((units, replications)) < FAILS
    return (differences - LOST * fails, -LOST * FAILS) if "fails" in kind else (differences, 0.0)


def cover_difference(kind: str, units: int, replications: int) -> list[object]:
    """A row of COLUMNS: coverage by the comparison's method, and by that of means, which is not used for differences."""
    differences, truth = draw_differences(kind, units, replications)
    estimate = estimate_by_wins if kind == "right or wrong" else estimate_by_units
    found = [estimate(column, CONFIDENCE) for column in differences.T]
    other = [estimate_by_skewness(column, CONFIDENCE) for column in differences.T]
    coverage, bar = _cover(found, truth), BARS.get(units, np.nan)
    width = float(np.median([interval.high - interval.low for interval in found]))
    holds = coverage >= bar if units in BARS else ""
    return [kind, units, replications, coverage, _cover(other, truth), width, bar, holds]


def simulate_differences(replications: int) -> pd.DataFrame:
    """A row a kind of scores and number of units."""
    return pd.DataFrame(
        [cover_difference(kind, units, replications) for kind in KINDS for units in UNITS], columns=COLUMNS
    )


def _cover(found: list[Estimate], truth: float) -> float:
    return float(np.mean([interval.low <= truth <= interval.high for interval in found]))
