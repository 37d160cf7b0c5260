"""How often a difference is claimed between models that are equally good, scheme by scheme."""

from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from pipeline.comparison.blocks import estimate_by_blocks
from pipeline.comparison.claims import adjust, decide
from pipeline.comparison.equivalence import judge_equivalence
from pipeline.comparison.estimates import estimate_by_flips, estimate_by_units
from pipeline.comparison.flips import flip_signs
from pipeline.comparison.friedman import compare_ranks
from pipeline.comparison.pairing import Paired
from tests.benchmarks.evidence.drawing import Floats, draw_pairs, draw_series

LEVEL, CONFIDENCE = 0.05, 0.95
UNITS = (10, 30, 100)
AT_ONCE = 500  # replications whose sign flips are one product of matrices
COLUMNS = ["scheme", "scores", "units", "replications", "claims", "rate", "low_99", "bar", "holds"]


def judge(scheme: str, scores: str, units: int, claimed: Floats) -> list[object]:
    """A row of COLUMNS: the one-sided lower 99 % bound of the rate, Clopper and Pearson's, must not be above .05."""
    count, rate = len(claimed), float(claimed.mean())
    low = float(stats.binomtest(int(claimed.sum()), count, alternative="greater").proportion_ci(0.99).low)
    return [scheme, scores, units, count, int(claimed.sum()), rate, low, "low_99 <= .05", low <= LEVEL]


def flip_all(differences: Floats) -> Floats:
    """P-values of the comparison's sign flips for each column (units, replications)."""
    parts = np.array_split(differences, max(1, differences.shape[1] // AT_ONCE), axis=1)
    return np.concatenate([flip_signs(part, seed=0) for part in parts])


@cache
def flip_wins(wins: int, losses: int) -> float:
    """P-value of the comparison for right or wrong."""
    differences = np.concatenate([np.ones(wins), -np.ones(losses), [0.0, 0.0]])
    return estimate_by_flips(differences, CONFIDENCE, seed=0, is_binary=True).p


def claim_in_one_pass(kind: str, units: int, replications: int) -> list[object]:
    """Two models, one pass: sign flips over units."""
    scores = draw_pairs(kind, np.random.default_rng(units), (units, 2, replications))
    differences = scores[:, 0] - scores[:, 1]
    if kind == "right or wrong":
        counts = zip((differences > 0).sum(axis=0), (differences < 0).sum(axis=0), strict=True)
        p = np.array([flip_wins(int(wins), int(losses)) for wins, losses in counts])
    else:
        p = flip_all(differences)
    return judge("one pass, sign flips", kind, units, p <= LEVEL)


def claim_in_many_units(kind: str, units: int, replications: int) -> list[object]:
    """Two models, one pass, more than 100 units: Student's test."""
    scores = draw_pairs(kind, np.random.default_rng(units), (units, 2, replications))
    p = [estimate_by_flips(column, CONFIDENCE, seed=0).p for column in (scores[:, 0] - scores[:, 1]).T]
    return judge("one pass, paired t", kind, units, np.array(p) <= LEVEL)


def claim_within_volume(correlation: float, frames: int, replications: int) -> list[object]:
    """Two models on one volume: block bootstrap over its frames."""
    series = draw_series(np.random.default_rng(frames), correlation, (frames, replications))
    number = np.zeros(frames, dtype=np.int64)
    p = [estimate_by_blocks(column, number, number, CONFIDENCE).p for column in series.T]
    return judge("block bootstrap within a volume", f"correlation {correlation:g}", frames, np.array(p) <= LEVEL)


def claim_among_four(kind: str, units: int, replications: int) -> list[object]:
    """Four models, one pass: any pair claimed, after Friedman's test and Holm's correction."""
    scores = draw_pairs(kind, np.random.default_rng(units), (units, 4, replications))
    pairs = list(combinations(range(4), 2))
    p = np.stack([flip_all(scores[:, first] - scores[:, second]) for first, second in pairs], axis=1)
    claimed = [_is_any_claimed(scores[:, :, place], p[place]) for place in range(replications)]
    return judge("four models, Friedman, sign flips, Holm", kind, units, np.array(claimed))


def call_equivalent(units: int, replications: int) -> list[object]:
    """Two models that differ by just the margin: how often they are called equivalent."""
    scores = draw_pairs("Dice-like", np.random.default_rng(units), (units, 2, replications))
    differences, margin = scores[:, 0] - scores[:, 1], 0.1
    p = [judge_equivalence(estimate_by_units(column + margin, CONFIDENCE), margin) for column in differences.T]
    return judge("one pass, two one-sided tests", "Dice-like, apart by the margin", units, np.array(p) <= LEVEL)


def simulate_claims(replications: int) -> pd.DataFrame:
    """A row a scheme, kind of scores and number of units."""
    kinds, correlations = ("Dice-like", "heavy-tailed errors", "right or wrong"), (0.0, 0.5, 0.8)
    rows = [claim_in_one_pass(kind, units, replications) for kind in kinds for units in UNITS]
    rows += [claim_in_many_units(kind, 300, replications) for kind in kinds[:2]]
    rows += [claim_within_volume(correlation, frames, replications) for correlation in correlations for frames in UNITS]
    rows += [claim_among_four("Dice-like", units, replications) for units in UNITS]
    rows += [call_equivalent(units, replications) for units in UNITS]
    return pd.DataFrame(rows, columns=COLUMNS)


def _is_any_claimed(scores: Floats, p: Floats) -> bool:
    row = np.arange(len(scores))
    paired = Paired(("a", "b", "c", "d"), scores, row, row, row, row, "sample", 0)
    friedman = compare_ranks("dice", paired)
    return any(decide(1.0, holm, np.nan, friedman, LEVEL) != "undecided" for holm in adjust(list(p)))
