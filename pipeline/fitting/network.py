"""A Keras network behind the protocol of models: fit, predict, state."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Generic, TypeVar

import keras
import numpy as np

from pipeline.batches import View
from pipeline.datasets.arrays import Arrays
from pipeline.datasets.clips import clip_positions
from pipeline.datasets.resizing import resize_image
from pipeline.fitting.checks import check_fit
from pipeline.fitting.control import FitControl, FitResult
from pipeline.fitting.initial import read_initial_weights
from pipeline.fitting.loop import FitData
from pipeline.fitting.past_masks import build_fed_network
from pipeline.fitting.stages import fit_stages
from pipeline.fitting.statistics import channel_statistics, mean_depth
from pipeline.fitting.tiles import predict_tiled
from pipeline.fitting.trainer import Statistics, to_network_input
from pipeline.losses import probabilities
from pipeline.params import AugmentParams, NetworkParams, PredictParams, TrainParams
from pipeline.tasks import Head, Prediction

Entry = TypeVar("Entry", bound=NetworkParams)


class NetworkModel(Generic[Entry]):
    """A network with what it knows of its training subset; subclasses give `build_network`."""

    def __init__(self, entry: Entry, channels: int, heads: tuple[Head, ...], seed: int, predict: PredictParams) -> None:
        keras.utils.set_random_seed(seed)
        self.entry: Entry = entry
        self.heads, self.predict_params, self.seed = heads, predict, seed
        self.network = self._build(channels)
        self.statistics = Statistics(np.zeros(channels, "float32"), np.ones(channels, "float32"))

    def _build(self, channels: int) -> keras.Model:
        if self.entry.feeds_on_masks:
            return build_fed_network(self.build_network, self.clip, channels, self.heads)
        return self.build_network(channels, self.heads)

    @abstractmethod
    def build_network(self, channels: int, heads: tuple[Head, ...]) -> keras.Model:
        """A network of clips (batch, time, height, width, channel), or of stacked frames, to logits by the heads' names.

        Maps are (batch, height, width, channel) of any size, pooled heads (batch, channel). Further outputs NAME@1, NAME@2, ... of
        half, a quarter, ... of the size are supervised too, and not predicted.
        """

    @property
    def clip(self) -> int:
        """Frames seen at once."""
        return self.entry.clip

    @property
    def size(self) -> tuple[int, int] | None:
        """Height and width that all images are resized to; None where the network takes any."""
        return None

    def find_statistics(self, arrays: Arrays, train: np.ndarray) -> Statistics:
        """What is taken from the training subset before the fit."""
        mean, deviation = channel_statistics(arrays, train)
        depth_m = mean_depth(arrays, train) if any(head.name == "depth" for head in self.heads) else 1.0
        return Statistics(mean, deviation, depth_m)

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
        check_fit(arrays.index.iloc[train], self.clip, self.heads, self.size, params, augment)
        notes: tuple[str, ...] = ()
        if params.initial_weights:
            weights = read_initial_weights(Path(params.initial_weights), self.network.get_weights(), control.data_hash)
            self.network.set_weights(weights)
            notes = (f"started from the weights of {params.initial_weights}",)
        self.statistics = self.find_statistics(arrays, train)
        clips = [clip_positions(arrays.index, positions, self.clip) for positions in (train, validation)]
        data = FitData(arrays, clips[0], clips[1], self.view(arrays, train[0]))
        result = fit_stages(
            self.network, self.heads, self.statistics, data, params, augment, self.entry.stride, self.seed, control
        )
        return replace(result, notes=notes + result.notes)

    def predict(self, clip: np.ndarray) -> Prediction:
        """What each head gives for the last frame of a clip (time, height, width, channel), as float32."""
        seen = clip if self.size is None else np.stack([resize_image(frame, *self.size) for frame in clip])
        normalized = (seen.astype("float32") - self.statistics.mean) / self.statistics.deviation
        if self.size is not None:
            return {name: scores[0] for name, scores in self._forward(normalized[None]).items()}
        return predict_tiled(self._forward, normalized, self.predict_params, self.entry.stride)

    def state(self) -> dict[str, np.ndarray]:
        """All that fitting learnt, by name."""
        weights = {f"weight_{index:04d}": weight for index, weight in enumerate(self.network.get_weights())}
        about = {name: np.asarray(value, "float32") for name, value in vars(self.statistics).items()}
        return {**about, **weights}

    def set_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Take over what `state` gave."""
        self.statistics = Statistics(state["mean"], state["deviation"], float(state["depth_m"]))
        self.network.set_weights([state[name] for name in sorted(state) if name.startswith("weight_")])

    def _forward(self, clips: np.ndarray) -> dict[str, np.ndarray]:
        return self.activate(self.network.predict_on_batch(np.asarray(to_network_input(clips, self.network))))

    def activate(self, logits: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """What each head gives, from the network's outputs."""
        return {head.name: self._activate(logits[head.name], head) for head in self.heads}

    def _activate(self, logits: np.ndarray, head: Head) -> np.ndarray:
        if head.activation == "softplus":
            return np.asarray(keras.ops.softplus(logits)) * np.float32(self.statistics.depth_m)
        return np.asarray(probabilities(logits))

    def view(self, arrays: Arrays, position: int) -> View:
        """What the network is shown of samples like the one at a position."""
        names = tuple(head.name for head in self.heads)
        if self.size is not None:
            return View(names, None, self.size)
        height, width = arrays.index[["height", "width"]].iloc[position]
        return View(names, (int(height), int(width)))
