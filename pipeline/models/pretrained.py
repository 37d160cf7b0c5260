"""A pretrained encoder with a new head, trained end to end or the head and the last layers alone."""

from collections.abc import Mapping
from dataclasses import replace

import keras
import numpy as np

from pipeline.datasets.arrays import Arrays
from pipeline.encoders import (
    PictureRange,
    build_encoder,
    check_channels,
    check_pictures,
    describe_origin,
    highest_value,
    read_encoder_weights,
    settle_weights,
)
from pipeline.fitting.control import FitControl, FitResult
from pipeline.fitting.network import NetworkModel
from pipeline.fitting.trainer import Statistics
from pipeline.params import AugmentParams, PretrainedParams, TrainParams
from pipeline.pooling import label_logits, pool
from pipeline.tasks import Head

RANGE = "encoder_range"


class Model(NetworkModel[PretrainedParams]):
    """An encoder and dense layers behind the protocol of models; the encoder's weights are read when a fit begins."""

    encoder: keras.Model

    @property
    def size(self) -> tuple[int, int]:
        """Height and width that all pictures are resized to."""
        return self.entry.size

    def build_network(self, channels: int, heads: tuple[Head, ...]) -> keras.Model:
        params = self.entry
        check_channels(channels)
        self.encoder = build_encoder(params)
        freeze(self.encoder, params)
        pictures = keras.Input((*params.size, channels))
        in_range = PictureRange(channels, name=RANGE)(pictures)
        features = self.encoder.call(in_range, training=None if params.unfreeze == "all" else False)
        pooled = pool(features, params.pooling, "encoder_pooled")
        return keras.Model(pictures, label_logits(pooled, params.dense, params.dropout, heads))

    def fit(
        self,
        arrays: Arrays,
        train: np.ndarray,
        validation: np.ndarray,
        params: TrainParams,
        augment: AugmentParams,
        control: FitControl,
    ) -> FitResult:
        """Take over the encoder's weights, then fit what is not frozen."""
        check_pictures(arrays, train)
        weights = read_encoder_weights(self.entry)
        if weights is not None:
            self.encoder.set_weights(weights)
        result = super().fit(arrays, train, validation, params, augment, control)
        return replace(result, notes=(*describe_origin(self.entry), *result.notes))

    def find_statistics(self, arrays: Arrays, train: np.ndarray) -> Statistics:
        """Those of the training subset, which the network undoes before the encoder's own preprocessing."""
        found = super().find_statistics(arrays, train)
        white = highest_value(arrays.image(train[0]).dtype)
        self.network.get_layer(RANGE).set_range(found.mean, found.deviation, white)
        settle_weights(self.encoder)
        return found

    def set_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Take over what `state` gave."""
        super().set_state(state)
        settle_weights(self.encoder)


def freeze(encoder: keras.Model, params: PretrainedParams) -> None:
    """Let the last layers train that the entry names; batch normalisation keeps the statistics that it came with."""
    layers = encoder.layers
    count = len(layers) if params.unfreeze == "all" else params.unfreeze
    is_new = params.unfreeze == "all" and params.weights is None
    for place, layer in enumerate(layers):
        is_kept = isinstance(layer, keras.layers.BatchNormalization) and not is_new
        layer.trainable = place >= len(layers) - count and not is_kept
