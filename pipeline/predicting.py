"""Predictions of samples of the prepared arrays by a fitted model, and what they are worth on validation."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from pipeline.datasets.arrays import Arrays
from pipeline.datasets.clips import clip_positions
from pipeline.datasets.predictions import round_prediction
from pipeline.fitting.control import FitError
from pipeline.params import EvaluateParams, PredictParams
from pipeline.tasks import Prediction, Targets, Task


class Predictor(Protocol):
    """A model, or an ensemble of them."""

    @property
    def clip(self) -> int:
        """Frames seen at once."""

    def predict(self, clip: np.ndarray) -> Prediction:
        """What each head gives for the last frame of a clip (time, height, width, channel)."""


def predict_samples(model: Predictor, arrays: Arrays, positions: np.ndarray) -> Iterator[Prediction]:
    """The prediction of each sample, one at a time; clips keep within `positions`. Raises FitError for one that is no number."""
    for clip in clip_positions(arrays.index, positions, model.clip):
        prediction = model.predict(np.stack([arrays.image(frame) for frame in clip]))
        for head, part in prediction.items():
            if not np.isfinite(part).all():  # it would pass for a sample without a score
                raise FitError(
                    f"the {head} predicted for sample {arrays.index['sample_id'].iloc[clip[-1]]} holds values that are no"
                    " number: lower train.optimizer.learning_rate, or set train.precision to float32, and fit again"
                )
        yield prediction


def validate_threshold(
    model: Predictor, arrays: Arrays, validation: np.ndarray, task: Task, predict: PredictParams
) -> float:
    """The threshold that params give, or the best on the validation samples."""
    if predict.threshold != "validation":
        return predict.threshold
    return task.choose_threshold(_pairs(model, arrays, validation, task), predict.threshold_metric)


def validate_quantile(
    model: Predictor, arrays: Arrays, validation: np.ndarray, task: Task, predict: PredictParams
) -> float | None:
    """The score up to which classes belong to a sample's set, by the validation samples; None where there are no sets."""
    return task.calibrate_sets(_pairs(model, arrays, validation, task), predict.sets) if predict.sets else None


def validate_score(
    model: Predictor,
    arrays: Arrays,
    validation: np.ndarray,
    task: Task,
    predict: PredictParams,
    evaluate: EvaluateParams,
    metric: str,
) -> float:
    """Mean of a metric over the validation samples, at the threshold that they give; NaN where none has a score."""
    pairs = list(_pairs(model, arrays, validation, task))
    threshold = predict.threshold
    if threshold == "validation":
        threshold = task.choose_threshold(pairs, predict.threshold_metric)
    scores = np.array([task.score(*pair, threshold, evaluate)[metric] for pair in pairs])
    known = scores[~np.isnan(scores)]
    return float(known.mean()) if len(known) else float("nan")


def _pairs(model: Predictor, arrays: Arrays, positions: np.ndarray, task: Task) -> Iterator[tuple[Targets, Prediction]]:
    """Targets and predictions as they are stored, else a threshold on a round number could part the two."""
    names = [head.name for head in task.heads]
    for position, prediction in zip(positions, predict_samples(model, arrays, positions), strict=True):
        rounded = {head: array.astype(np.float32) for head, array in round_prediction(prediction).items()}
        yield arrays.targets(names, position), rounded
