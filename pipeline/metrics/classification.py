"""Scores of one picture's class probabilities against its true class, in NumPy.

`target` is the index of the true class, `probabilities` (K,) are those of all classes and sum to 1. The worked numbers are
for probabilities .5, .4, .1 and the true class 1.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Probabilities = NDArray[np.floating[Any]]

LEAST = float(np.finfo(np.float32).eps)
"""Smaller probabilities count as this one in the logarithm, as in scikit-learn: 1.2e-7, so that no loss is above 15.9."""
HALF = 0.5


def accuracy(target: int, probabilities: Probabilities) -> float:
    """1.0 where the likeliest class is the true one, else 0.0; of equals the first is the likeliest.

    The likeliest is 0, the true one 1: 0.
    """
    return float(_likeliest(probabilities)[0] == target)


def log_loss(target: int, probabilities: Probabilities) -> float:
    """Negative natural logarithm of the true class's probability, -log p_t.

    -log .4 = .916.
    """
    return float(-np.log(max(float(probabilities[target]), LEAST)))


def brier(target: int, probabilities: Probabilities) -> float:
    """Squared distance to certainty of the truth, sum_k (p_k - [k = t])^2, from 0 to 2 (Brier 1950).

    .5^2 + .6^2 + .1^2 = .62.
    """
    truth = np.arange(len(probabilities)) == target
    return float(np.sum((probabilities.astype(np.float64) - truth) ** 2))


def top_2(target: int, probabilities: Probabilities) -> float:
    """1.0 where the true class is among the two likeliest, else 0.0.

    The two likeliest are 0 and 1, the true one is 1: 1.
    """
    return float(target in _likeliest(probabilities)[:2])


def top_2_tolerant(target: int, probabilities: Probabilities, close_call: float) -> float:
    """1.0 where the likeliest class is true; .5 where the second is, in a close call; else 0.0.

    A call is close where the two largest probabilities differ by less than `close_call`.

    .5 and .4 differ by .1, and the second is true: .5 at a close call of .2, and 0 at one of .05.
    """
    first, second = _likeliest(probabilities)[:2]
    is_close = float(probabilities[first]) - float(probabilities[second]) < close_call
    return float(first == target) + HALF * float(second == target and is_close)


def _likeliest(probabilities: Probabilities) -> NDArray[np.intp]:
    """Classes from the likeliest on; equals keep their order."""
    return np.argsort(-probabilities, kind="stable")
