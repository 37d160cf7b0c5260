"""What becomes of samples without foreground in truth, decided when models are compared and not when they are scored."""

import pandas as pd

from pipeline.metrics import METRICS
from pipeline.metrics.emptiness import RULES, Rule, judge_empty
from pipeline.params import EmptyPolicy


def apply_policy(scores: pd.DataFrame, policy: EmptyPolicy) -> pd.DataFrame:
    """A score table as a policy of evaluate.empty_masks wants it; the table itself is not changed.

    Column `empty` tells of each row whether truth ("target") or truth and prediction ("both") hold no foreground. Raises
    ValueError for masks' scores without it that the policy would change.
    """
    names = [name for name in scores.columns if name in METRICS and METRICS[name].head == "mask"]
    if not names or RULES[policy] == Rule():
        return scores
    if "empty" not in scores:
        raise ValueError("the scores of masks have no column empty, which tells which are: run evaluate again")
    emptiness = scores["empty"].to_numpy()
    return scores.assign(
        **{name: judge_empty(scores[name].to_numpy(float), emptiness, METRICS[name], policy) for name in names}
    )
