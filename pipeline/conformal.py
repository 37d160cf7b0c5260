"""Sets of classes in place of one: split conformal prediction, which holds the true class as often as was stated.

The promise rests on one thing: the calibrating samples and the new one are exchangeable, that is, neither chose the
model. It is about the mean over calibrations and samples, not about each picture or each class. Where the calibrating
subset has also stopped a fit or chosen among models, its samples look better than new ones, and sets cover somewhat less.
"""

import hashlib
import math
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Method = Literal["lac", "aps"]
Probabilities = NDArray[np.floating[Any]]

LARGEST_SCORE = 1.0


def score_classes(probabilities: Probabilities, method: Method) -> NDArray[np.float64]:
    """How ill each class fits each sample (n, K), from 0 to 1, given probabilities (n, K) that add up to 1.

    lac: 1 - p_k (Sadinle, Lei and Wasserman 2019, least ambiguous sets). aps: the sum of the probabilities above p_k, plus
    u p_k with u uniform in [0, 1) (Romano, Sesia and Candès 2020, adaptive sets). u is a hash of the sample's
    probabilities: without it sets cover too much, and with a drawn one the same picture would get two answers.
    For (.6, .3, .1) and u = .5 lac gives (.4, .7, .9), aps (.3, .75, .95).
    """
    given = np.asarray(probabilities, np.float64)
    if method == "lac":
        return 1 - given
    order = np.argsort(-given, axis=1, kind="stable")
    ranked = np.take_along_axis(given, order, axis=1)
    scores = np.empty_like(given)
    above = ranked.cumsum(axis=1) - ranked
    np.put_along_axis(scores, order, above + _hash_uniform(given)[:, None] * ranked, axis=1)
    return np.minimum(scores, LARGEST_SCORE)  # sums of probabilities may exceed 1 by a rounding error


def calibrate(
    probabilities: Probabilities, targets: NDArray[np.integer[Any]], coverage: float, method: Method
) -> float:
    """The score up to which classes belong to a set, from samples with known class: probabilities (n, K), targets (n,).

    It is the ceil((n + 1) coverage)-th smallest score of the true classes (Vovk, Gammerman and Shafer 2005), and 1, which takes all
    classes, where n is too small for that rank. 9 samples and coverage .9: the 9th smallest; 8 samples: 1.
    """
    scores = score_classes(probabilities, method)[np.arange(len(targets)), targets]
    rank = math.ceil((len(scores) + 1) * coverage - 1e-9)  # .9 x 10 must not become the 10th by a rounding error
    return LARGEST_SCORE if rank > len(scores) else float(np.sort(scores)[rank - 1])


def prediction_sets(
    probabilities: Probabilities, quantile: float, method: Method, may_be_empty: bool = False
) -> NDArray[np.bool_]:
    """Which classes belong to each sample's set (n, K), by the calibrated score.

    The likeliest class always does unless sets `may_be_empty`: an empty set covers nothing and tells a user nothing. With lac, a
    quantile of .7 and probabilities (.6, .3, .1) the set is the first two classes.
    """
    sets = score_classes(probabilities, method) <= quantile
    if not may_be_empty:
        sets[np.arange(len(sets)), np.argmax(probabilities, axis=1)] = True
    return np.asarray(sets)


def choose_set(probabilities: Probabilities, quantile: float, method: Method) -> NDArray[np.bool_]:
    """The set (K,) of one sample, as `prediction_sets` gives it."""
    return np.asarray(prediction_sets(probabilities[None], quantile, method)[0])


def score_set(target: int, classes: NDArray[np.bool_]) -> dict[str, float]:
    """Scores of one sample's set (K,): whether it holds the true class, and how many classes it has."""
    return {"covered": float(classes[target]), "set_size": float(classes.sum())}


def _hash_uniform(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    digests = b"".join(hashlib.blake2b(row.tobytes(), digest_size=4).digest() for row in probabilities)
    return np.frombuffer(digests, "<u4") / 2**32
