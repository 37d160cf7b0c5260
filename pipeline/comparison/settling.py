"""Scores as they are compared: empty masks judged, and what is not independent in one group."""

import pandas as pd

from pipeline.comparison.policies import apply_policy
from pipeline.params import EvaluateParams, SplitParams, parse_fold


def settle_scores(scores: pd.DataFrame, evaluate: EvaluateParams, split: SplitParams) -> pd.DataFrame:
    """A score table with empty masks as `evaluate.empty_masks` wants them, and groups that are independent of each other."""
    return join_parts(apply_policy(scores, evaluate.empty_masks), split)


def join_parts(samples: pd.DataFrame, split: SplitParams) -> pd.DataFrame:
    """Samples (columns fold, group) of which those that share parts are one group: a fold's, since no two folds share any."""
    if split.kind != "parts_k_fold":
        return samples
    return samples.assign(group=samples["fold"].map(lambda name: parse_fold(name).base))
