"""What a comparison means, in plain sentences."""

from typing import Any

import pandas as pd

from pipeline.comparison.decisions import describe_pair, list_tests
from pipeline.comparison.limits import describe_limits
from pipeline.comparison.table import Comparison
from pipeline.comparison.wording import best, chance, count_units, interval, listed, quantity, scope
from pipeline.metrics import METRICS, SPELT
from pipeline.params import CompareParams, EvaluateParams


def build_verdict(
    comparison: Comparison, compare: CompareParams, evaluate: EvaluateParams, coverage: float
) -> dict[str, Any]:
    """The content of metrics.json; NaN is None.

    Winner, verdict, notes, corrected score, coverage and means; `pairs` are the rows of tests.csv that `sentences` tell of, in the same
    order; `friedman` is by metric; `margin` is that of equivalence.
    """
    told = [test for metric in choose_metrics(comparison) for test in list_tests(comparison, metric)]
    return {
        "metric": comparison.metric,
        "winner": comparison.winner,
        "verdict": describe_winner(comparison, compare),
        "sentences": [describe_pair(comparison, test, compare) for test in told],
        "pairs": [_record(test.to_dict()) for test in told],
        "friedman": {metric: vars(test) for metric, test in comparison.friedman.items()},
        "margin": compare.margin,
        "notes": describe_limits(comparison, compare, evaluate, coverage),
        "winner_corrected": _record(vars(comparison.corrected)),
        "coverage": coverage,
        "confidence": compare.confidence,
        "models": {
            str(model): {
                str(row["metric"]): _record({key: row[key] for key in ("mean", "low", "high")})
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


def describe_winner(comparison: Comparison, compare: CompareParams) -> str:
    """Who has the best mean, whom it beats, whose equal it is, from whom it cannot be told apart, against whom no test is possible, and whether the models differ at all."""
    metric, winner, tests = comparison.metric, comparison.winner, comparison.tests
    rows = comparison.summary
    mean = rows[(rows["model"] == winner) & (rows["metric"] == metric)].iloc[0]
    score, evidence = quantity(mean["mean"], metric), _describe_evidence(comparison, mean, compare)
    own = tests[(tests["metric"] == metric) & ((tests["model_a"] == winner) | (tests["model_b"] == winner))]
    if own.empty:
        return f"{winner} reaches {score} {SPELT[metric]} ({evidence}); there is no other model to compare it with."
    others = own["model_a"].where(own["model_a"] != winner, own["model_b"])
    is_beaten, is_equal = own["verdict"].isin(["better", "worse"]), own["verdict"] == "equivalent"
    parts = [f"beats {listed(others[is_beaten])}"] if is_beaten.any() else []
    if is_equal.any():
        parts.append(f"is equivalent within {quantity(compare.margin or 0.0, metric)} to {listed(others[is_equal])}")
    is_open = ~(is_beaten | is_equal) & own["p"].notna()
    parts += [f"cannot be told apart from {listed(others[is_open])}"] if is_open.any() else []
    joint = " but " if is_open.any() else " and "
    told = ", and ".join(
        [f"{winner} has the {best(metric)}, {score} ({evidence})", *([_join(parts, joint)] if parts else [])]
    )
    untested = others[own["p"].isna()]
    told += f"; units are too few for a test against {listed(untested)}" if len(untested) else ""
    return f"{told}.{_describe_friedman(comparison, compare)}"


def _join(parts: list[str], joint: str) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])}{joint}{parts[-1]}"


def _describe_friedman(comparison: Comparison, compare: CompareParams) -> str:
    test = comparison.friedman.get(comparison.metric)
    if test is None:
        return ""
    found = "finds that" if test.p <= 1 - compare.confidence else "does not find that"
    return f" Friedman's test {found} the {len(test.ranks)} models differ ({chance(test.p)})."


def _describe_evidence(comparison: Comparison, mean: "pd.Series[Any]", compare: CompareParams) -> str:
    metric, corrected = comparison.metric, comparison.corrected.mean
    within = "" if pd.isna(mean["low"]) else f"{interval(mean['low'], mean['high'], metric, compare.confidence)}, "
    is_corrected = len(comparison.paired.models) > 1 and not pd.isna(corrected)
    correction = f"; {quantity(corrected, metric)} corrected for the choice" if is_corrected else ""
    return f"{within}{count_units(comparison.paired)}{scope(comparison.paired)}{correction}"


def _record(values: dict[Any, Any]) -> dict[str, Any]:
    return {str(key): None if isinstance(value, float) and pd.isna(value) else value for key, value in values.items()}
