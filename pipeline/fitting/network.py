"""A Keras network behind the protocol of models: fit, predict, state."""

import math
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Generic, TypeVar

import keras
import numpy as np

from pipeline.augment import Augment
from pipeline.datasets.arrays import Arrays
from pipeline.datasets.clips import clip_positions
from pipeline.fitting.checks import check_fit
from pipeline.fitting.control import FitControl, FitResult
from pipeline.fitting.initial import read_initial_weights
from pipeline.fitting.loop import FitData, fit_trainer
from pipeline.fitting.memory import describe_batch, fitting_batch_size
from pipeline.fitting.statistics import channel_statistics
from pipeline.fitting.tiles import predict_tiled
from pipeline.fitting.trainer import Trainer, to_network_input
from pipeline.losses import build_loss, probabilities
from pipeline.params import AugmentParams, NetworkParams, PredictParams, TrainParams

Entry = TypeVar("Entry", bound=NetworkParams)


class NetworkModel(Generic[Entry]):
    """A network with its normalisation; subclasses give `build_network`."""

    def __init__(self, entry: Entry, channels: int, outputs: int, seed: int, predict: PredictParams) -> None:
        keras.utils.set_random_seed(seed)
        self.entry: Entry = entry
        self.predict_params, self.seed = predict, seed
        self.network = self.build_network(channels, outputs)
        self.mean, self.deviation = np.zeros(channels, "float32"), np.ones(channels, "float32")

    @abstractmethod
    def build_network(self, channels: int, classes: int) -> keras.Model:
        """A network of clips (batch, time, height, width, channel), or of stacked frames, to logits of any size."""

    @property
    def clip(self) -> int:
        """Frames seen at once."""
        return self.entry.clip

    def fit(
        self,
        arrays: Arrays,
        train: np.ndarray,
        validation: np.ndarray,
        params: TrainParams,
        augment: AugmentParams,
        control: FitControl,
    ) -> FitResult:
        """Fit on the samples at positions `train`, stop by those at `validation`; the best epoch's weights are kept."""
        check_fit(arrays.index.iloc[train], self.clip, self.network.output.shape[-1], params, augment)
        notes: tuple[str, ...] = ()
        if params.initial_weights:
            weights = read_initial_weights(Path(params.initial_weights), self.network.get_weights(), control.data_hash)
            self.network.set_weights(weights)
            notes = (f"started from the weights of {params.initial_weights}",)
        self.mean, self.deviation = channel_statistics(arrays, train)
        patch: tuple[int, int] = self._patch(arrays, train[0], params)
        batch_size = fitting_batch_size(self.network, (self.clip, *patch, len(self.mean)), params)
        trainer = Trainer(self.network, Augment(augment, self.seed), build_loss(params), self.mean, self.deviation)
        clips = [clip_positions(arrays.index, positions, self.clip) for positions in (train, validation)]
        data = FitData(arrays, clips[0], clips[1], patch)
        result = fit_trainer(trainer, data, batch_size, params, self.seed, control)
        return replace(result, notes=notes + describe_batch(result.batch_size, params))

    def predict(self, clip: np.ndarray) -> np.ndarray:
        """Probabilities (height, width, channel) as float32 of the last frame of a clip (time, height, width, channel)."""
        normalized = (clip.astype("float32") - self.mean) / self.deviation
        return predict_tiled(self._forward, normalized, self.predict_params, self.entry.stride)

    def state(self) -> dict[str, np.ndarray]:
        """All that fitting learnt, by name."""
        weights = {f"weight_{index:04d}": weight for index, weight in enumerate(self.network.get_weights())}
        return {"mean": self.mean, "deviation": self.deviation, **weights}

    def set_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Take over what `state` gave."""
        self.mean, self.deviation = state["mean"], state["deviation"]
        self.network.set_weights([state[name] for name in sorted(state) if name.startswith("weight_")])

    def _forward(self, clips: np.ndarray) -> np.ndarray:
        logits = self.network.predict_on_batch(np.asarray(to_network_input(clips, self.network)))
        return np.asarray(probabilities(logits))

    def _patch(self, arrays: Arrays, position: int, params: TrainParams) -> tuple[int, int]:
        height, width = params.patch or arrays.mask(position).shape
        stride = self.entry.stride
        return math.ceil(height / stride) * stride, math.ceil(width / stride) * stride
