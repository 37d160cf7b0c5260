"""What becomes of samples without foreground in truth: 0 / 0 for all that counts foreground, and every tool answers otherwise."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.registry import Metric
from pipeline.params import EmptyPolicy

Emptiness = Literal["", "target", "both"]
"""Foreground in truth ("", whatever is predicted), in the prediction alone ("target" is empty), or in neither ("both" are)."""


@dataclass(frozen=True)
class Rule:
    """What a policy does with the scores of samples of each kind."""

    left_out: frozenset[Emptiness] = frozenset()
    """These have no score in any metric of masks."""
    zero: frozenset[Emptiness] = frozenset()
    """These score the worst in what counts foreground."""


RULES: dict[EmptyPolicy, Rule] = {
    "one_if_both_empty": Rule(),
    "skip": Rule(left_out=frozenset({"target", "both"})),
    "skip_if_both_empty": Rule(left_out=frozenset({"both"})),
    "zero": Rule(zero=frozenset({"both"})),
}
"""Metrics give 1 to two empty masks and 0 to an empty one beside one that is not; policies differ from there."""


def describe_emptiness(target: NDArray[np.integer[Any]], prediction: NDArray[np.integer[Any]]) -> Emptiness:
    """Whether a mask of classes and the predicted one, pixels that do not count as background, lack foreground."""
    if target.any():
        return ""
    return "target" if prediction.any() else "both"


def judge_empty(
    scores: NDArray[np.floating[Any]], emptiness: NDArray[Any], metric: Metric, policy: EmptyPolicy
) -> NDArray[np.float64]:
    """The scores (n,) of one metric as a policy wants them, from those of the metric itself and the samples' `emptiness` (n,).

    NaN is "no score", and stays so. A distance has no worst value, and so none is given by `zero`.

    Dice 1 of two empty masks: 1 by one_if_both_empty, 0 by zero, NaN by skip and skip_if_both_empty.
    """
    judged, rule = np.array(scores, np.float64), RULES[policy]
    if metric.head != "mask":
        return judged
    judged[np.isin(emptiness, [*rule.left_out])] = np.nan
    if metric.is_of_foreground and metric.higher_is_better:
        judged[np.isin(emptiness, [*rule.zero]) & ~np.isnan(judged)] = metric.low
    return judged
