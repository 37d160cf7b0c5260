"""What the tests of a pair of models decide, in a sentence."""

from typing import Any

import pandas as pd

from pipeline.comparison.limits import is_hopeless
from pipeline.comparison.pairing import is_within
from pipeline.comparison.planning import MOST_NEEDED
from pipeline.comparison.table import Comparison
from pipeline.comparison.wording import chance, count_units, interval, lead, quantity, scope
from pipeline.metrics import METRICS, SPELT
from pipeline.params import CompareParams


def list_tests(comparison: Comparison, metric: str) -> "list[pd.Series[Any]]":
    """The tests of one metric, a row a pair of models."""
    tests = comparison.tests
    return [test for _, test in tests[tests["metric"] == metric].iterrows()]


def describe_pair(comparison: Comparison, test: "pd.Series[Any]", compare: CompareParams) -> str:
    """Whether one model beats the other, is its equal, or neither is known; with difference, interval, p-value and what was counted."""
    metric = str(test["metric"])
    paired = comparison.pairs[metric]
    ahead = 1 if METRICS[metric].sign * test["difference"] >= 0 else -1
    better, worse = (test["model_a"], test["model_b"])[::ahead]
    if pd.isna(test["p"]):
        by, need = quantity(abs(test["difference"]), metric), _describe_need(comparison, test, compare)
        few = f"{count_units(paired)} are too few for a test"
        return f"{better} and {worse} cannot be told apart: their {SPELT[metric]} differs by {by}, and {few}{need}."
    sign = ahead * METRICS[metric].sign
    low, high = sorted([sign * test["low"], sign * test["high"]])
    evidence = f"{interval(low, high, metric, compare.confidence)}, {{}}, {count_units(paired)}{scope(paired)}"
    p, by = f"{chance(test['p_holm'])} after Holm", quantity(abs(test["difference"]), metric)
    if test["verdict"] in ("better", "worse"):
        return f"{better} beats {worse} by {lead(abs(test['difference']), metric)} ({evidence.format(p)})."
    if test["verdict"] == "equivalent":
        margin, chances = lead(compare.margin or 0.0, metric), f"{chance(test['p_equivalent'])} for more, after Holm"
        return f"{better} and {worse} are equivalent within {margin}: they differ by {by} ({evidence.format(chances)})."
    open_end = _describe_need(comparison, test, compare)
    return f"{better} and {worse} cannot be told apart: their {SPELT[metric]} differs by {by} ({evidence.format(p)}){open_end}."


def _describe_need(comparison: Comparison, test: "pd.Series[Any]", compare: CompareParams) -> str:
    """Why a pair is undecided, and what would decide it; nothing where neither is known."""
    metric, friedman = str(test["metric"]), comparison.friedman.get(str(test["metric"]))
    if test["p_holm"] <= 1 - compare.confidence and friedman is not None:
        return f"; Friedman's test does not find that the {len(friedman.ranks)} models differ ({chance(friedman.p)})"
    if pd.isna(test["units_needed"]):
        return ""
    count = int(test["units_needed"])
    many = f"more than {count:,}" if count >= MOST_NEEDED else f"about {count:,}"
    if is_within(comparison.pairs[metric]):
        many = f"at least {count:,}"
    nouns = f"more {comparison.pairs[metric].noun}{'s' if count > 1 else ''}"
    if is_hopeless(comparison, metric, compare):
        return f"; so few units allow no decision, whatever they score, and {many} {nouns} would at this difference"
    guess = f", a guess from {test['units']}" if is_within(comparison.pairs[metric]) else ""
    return f"; {many} {nouns} would decide at this difference{guess}"
