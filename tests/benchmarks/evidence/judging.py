"""Which bars are missed, and which of them are known to be."""

from collections.abc import Mapping

import pandas as pd
from scipy import stats

KNOWN = {
    "difference, Dice-like, one model fails on 5 %, 30 units": "one draw of 30 in five holds no failure; see Intervals.",
    "claim, mean_iou of masks, 30 units": "a few large masks carry the sum, and the bootstrap takes its spread for smaller than it is; a metric of many samples decides nothing.",
    "claim, mean_iou of masks, 100 units": "the same.",
}
"""Misses that docs/evidence.md states, each with its reason; any other makes `make bench-evidence` fail."""
CERTAINTY = 0.999  # of some 180 bars hardly one is missed by chance, however few the replications
LEVEL = 0.05
FEWEST_TRIES = 5  # of suspects and curves
FEWEST_STUDIES = 100  # of noise; fewer do not show the optimism


def find_misses(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Bars that are surely missed: not even the upper bound of a coverage reaches its bar, or the lower bound of a rate of false claims is above its."""
    coverage, selection = tables["coverage"].query("is_used"), tables["selection"]
    pooled = tables["pooled"].assign(bar=tables["pooled"]["coverage_bar"])
    names = pooled["metric"] + " of " + pooled["samples"]
    claims, refits, noise = tables["claims"], tables["refits"], tables["noise"]
    misses = _uncovered("mean", coverage, coverage["scores"])
    misses += _uncovered("difference", tables["differences"], tables["differences"]["scores"])
    misses += _uncovered("winner's score", selection, selection["models"] + ", " + selection["count"].astype(str))
    misses += _uncovered("pooled", pooled, names)
    misses += _claimed("claim", claims, claims["scheme"] + ", " + claims["scores"])
    misses += _claimed("claim", pooled, names)
    misses += [f"refits, {row['model']}, {row['units']} units" for _, row in refits.iterrows() if not row["holds"]]
    for name in ("suspects", "curves"):
        judged = tables[name][tables[name]["tries"] >= FEWEST_TRIES]
        misses += [f"{name} of {row['pictures']}" for _, row in judged.iterrows() if not row["holds"]]
    judged = noise[noise["studies"] >= FEWEST_STUDIES]
    return misses + [f"noise, {row['figure']}" for _, row in judged.iterrows() if not row["holds"]]


def find_unknown(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Misses that nobody has stated."""
    return [miss for miss in find_misses(tables) if miss not in KNOWN]


def is_surely_below(share: float, replications: int, bar: float) -> bool:
    """Whether even the upper bound of a simulated share is below its bar (Clopper and Pearson's)."""
    found = stats.binomtest(round(share * replications), replications, alternative="less")
    return float(found.proportion_ci(CERTAINTY).high) < bar


def _uncovered(kind: str, table: pd.DataFrame, told: "pd.Series[str]") -> list[str]:
    rows = table.assign(told=told)[table["bar"].notna()]
    return [
        f"{kind}, {row['told']}, {row['units']} units"
        for _, row in rows.iterrows()
        if is_surely_below(row["coverage"], int(row["replications"]), row["bar"])
    ]


def _claimed(kind: str, table: pd.DataFrame, told: "pd.Series[str]") -> list[str]:
    return [
        f"{kind}, {row['told']}, {row['units']} units"
        for _, row in table.assign(told=told).iterrows()
        if is_surely_below(1 - row["rate"], int(row["replications"]), 1 - LEVEL)
    ]
