"""Fitted models that predict together: from images as they are on disk to masks, depths and classes as files have them."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from pipeline.calibration import calibrate
from pipeline.conformal import choose_set
from pipeline.datasets.faults import DataError
from pipeline.datasets.manifest import Dataset
from pipeline.datasets.preparing import fit_image
from pipeline.datasets.resizing import resize_mask
from pipeline.models import Model
from pipeline.params import DataParams, SetParams
from pipeline.tasks import Prediction, TaskKind
from pipeline.tasks.mask import Masks
from pipeline.uncertainty import DISAGREEMENT_COLUMNS, Row, tell_disagreement

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Ensemble:
    """The mean of fitted models: of what their heads give, of their thresholds, and of how far their sets of classes reach."""

    models: tuple[Model, ...]
    dataset: Dataset
    task: TaskKind
    threshold: float
    data: DataParams = field(default_factory=DataParams)
    """How the files were read that the models learnt from."""
    quantile: float | None = None
    """Score up to which classes belong to an image's set; None where there are no sets."""
    sets: SetParams | None = None
    """How sets are made."""
    temperatures: tuple[Mapping[str, float], ...] = ()
    """Of each model, by head, what its probabilities are brought to; empty where they stay as they are."""

    @property
    def clip(self) -> int:
        """Frames that are looked at to segment the last of them."""
        return max(model.clip for model in self.models)

    def predict(self, clip: Array) -> Prediction:
        """The mean of what each head gives for the last frame of a clip (time, height, width, channel), as float32, maps resized
        back by nearest neighbour.
        """
        return resize_maps(mean_of(self.predict_each(clip)), *clip.shape[1:3])

    def predict_each(self, clip: Array) -> list[Prediction]:
        """What each model gives for the last frame of a clip, at its temperature and at the size that the models see.

        A clip shorter than a model's repeats its first frame; frames are prepared as the training images were.
        """
        if fault := self.find_fault(clip[-1]):
            raise DataError(f"the image {fault}")
        seen = np.stack([fit_image(frame, self.data) for frame in clip])
        missing = self.clip - len(seen)
        seen = np.concatenate([np.repeat(seen[:1], missing, axis=0), seen]) if missing > 0 else seen
        temperatures = self.temperatures or ({},) * len(self.models)
        return [
            calibrate(model.predict(seen[-model.clip :]), own)
            for model, own in zip(self.models, temperatures, strict=True)
        ]

    def predict_frames(self, frames: Iterable[Array]) -> Iterator[Prediction]:
        """The prediction of each frame of one sequence, in order of time; no more frames than a clip are held."""
        clip: deque[Array] = deque(maxlen=self.clip)
        for frame in frames:
            clip.append(frame)
            yield self.predict(np.stack(clip))

    def to_file(self, probabilities: Array) -> Array:
        """The mask (height, width), uint8, in the grey values of the mask files; class indices where those exceed 255."""
        classes = Masks.of(self.dataset).decide(probabilities, self.threshold)
        values = self.dataset.mask_values
        return classes if max(values) > np.iinfo(np.uint8).max else np.asarray(values, np.uint8)[classes]

    def choose_set(self, probabilities: Array) -> Array:
        """Which classes (K,) belong to an image's set, by their probabilities; the likeliest alone where there are no sets."""
        if self.quantile is None or self.sets is None:
            return np.arange(len(probabilities)) == probabilities.argmax()
        return choose_set(probabilities, self.quantile, self.sets.method)

    def find_fault(self, image: Array) -> str:
        """How an image (height, width, channel) is unlike those that the models learnt from; "" when it is not."""
        wanted = f"{self.dataset.channels} channels of {self.dataset.dtype}"
        if image.ndim != 3:
            return f"has shape {image.shape}: give (height, width, {self.dataset.channels})"
        if image.shape[-1] == self.dataset.channels and image.dtype.name == self.dataset.dtype:
            return ""
        return f"has {image.shape[-1]} channels of {image.dtype.name}, the model learnt from {wanted}: export it like those"


class Polled:
    """An ensemble that keeps, of each prediction in turn, how uncertain it is and how far its models disagree."""

    def __init__(self, ensemble: Ensemble) -> None:
        self.ensemble = ensemble
        self.told: list[list[Row]] = []

    @property
    def clip(self) -> int:
        """Frames seen at once."""
        return self.ensemble.clip

    def predict(self, clip: Array) -> Prediction:
        """What the ensemble predicts."""
        members = self.ensemble.predict_each(clip)
        mean = mean_of(members)
        self.told.append(tell_disagreement(members, mean, self.ensemble.threshold))
        return resize_maps(mean, *clip.shape[1:3])

    def tabulate(self, samples: pd.DataFrame) -> pd.DataFrame:
        """A row a sample and head, the samples' own columns first, for as many predictions as there are samples (rows)."""
        rows = [
            {**sample, **row}
            for sample, told in zip(samples.to_dict("records"), self.told, strict=True)
            for row in told
        ]
        return pd.DataFrame(rows, columns=[*samples.columns, *DISAGREEMENT_COLUMNS])


def mean_of(predictions: Sequence[Prediction]) -> Prediction:
    """The mean of several models' predictions, head by head, as float32."""
    return {
        head: np.stack([each[head] for each in predictions]).mean(axis=0, dtype=np.float32) for head in predictions[0]
    }


def resize_maps(prediction: Prediction, height: int, width: int) -> Prediction:
    """A prediction with its maps at another size, by nearest neighbour."""
    return {head: resize_mask(part, height, width) if part.ndim > 1 else part for head, part in prediction.items()}
