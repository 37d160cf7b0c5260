"""What a comparison means, in plain sentences."""

from typing import Any

import pandas as pd

from pipeline.comparison.limits import describe_limits
from pipeline.comparison.table import Comparison
from pipeline.comparison.wording import best, chance, count_units, interval, lead, listed, quantity, scope
from pipeline.metrics import METRICS, SPELT
from pipeline.params import CompareParams, EvaluateParams


def build_verdict(
    comparison: Comparison, compare: CompareParams, evaluate: EvaluateParams, coverage: float
) -> dict[str, Any]:
    """The content of metrics.json: winner, verdict, a sentence a pair, corrected score, coverage and means; NaN is None."""
    told = [test for metric in choose_metrics(comparison) for test in list_tests(comparison, metric)]
    corrected = comparison.corrected
    return {
        "metric": comparison.metric,
        "winner": comparison.winner,
        "verdict": describe_winner(comparison, compare),
        "sentences": [describe_pair(comparison, test, compare) for test in told],
        "notes": describe_limits(comparison, compare, evaluate, coverage),
        "winner_corrected": {key: _null(value) for key, value in vars(corrected).items()},
        "coverage": coverage,
        "confidence": compare.confidence,
        "models": {
            str(model): {
                str(row["metric"]): {key: _null(row[key]) for key in ("mean", "low", "high")}
                for _, row in rows.iterrows()
            }
            for model, rows in comparison.summary.groupby("model", sort=False)
        },
    }


def choose_metrics(comparison: Comparison) -> list[str]:
    """The metric that decides, and for each head that it does not judge the first with scores: RMSE beside Dice."""
    first: dict[str, str] = {METRICS[comparison.metric].head: comparison.metric}
    for metric in (metric for metric, paired in comparison.pairs.items() if len(paired.scores)):
        first.setdefault(METRICS[metric].head, metric)
    return list(first.values())


def list_tests(comparison: Comparison, metric: str) -> "list[pd.Series[Any]]":
    """The tests of one metric, a row a pair of models."""
    tests = comparison.tests
    return [test for _, test in tests[tests["metric"] == metric].iterrows()]


def describe_pair(comparison: Comparison, test: "pd.Series[Any]", compare: CompareParams) -> str:
    """Whether one model beats the other, with difference, interval, p-value and what was counted."""
    metric = str(test["metric"])
    paired = comparison.pairs[metric]
    ahead = 1 if METRICS[metric].sign * test["difference"] >= 0 else -1
    better, worse = (test["model_a"], test["model_b"])[::ahead]
    if pd.isna(test["p"]):
        units = count_units(paired)
        return f"{better} and {worse} cannot be told apart in {SPELT[metric]}: {units} are too few for a test."
    sign = ahead * METRICS[metric].sign
    low, high = sorted([sign * test["low"], sign * test["high"]])
    within = interval(low, high, metric, compare.confidence)
    evidence = f"({within}, {chance(test['p_holm'])} after Holm, {count_units(paired)}{scope(paired)})"
    difference = abs(test["difference"])
    if not is_significant(test, compare):
        by = quantity(difference, metric)
        return f"{better} and {worse} cannot be told apart: their {SPELT[metric]} differs by {by} {evidence}."
    return f"{better} beats {worse} by {lead(difference, metric)} {evidence}."


def describe_winner(comparison: Comparison, compare: CompareParams) -> str:
    """Who has the best mean, whom it beats, and from whom it cannot be told apart."""
    metric, winner, tests = comparison.metric, comparison.winner, comparison.tests
    rows = comparison.summary
    mean = rows[(rows["model"] == winner) & (rows["metric"] == metric)].iloc[0]
    score, evidence = quantity(mean["mean"], metric), _describe_evidence(comparison, mean, compare)
    own = tests[(tests["metric"] == metric) & ((tests["model_a"] == winner) | (tests["model_b"] == winner))]
    if own.empty:
        return f"{winner} reaches {score} {SPELT[metric]} ({evidence}); there is no other model to compare it with."
    others = own["model_a"].where(own["model_a"] != winner, own["model_b"])
    beaten = own.apply(is_significant, axis=1, compare=compare)
    parts = [f"beats {listed(others[beaten])}"] if beaten.any() else []
    parts += [f"cannot be told apart from {listed(others[~beaten])}"] if not beaten.all() else []
    return f"{winner} has the {best(metric)}, {score} ({evidence}), and {' but '.join(parts)}."


def _describe_evidence(comparison: Comparison, mean: "pd.Series[Any]", compare: CompareParams) -> str:
    metric, corrected = comparison.metric, comparison.corrected.mean
    within = "" if pd.isna(mean["low"]) else f"{interval(mean['low'], mean['high'], metric, compare.confidence)}, "
    is_corrected = len(comparison.paired.models) > 1 and not pd.isna(corrected)
    correction = f"; {quantity(corrected, metric)} corrected for the choice" if is_corrected else ""
    return f"{within}{count_units(comparison.paired)}{scope(comparison.paired)}{correction}"


def is_significant(test: "pd.Series[Any]", compare: CompareParams) -> bool:
    """Whether a pair differs after Holm's correction; a test that was not possible is no."""
    return bool(test["p_holm"] <= 1 - compare.confidence)


def _null(value: Any) -> Any:
    return None if isinstance(value, float) and pd.isna(value) else value
