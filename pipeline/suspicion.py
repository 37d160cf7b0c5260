"""Labels that models which have not learnt from them doubt: which a person should look at first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import entr

from pipeline.datasets.arrays import IGNORED, Arrays
from pipeline.datasets.predictions import Predictions
from pipeline.params import CompareParams, ModelParams
from pipeline.tasks import Prediction, Targets
from pipeline.tasks.mask import Masks
from pipeline.uncertainty import doubt_mask

Array = np.ndarray[Any, np.dtype[Any]]
SUSPECT_COLUMNS = ["rank", "sample_id", "head", "fold", "suspicion", "loss", "expected", "models"]
LEAST_PROBABILITY = 1e-4  # of float32; nothing is more surprising than that
EMPTY = 1.0
"""Pixel that is right in both, so that an empty mask has a Dice."""


def choose_judges(tests: pd.DataFrame, winner: str, metric: str, baselines: Iterable[str], level: float) -> list[str]:
    """The winner, and the models that cannot be told apart from it but baselines."""
    own = tests[(tests["metric"] == metric) & ((tests["model_a"] == winner) | (tests["model_b"] == winner))]
    equal = own[~(own["p_holm"] <= level)]
    others = equal["model_a"].where(equal["model_a"] != winner, equal["model_b"])
    return [winner, *(str(name) for name in others if name not in set(baselines))]


def find_judges(tests: pd.DataFrame, winner: str, models: Sequence[ModelParams], compare: CompareParams) -> list[str]:
    """The judges by the parameters of an experiment; a winner is one though it be a baseline."""
    baselines = [entry.name for entry in models if entry.is_baseline and entry.name != winner]
    return choose_judges(tests, winner, compare.metric, baselines, 1 - compare.confidence)


def judge_model(model: Mapping[str, Predictions], arrays: Arrays) -> pd.DataFrame:
    """The rows of `judge_sample` with sample_id and fold, of all test samples of one model's predictions by fold."""
    rows = [
        {"sample_id": sample_id, "fold": fold, **row}
        for fold, found in model.items()
        for place, (sample_id, prediction) in zip(arrays.positions(found.sample_ids), found.items(), strict=True)
        for row in judge_sample(arrays.targets(prediction, int(place)), prediction, found.threshold)
    ]
    return pd.DataFrame(rows)


def judge_sample(targets: Targets, prediction: Prediction, threshold: float) -> list[dict[str, Any]]:
    """A row a head: the loss of a label by an out-of-fold prediction, what the prediction itself expected, and how much more it is."""
    rows = []
    for head, predicted in prediction.items():
        loss, expected = JUDGE[head](np.asarray(targets[head]), np.asarray(predicted, np.float64), threshold)
        rows.append({"head": head, "suspicion": loss - expected, "loss": loss, "expected": expected})
    return rows


def rank_suspects(judged: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows SUSPECT_COLUMNS, the most suspicious first, each head by itself, from every model's rows with sample_id and fold.

    A sample's numbers are the median over models, of a repeated one the mean over its folds first; one without a counted pixel is left out.
    """
    tables = [table.assign(model=model) for model, table in judged.items()]
    rows = pd.concat(tables, ignore_index=True).dropna(subset=["suspicion"])
    numbers = ["suspicion", "loss", "expected"]
    keys = ["sample_id", "head"]
    by_model = (
        rows.groupby([*keys, "model"], sort=False)
        .agg({"fold": "first", **dict.fromkeys(numbers, "mean")})
        .reset_index()
    )
    found = by_model.groupby(keys, sort=False).agg(
        {"fold": "first", **dict.fromkeys(numbers, "median"), "model": "size"}
    )
    found = found.rename(columns={"model": "models"}).reset_index()
    found = found.sort_values("suspicion", ascending=False, kind="stable")
    found["rank"] = found.groupby("head", sort=False).cumcount() + 1
    return found.reindex(columns=SUSPECT_COLUMNS)


def _judge_mask(target: Array, probabilities: Array, threshold: float) -> tuple[float, float]:
    """1 - Dice of what was decided, mean over the classes of either, and what the probabilities let expect of it.

    A hard sample has a high loss and expects one; a wrong mask has a high loss where the model was sure. In 12 drawn data sets of 100
    masks, a tenth of them spoilt (shifted, dilated, emptied, another's, a part missing), the excess found .93 of the spoilt in the first
    fifth and the Dice alone .91; in 6 of them the mean cross-entropy of pixels, which follows the size of what is seen, found .68.
    """
    counted = target != IGNORED
    if not counted.any():
        return float("nan"), float("nan")
    target, probabilities = target[counted][:, None], probabilities[counted][:, None]
    decided = Masks(max(2, probabilities.shape[-1])).decide(probabilities, threshold)
    classes = np.union1d(target[target > 0], decided[decided > 0]) if probabilities.shape[-1] > 1 else [1]
    pairs = [(target == number, decided == number) for number in classes] or [(target > 0, decided > 0)]
    dice = [(2 * (one & other).sum() + EMPTY) / (one.sum() + other.sum() + EMPTY) for one, other in pairs]
    return float(1 - np.mean(dice)), doubt_mask(probabilities, threshold)


def _judge_label(target: Array, probabilities: Array, threshold: float) -> tuple[float, float]:
    """Cross-entropy of the given class in nats, and the entropy of the prediction, which is the cross-entropy that it expects."""
    given = max(float(probabilities[int(target)]), LEAST_PROBABILITY)
    return float(-np.log(given)), float(entr(probabilities).sum())


def _judge_depth(target: Array, depth: Array, threshold: float) -> tuple[float, float]:
    """Median over the measured pixels of |log depth - log target|; a depth expects nothing of itself."""
    measured = np.isfinite(target) & (target > 0)
    if not measured.any():
        return float("nan"), float("nan")
    return float(np.median(np.abs(np.log(depth[..., 0][measured]) - np.log(target[measured])))), 0.0


JUDGE: dict[str, Callable[[Array, Array, float], tuple[float, float]]] = {
    "mask": _judge_mask,
    "label": _judge_label,
    "depth": _judge_depth,
}
