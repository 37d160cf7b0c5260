"""Predictions of samples of the prepared arrays by a fitted model, and what the validation subset decides about them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np

from pipeline.calibration import calibrate, draw, fit_temperature, gather, scale
from pipeline.datasets.arrays import Arrays
from pipeline.datasets.clips import clip_positions
from pipeline.datasets.predictions import round_prediction
from pipeline.fitting.control import FitError
from pipeline.params import EvaluateParams, PredictParams
from pipeline.tasks import Array, Prediction, Targets, Task
from pipeline.thresholds import CANDIDATES

MASK = "mask"
Pair = tuple[Targets, Prediction]


class Predictor(Protocol):
    """A model, or an ensemble of them."""

    @property
    def clip(self) -> int:
        """Frames seen at once."""

    def predict(self, clip: np.ndarray) -> Prediction:
        """What each head gives for the last frame of a clip (time, height, width, channel)."""


@runtime_checkable
class Recorded(Protocol):
    """Predictions that another tool made of the samples themselves."""

    def recall(self, arrays: Arrays, positions: np.ndarray) -> Iterator[Prediction]:
        """The prediction of each sample, one at a time."""

    def known(self, arrays: Arrays, positions: np.ndarray) -> np.ndarray:
        """Those of the positions whose samples it has."""


@dataclass(frozen=True)
class Choices:
    """What validation samples decide about a model's predictions."""

    threshold: float
    """Probability, at the temperature, from which a pixel is foreground."""
    quantile: float | None = None
    """Score up to which classes belong to a sample's set; None where there are no sets."""
    temperatures: Mapping[str, float] = field(default_factory=dict)
    """By head, what its probabilities are divided by in logits; empty where they stay as they are."""


@dataclass(frozen=True)
class Pairs:
    """Targets and predictions of samples, predicted anew each time that they are gone through: they need not fit into memory."""

    model: Predictor
    arrays: Arrays
    positions: np.ndarray
    task: Task

    def __len__(self) -> int:
        return len(self.positions)

    def __iter__(self) -> Iterator[Pair]:
        names = [head.name for head in self.task.heads]
        found = predict_samples(self.model, self.arrays, self.positions)
        for position, prediction in zip(self.positions, found, strict=True):
            yield self.arrays.targets(names, position), prediction


def predict_samples(model: Predictor, arrays: Arrays, positions: np.ndarray) -> Iterator[Prediction]:
    """The prediction of each sample, one at a time; clips keep within `positions`. Raises FitError for one that is no number."""
    if isinstance(model, Recorded):
        yield from model.recall(arrays, positions)
        return
    for clip in clip_positions(arrays.index, positions, model.clip):
        prediction = model.predict(np.stack([arrays.image(frame) for frame in clip]))
        for head, part in prediction.items():
            if not np.isfinite(part).all():  # it would pass for a sample without a score
                raise FitError(
                    f"the {head} predicted for sample {arrays.index['sample_id'].iloc[clip[-1]]} holds values that are no"
                    " number: lower train.optimizer.learning_rate, or set train.precision to float32, and fit again"
                )
        yield prediction


def find_known(model: Predictor, arrays: Arrays, positions: np.ndarray) -> np.ndarray:
    """Those of the positions that the model can predict: all, but where another tool left some out."""
    return model.known(arrays, positions) if isinstance(model, Recorded) else positions


def choose(pairs: Pairs | list[Pair], task: Task, predict: PredictParams, seed: int) -> Choices:
    """Temperatures by the validation samples, then threshold and sets of the classes by what is predicted at them.

    The candidates for the threshold are brought to the temperature too, so that it moves no pixel of a mask.
    """
    if all(head.is_pooled for head in task.heads):
        pairs = list(pairs)  # a few numbers a sample, which need not be predicted twice
    temperatures = _fit_temperatures(pairs, task, seed) if predict.temperature else {}
    if predict.threshold == "validation":
        candidates = CANDIDATES if MASK not in temperatures else _scale_candidates(temperatures[MASK])
        stored = (as_stored(pair, temperatures) for pair in pairs)
        threshold = task.choose_threshold(stored, predict.threshold_metric, candidates)
    else:
        threshold = predict.threshold
    stored = (as_stored(pair, temperatures) for pair in pairs)
    quantile = task.calibrate_sets(stored, predict.sets) if predict.sets else None
    return Choices(threshold, quantile, temperatures)


def as_stored(pair: Pair, temperatures: Mapping[str, float]) -> Pair:
    """Target and prediction at its temperature, rounded as in files, else a threshold on a round number could part the two."""
    return pair[0], round_prediction(calibrate(pair[1], temperatures))


def validate_score(
    pairs: Pairs, task: Task, predict: PredictParams, evaluate: EvaluateParams, metric: str, seed: int
) -> float:
    """Mean of a metric over the validation samples, by the temperature and the threshold that they give; NaN where none has a score."""
    held = list(pairs)
    choices = choose(held, task, predict.model_copy(update={"sets": None}), seed)
    stored = (as_stored(pair, choices.temperatures) for pair in held)
    scores = task.judge(stored, choices.threshold, evaluate, metric)
    known = scores[~np.isnan(scores)]
    return float(known.mean()) if len(known) else float("nan")


def _fit_temperatures(pairs: Pairs | list[Pair], task: Task, seed: int) -> dict[str, float]:
    """The temperature of each head that gives probabilities and that the model has, from one pass over all of them."""
    names, random = [head.name for head in task.heads if head.activation != "softplus"], np.random.default_rng(seed)
    drawn: dict[str, list[tuple[Array, Array]]] = {name: [] for name in names}
    for targets, prediction in pairs:
        for name in [name for name in names if name in prediction]:
            drawn[name].append(draw(targets[name], prediction[name], len(pairs), random))
    return {name: fit_temperature(gather(parts)) for name, parts in drawn.items() if parts}


def _scale_candidates(temperature: float) -> Array:
    """Candidates as far apart by the model's own probabilities as without a temperature."""
    return scale(CANDIDATES[:, None], temperature)[:, 0].astype(np.float64)
