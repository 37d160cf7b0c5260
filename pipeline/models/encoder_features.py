"""A frozen encoder's features of pictures as they are, and a classifier of scikit-learn on them."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np

from pipeline.classifiers import dump_classifier, fit_classifier, load_classifier, predict_labels
from pipeline.datasets.arrays import Arrays
from pipeline.encoders import (
    build_encoder,
    check_channels,
    check_pictures,
    describe_origin,
    keep_features,
    read_encoder_weights,
    settle_weights,
    take_features,
)
from pipeline.fitting.control import FitControl, FitResult
from pipeline.params import AugmentParams, EncoderFeaturesParams, PredictParams, TrainParams
from pipeline.pooling import pool
from pipeline.tasks import Head, Prediction


class Model:
    """Encoder and classifier behind the protocol of models; augmentation does not reach it."""

    clip = 1

    def __init__(
        self, entry: EncoderFeaturesParams, channels: int, heads: tuple[Head, ...], seed: int, predict: PredictParams
    ) -> None:
        check_channels(channels)
        keras.utils.set_random_seed(seed)
        self.entry, self.seed, self.labels = entry, seed, heads[0].channels
        with _full_precision():
            self.encoder = build_encoder(entry)
            self.extractor = keras.Model(self.encoder.input, pool(self.encoder.output, entry.pooling, "pooled"))
        self.classifier: Any = None
        self.known: dict[bytes, np.ndarray] = {}

    def fit(
        self,
        arrays: Arrays,
        train: np.ndarray,
        validation: np.ndarray,
        params: TrainParams,
        augment: AugmentParams,
        control: FitControl,
    ) -> FitResult:
        """Fit the classifier to the features of the samples at positions `train`; those of `validation` are remembered."""
        check_pictures(arrays, train)
        weights = read_encoder_weights(self.entry)
        if weights is not None:
            self.encoder.set_weights(weights)
            settle_weights(self.encoder)
        features, of_validation = self.features_of(arrays, train, validation, params.threads)
        labels = np.array([arrays.label(position) for position in train])
        self.classifier, notes = fit_classifier(self.entry.classifier, features, labels, self.seed, params.threads)
        digests = (_digest(arrays.image(position)) for position in validation)
        self.known = dict(zip(digests, of_validation, strict=True))
        return FitResult(
            history=[],
            best_epoch=0,
            samples_seen=len(train),
            batch_size=1,
            stopped="classifier",
            notes=(*describe_origin(self.entry), *notes),
        )

    def predict(self, clip: np.ndarray) -> Prediction:
        """Probabilities (label,) of the clip's last frame."""
        return {"label": predict_labels(self.classifier, self.encode(clip[-1])[None], self.labels)[0]}

    def encode(self, picture: np.ndarray) -> np.ndarray:
        """Features (feature,) of a picture, of a remembered one those that are known."""
        known = self.known.get(_digest(picture))
        return next(take_features(self.extractor, [picture])) if known is None else known

    def state(self) -> dict[str, np.ndarray]:
        """The classifier, and the encoder's weights: the file shall not depend on where they came from."""
        weights = {f"weight_{index:04d}": weight for index, weight in enumerate(self.encoder.get_weights())}
        return {"classifier": dump_classifier(self.classifier), **weights}

    def set_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Take over what `state` gave."""
        self.encoder.set_weights([state[name] for name in sorted(state) if name.startswith("weight_")])
        settle_weights(self.encoder)
        self.classifier, self.known = load_classifier(state["classifier"]), {}

    def features_of(
        self, arrays: Arrays, train: np.ndarray, validation: np.ndarray, threads: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Features (sample, feature) of both subsets, from the file beside the arrays, or taken anew where there is no folder for one."""
        if arrays.folder is None:
            taken = [
                np.array(list(take_features(self.extractor, map(arrays.image, some)))) for some in (train, validation)
            ]
            return taken[0], taken[1]
        settings = self.entry.model_dump(include={"network", "arguments", "size", "pooling"}) | {"threads": threads}
        kept = keep_features(arrays, arrays.folder, self.extractor, json.dumps(settings, sort_keys=True))
        return kept[train], kept[validation]


@contextmanager
def _full_precision() -> Iterator[None]:
    """Layers in float32: features must not depend on what the fits of networks compute in."""
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(policy)


def _digest(picture: np.ndarray) -> bytes:
    return hashlib.blake2b(f"{picture.shape} {picture.dtype} ".encode() + picture.tobytes()).digest()
