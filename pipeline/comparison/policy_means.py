"""What every policy for empty masks would make of the same scores."""

from typing import get_args

import pandas as pd

from pipeline.comparison.table import pair_models
from pipeline.metrics import METRICS
from pipeline.params import EmptyPolicy, EvaluateParams, SplitParams

POLICY_COLUMNS = ["policy", "metric", "model", "mean", "samples", "left_out"]


def summarise_policies(scores: pd.DataFrame, evaluate: EvaluateParams, split: SplitParams) -> pd.DataFrame:
    """A row a policy, metric of foreground and model, columns POLICY_COLUMNS; none where every sample has foreground in truth.

    `scores` are as evaluate wrote them. Means are those of the comparison: over independent units, on the `samples` that all models have a score
    for; `left_out` are the others.
    """
    metrics = tuple(name for name in evaluate.sample_metrics if METRICS[name].is_of_foreground)
    if not metrics or not (scores["empty"] != "").any():
        return pd.DataFrame([], columns=POLICY_COLUMNS)
    rows = []
    for policy in get_args(EmptyPolicy):
        asked = evaluate.model_copy(update={"metrics": metrics, "empty_masks": policy})
        for metric, paired in pair_models(scores, asked, split).items():
            counts = [len(paired.sample_scores), paired.left_out]
            means = paired.unit_scores.mean(axis=0) if len(paired.scores) else [float("nan")] * len(paired.models)
            rows += [[policy, metric, model, mean, *counts] for model, mean in zip(paired.models, means, strict=True)]
    return pd.DataFrame(rows, columns=POLICY_COLUMNS)
