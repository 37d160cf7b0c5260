"""All that follows from the scores and from what the fits took: the same for the step that writes it and for whoever verifies it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from pipeline.comparison.costs import summarise_costs
from pipeline.comparison.ladder import describe_ladder
from pipeline.comparison.table import compare_models
from pipeline.comparison.verdict import build_verdict
from pipeline.params import CompareParams, EvaluateParams, SplitParams
from pipeline.provenance import Record


class Conclusion(NamedTuple):
    """Tables and record of a comparison."""

    comparison: pd.DataFrame
    """Means with intervals, columns means.SUMMARY_COLUMNS."""
    tests: pd.DataFrame
    """Pairs of models, columns differences.TEST_COLUMNS."""
    costs: pd.DataFrame
    """What every model took, columns costs.COST_COLUMNS."""
    metrics: dict[str, Any]
    """The content of metrics.json."""


def conclude(
    scores: pd.DataFrame,
    records: Sequence[Record],
    search_seconds: Mapping[str, float],
    coverage: float,
    *,
    compare: CompareParams,
    evaluate: EvaluateParams,
    split: SplitParams,
    seed: int,
) -> Conclusion:
    """Compare the models of a score table as `compare_models` does; `records` are those of the tested fits, `coverage` the splits'."""
    result = compare_models(scores, evaluate, compare, split, seed)
    metrics = build_verdict(result, compare, evaluate, coverage)
    metrics["notes"] = [*describe_ladder(result, records), *metrics["notes"]]
    return Conclusion(result.summary, result.tests, summarise_costs(records, search_seconds, compare), metrics)
