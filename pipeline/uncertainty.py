"""How uncertain a prediction is, and how far several models disagree about a sample that none of them learnt from.

Of a sample that a model was tested on only that model's own prediction is asked: the other folds' models have learnt from it, agree
on it because they remember it, and would make it look certain. Disagreement is told of unlabelled samples and of the final
test alone. Where predictions are averaged over flips or turns, so is what is uncertain about them.
"""

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import entr

from pipeline.metrics import dice
from pipeline.tasks import Prediction
from pipeline.tasks.mask import Masks

Array = NDArray[Any]
Row = dict[str, str | float]
NOTHING = float("nan")
UNCERTAINTY_COLUMNS = ["head", "uncertainty", "entropy"]
DISAGREEMENT_COLUMNS = [*UNCERTAINTY_COLUMNS, "disagreement"]


def tell_uncertainty(prediction: Prediction, threshold: float) -> list[Row]:
    """A row a head that gives probabilities, columns UNCERTAINTY_COLUMNS; all from 0, certain, to 1."""
    return [{"head": head, **TELL[head](part, threshold)} for head, part in prediction.items() if head in TELL]


def tell_disagreement(members: Sequence[Prediction], mean: Prediction, threshold: float) -> list[Row]:
    """A row a head, columns DISAGREEMENT_COLUMNS: of the models' mean prediction, and how far they disagree; NaN of what there is not.

    Labels and masks disagree from 0 to 1, depths in metres.
    """
    told = {str(row["head"]): row for row in tell_uncertainty(mean, threshold)}
    nothing: Row = dict.fromkeys(UNCERTAINTY_COLUMNS[1:], NOTHING)
    return [
        {"head": head, **nothing, **told.get(head, {}), "disagreement": _disagree(head, members, threshold)}
        for head in mean
    ]


def entropy(probabilities: Array) -> Array:
    """Entropy (...) of probabilities (..., K), or of the one (..., 1) of foreground, as a share of the largest possible."""
    given = np.asarray(probabilities, np.float64)
    every = np.concatenate([1 - given, given], axis=-1) if given.shape[-1] == 1 else given
    return np.asarray(entr(np.maximum(every, 0)).sum(axis=-1) / np.log(every.shape[-1]))


def doubt_mask(probabilities: Array, threshold: float) -> float:
    """1 - the Dice that a mask can hope for by its own probabilities, 2 sum p m / (sum p + sum m), mean of its classes.

    m is what is decided of a pixel and p its probability (soft Dice confidence, Borges et al. 2024, arXiv:2402.10665). The mean entropy of
    the pixels follows the size of what is seen, not its errors: by it the samples refused first were those with the
    largest and best objects. One pixel more, right, keeps an empty mask that is sure of itself certain.
    Two pixels of .8 and one of .4 at threshold .5: 1 - (2 x 1.6 + 1) / (2 + 2 + 1) = .16.
    """
    given, classes = np.asarray(probabilities, np.float64), _decide(probabilities, threshold)
    channels = [given[..., 0]] if given.shape[-1] == 1 else [given[..., number] for number in range(1, given.shape[-1])]
    hoped = [
        (2 * channel[classes == number].sum() + 1) / (channel.sum() + (classes == number).sum() + 1)
        for number, channel in enumerate(channels, start=1)
        if len(channels) == 1 or (classes == number).any()
    ]
    return float(1 - np.mean(hoped)) if hoped else float(1 - 1 / (1 + sum(channel.sum() for channel in channels)))


def _tell_mask(probabilities: Array, threshold: float) -> Row:
    return {"uncertainty": doubt_mask(probabilities, threshold), "entropy": float(entropy(probabilities).mean())}


def _tell_label(probabilities: Array, threshold: float) -> Row:
    share = float(entropy(probabilities))
    return {"uncertainty": share, "entropy": share}


TELL: dict[str, Callable[[Array, float], Row]] = {"mask": _tell_mask, "label": _tell_label}
"""What is told of each head that gives probabilities."""


def _disagree(head: str, members: Sequence[Prediction], threshold: float) -> float:
    parts = [member[head] for member in members]
    return DISAGREE[head](parts, threshold) if len(parts) > 1 else NOTHING


def _part_masks(parts: Sequence[Array], threshold: float) -> float:
    """1 - mean Dice of the masks of all pairs of models (Roy et al. 2019, doi:10.1016/j.neuroimage.2019.03.042)."""
    masks = [_decide(part, threshold) > 0 for part in parts]
    return 1 - float(np.mean([dice(*pair) for pair in combinations(masks, 2)]))


def _part_labels(parts: Sequence[Array], threshold: float) -> float:
    """Entropy of the mean less mean entropy: what a model's own prediction tells of the others' (Houlsby et al. 2011, arXiv:1112.5745)."""
    return float(max(0.0, entropy(np.mean(parts, axis=0)) - np.mean([entropy(part) for part in parts])))


def _part_depths(parts: Sequence[Array], threshold: float) -> float:
    """Standard deviation over the models in metres, mean of the pixels."""
    return float(np.std(parts, axis=0, ddof=1).mean())


DISAGREE: dict[str, Callable[[Sequence[Array], float], float]] = {
    "mask": _part_masks,
    "label": _part_labels,
    "depth": _part_depths,
}


def _decide(probabilities: Array, threshold: float) -> Array:
    return Masks(max(2, probabilities.shape[-1])).decide(np.asarray(probabilities), threshold)
