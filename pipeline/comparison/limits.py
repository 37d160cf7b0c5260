"""What a comparison does not cover, in plain sentences."""

import pandas as pd

from pipeline.comparison.flips import smallest_p
from pipeline.comparison.pairing import FEWEST_UNITS, is_within
from pipeline.comparison.table import Comparison
from pipeline.comparison.wording import count_units, listed, number
from pipeline.metrics import METRICS, SPELT
from pipeline.params import CompareParams, EvaluateParams

EMPTY_MASKS = {
    "one_if_both_empty": "A sample without foreground in truth scores 1 when the prediction is empty too, and 0 when not.",
    "skip": "Samples without foreground in truth are left out.",
    "skip_if_both_empty": "A sample without foreground in truth is left out when the prediction is empty too, and scores 0 when not.",
    "zero": "A sample without foreground in truth scores 0, whatever is predicted.",
}
HOLES = "Pixels without a measured depth do not count."
CLOSE_CALL = "A call is close, and its true second choice counts half, where the two largest probabilities differ by less than {}."


def describe_limits(
    comparison: Comparison, compare: CompareParams, evaluate: EvaluateParams, coverage: float
) -> list[str]:
    """What the numbers do not cover: empty masks, holes, units, models and samples without a score, samples that no fold tests."""
    notes = describe_policies(evaluate)
    if is_within(comparison.paired):
        resampled = "so that intervals and tests resample contiguous blocks inside, where two of them fit"
        notes.append(
            f"There is no claim beyond these {count_units(comparison.paired)}: under {FEWEST_UNITS} are independent, {resampled}."
        )
    elif is_hopeless(comparison, comparison.metric, compare):
        notes.append(f"No test can decide: {count_units(comparison.paired)} are too few for so many pairs of models.")
    if coverage < 1:
        share = f"{100 * coverage:.3g} %"
        notes.append(f"The scores cover {share} of the labelled samples that are in folds; no fold tests the others.")
    left_out = comparison.summary.drop_duplicates("metric").query("left_out > 0")
    for samples, rows in left_out.groupby("left_out"):
        subject = "1 sample without a score is" if samples == 1 else f"{samples} samples without a score are"
        notes.append(f"{subject} left out of {listed(rows['metric'].map(SPELT))}.")
    return notes + describe_absent(comparison.summary)


def describe_policies(evaluate: EvaluateParams) -> list[str]:
    """How the metrics treat what has no obvious score."""
    heads = {METRICS[name].head for name in evaluate.metrics}
    notes = [EMPTY_MASKS[evaluate.empty_masks]] if "mask" in heads else []
    notes += [HOLES] if "depth" in heads else []
    return notes + ([CLOSE_CALL.format(number(evaluate.close_call))] if "top_2_tolerant" in evaluate.metrics else [])


def describe_absent(summary: pd.DataFrame) -> list[str]:
    """Which models have no score in a metric that others have."""
    scored = summary.groupby("metric")["mean"].transform(lambda means: means.notna().any())
    absent = summary[summary["mean"].isna() & scored].groupby("model", sort=False)["metric"]
    return [f"{model} has no {listed(metrics.map(SPELT))}, and is left out there." for model, metrics in absent]


def is_hopeless(comparison: Comparison, metric: str, compare: CompareParams) -> bool:
    """Whether the units are so few that sign flips cannot reject after Holm, whatever the scores are; other tests can."""
    tests = comparison.tests[comparison.tests["metric"] == metric]
    units = len(comparison.pairs[metric].unit_scores)
    return bool((tests["method"] == "sign flips").any() and len(tests) * smallest_p(units) > 1 - compare.confidence)
