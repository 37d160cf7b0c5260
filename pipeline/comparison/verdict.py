"""What a comparison means, in plain sentences."""

from typing import Any

import pandas as pd

from pipeline.comparison.table import FEWEST_UNITS, Comparison
from pipeline.metrics import SPELT
from pipeline.params import CompareParams, EvaluateParams

EMPTY_MASKS = {
    "one_if_both_empty": "A sample without foreground in truth scores 1 when the prediction is empty too, and 0 when not.",
    "skip": "Samples without foreground in truth are left out.",
}


def build_verdict(
    comparison: Comparison, compare: CompareParams, evaluate: EvaluateParams, coverage: float
) -> dict[str, Any]:
    """The content of metrics.json: winner, verdict, a sentence a pair, corrected score, coverage and means; NaN is None."""
    tests = comparison.tests[comparison.tests["metric"] == comparison.metric]
    sentences = [describe_pair(comparison, row, compare) for _, row in tests.iterrows()]
    corrected = comparison.corrected
    return {
        "metric": comparison.metric,
        "winner": comparison.winner,
        "verdict": describe_winner(comparison, compare),
        "sentences": sentences,
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


def describe_pair(comparison: Comparison, test: "pd.Series[Any]", compare: CompareParams) -> str:
    """Whether one model beats the other, with difference, interval, p-value and what was counted."""
    sign = 1 if test["difference"] >= 0 else -1
    better, worse = (test["model_a"], test["model_b"])[::sign]
    metric = _spell(comparison.metric)
    if pd.isna(test["p"]):
        return f"{better} and {worse} cannot be told apart: {count_units(comparison)} are too few for a test."
    low, high = sorted([sign * test["low"], sign * test["high"]])
    evidence = f"({_interval(low, high, compare)}, {_p(test['p_holm'])} after Holm, {count_units(comparison)}{_scope(comparison)})"
    difference = number(abs(test["difference"]))
    if not is_significant(test, compare):
        return f"{better} and {worse} cannot be told apart: their {metric} differs by {difference} {evidence}."
    return f"{better} beats {worse} by {difference} {metric} {evidence}."


def describe_winner(comparison: Comparison, compare: CompareParams) -> str:
    """Who has the best mean, whom it beats, and from whom it cannot be told apart."""
    rows = comparison.summary
    mean = rows[(rows["model"] == comparison.winner) & (rows["metric"] == comparison.metric)].iloc[0]
    interval = "" if pd.isna(mean["low"]) else f"{_interval(mean['low'], mean['high'], compare)}, "
    is_corrected = len(comparison.paired.models) > 1 and not pd.isna(comparison.corrected.mean)
    correction = f"; {number(comparison.corrected.mean)} corrected for the choice" if is_corrected else ""
    evidence = f"{number(mean['mean'])} ({interval}{count_units(comparison)}{_scope(comparison)}{correction})"
    metric = _spell(comparison.metric)
    tests = comparison.tests[comparison.tests["metric"] == comparison.metric]
    if tests.empty:
        return f"{comparison.winner} reaches a {metric} of {evidence}; there is no other model to compare it with."
    own = tests[(tests["model_a"] == comparison.winner) | (tests["model_b"] == comparison.winner)]
    others = own["model_a"].where(own["model_a"] != comparison.winner, own["model_b"])
    beaten = own.apply(is_significant, axis=1, compare=compare)
    parts = [f"beats {_list(others[beaten])}"] if beaten.any() else []
    parts += [f"cannot be told apart from {_list(others[~beaten])}"] if not beaten.all() else []
    return f"{comparison.winner} has the best {metric}, {evidence}, and {' but '.join(parts)}."


def describe_limits(
    comparison: Comparison, compare: CompareParams, evaluate: EvaluateParams, coverage: float
) -> list[str]:
    """What the numbers do not cover: empty masks, units, samples without a score, samples that no fold tests."""
    notes = [EMPTY_MASKS[evaluate.empty_masks]]
    if comparison.is_within:
        notes.append(
            f"There is no claim beyond these {count_units(comparison)}: under {FEWEST_UNITS} are independent, so that intervals and tests"
            " resample contiguous blocks inside."
        )
    elif smallest_p(comparison) > 1 - compare.confidence:
        notes.append(f"No test can decide: {count_units(comparison)} are too few for so many pairs of models.")
    if coverage < 1:
        share = f"{100 * coverage:.3g} %"
        notes.append(
            f"The scores cover {share} of the labelled samples outside the final test; no fold tests the others."
        )
    left_out = comparison.summary.drop_duplicates("metric").query("left_out > 0")
    for samples, rows in left_out.groupby("left_out"):
        subject = "1 sample without a score is" if samples == 1 else f"{samples} samples without a score are"
        notes.append(f"{subject} left out of {_list(rows['metric'].map(_spell))}.")
    return notes


def smallest_p(comparison: Comparison) -> float:
    """The smallest p-value, after Holm, that sign flips could give; 0 for other tests."""
    tests = comparison.tests[comparison.tests["metric"] == comparison.metric]
    is_flipped = (tests["method"] == "sign flips").any()
    return float(len(tests) * 2.0 ** (1 - len(comparison.paired.unit_scores))) if is_flipped else 0.0


def is_significant(test: "pd.Series[Any]", compare: CompareParams) -> bool:
    """Whether a pair differs after Holm's correction; a test that was not possible is no."""
    return bool(test["p_holm"] <= 1 - compare.confidence)


def count_units(comparison: Comparison) -> str:
    """What was counted: "12 sequences", or "30 samples of 1 sequence" where units are few."""
    paired = comparison.paired
    units, samples = len(paired.unit_scores), len(paired.sample_scores)
    noun = f"{units} {paired.noun}{'s' if units != 1 else ''}"
    return f"{samples} samples of {noun}" if comparison.is_within and samples > units else noun


def _scope(comparison: Comparison) -> str:
    return ", within this volume" if comparison.is_within else ""


def number(value: float) -> str:
    """Three digits after the point and none before it: .034, -.120, 1.000."""
    text = f"{round(value, 3) + 0.0:.3f}"  # + 0.0 makes -0.0 positive
    return text.replace("0.", ".", 1) if abs(float(text)) < 1 else text


def _interval(low: float, high: float, compare: CompareParams) -> str:
    return f"{100 * compare.confidence:g} % interval {number(low)} to {number(high)}"


def _p(p: float) -> str:
    return "p < .001" if p < 0.001 else f"p = {number(p)}"


def _spell(metric: str) -> str:
    return SPELT.get(metric, metric.replace("_", " "))


def _list(names: "pd.Series[str]") -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else str(last)


def _null(value: Any) -> Any:
    return None if isinstance(value, float) and pd.isna(value) else value
