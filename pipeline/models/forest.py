"""Baseline: a random forest on filter features, of each pixel for masks and of the whole picture for its class."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.ensemble import RandomForestClassifier

from pipeline.classifiers import dump_classifier, load_classifier, predict_labels
from pipeline.datasets.arrays import IGNORED, Arrays
from pipeline.filters import filter_tiles, summarise_features
from pipeline.fitting.control import FitControl, FitError, FitResult
from pipeline.params import AugmentParams, ForestParams, PredictParams, TrainParams, TreesParams
from pipeline.tasks import Head, Prediction

FITTED_TILE = (512, 512)
"""Not predict.tile: how images are predicted must not change what is learnt, which depends on the order of pixels."""
Samples = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Features (sample, feature), classes (sample,), and how many pixels each stands for (sample,)."""


class Model:
    """A forest a head behind the protocol of models; of a clip it sees the last frame alone."""

    clip = 1

    def __init__(
        self, entry: ForestParams, channels: int, heads: tuple[Head, ...], seed: int, predict: PredictParams
    ) -> None:
        self.entry, self.heads, self.seed, self.tile = entry, heads, seed, predict.tile
        self.forests: dict[str, Any] = {}

    def fit(
        self,
        arrays: Arrays,
        train: np.ndarray,
        validation: np.ndarray,
        params: TrainParams,
        augment: AugmentParams,
        control: FitControl,
    ) -> FitResult:
        """Grow a forest for each head on the samples at positions `train`, the same whatever the number of threads."""
        settings = self.entry.model_dump(include=set(TreesParams.model_fields))
        for head in self.heads:
            features, classes, weights = (self._pictures if head.is_pooled else self._pixels)(arrays, np.sort(train))
            forest = RandomForestClassifier(**settings, random_state=self.seed, n_jobs=params.threads)
            forest.fit(features, classes, weights if self.entry.class_weight is None else None)
            forest.n_jobs = 1  # threads would add up the trees' votes in an order of their own
            self.forests[head.name] = forest
        return FitResult(history=[], best_epoch=0, samples_seen=len(train), batch_size=1, stopped="baseline")

    def predict(self, clip: np.ndarray) -> Prediction:
        """Probabilities of each pixel, tile by tile, and of the picture."""
        return {head.name: (self._label if head.is_pooled else self._map)(clip[-1], head) for head in self.heads}

    def state(self) -> dict[str, np.ndarray]:
        """The forests by head."""
        return {name: dump_classifier(forest) for name, forest in self.forests.items()}

    def set_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Take over what `state` gave."""
        self.forests = {head.name: load_classifier(state[head.name]) for head in self.heads}

    def _pixels(self, arrays: Arrays, train: np.ndarray) -> Samples:
        """Pixels of some training images, in the order of their positions; one image is held at a time."""
        generator = np.random.default_rng(self.seed)
        most = min(self.entry.images or len(train), len(train))
        chosen = np.sort(generator.choice(train, most, replace=False))
        parts = []
        for position in chosen:
            image, mask = arrays.image(position), arrays.mask(position)
            weights = draw_pixels(mask, self.entry.pixels, generator)
            for place, features in filter_tiles(image, self.entry, FITTED_TILE, weights > 0):
                is_drawn = weights[place] > 0
                parts.append((features[is_drawn], mask[place][is_drawn], weights[place][is_drawn]))
        if not parts:
            raise FitError(
                f"{self.entry.name}: no pixel of the {most} training masks counts, all are {IGNORED}: label some, or leave"
                " the model out"
            )
        features, classes, stands_for = (np.concatenate(part) for part in zip(*parts, strict=True))
        return features, classes, stands_for

    def _pictures(self, arrays: Arrays, train: np.ndarray) -> Samples:
        features = [summarise_features(arrays.image(position), self.entry, self.entry.size) for position in train]
        return np.array(features), np.array([arrays.label(position) for position in train]), np.ones(len(train))

    def _map(self, image: np.ndarray, head: Head) -> np.ndarray:
        found = np.zeros((*image.shape[:2], head.channels), "float32")
        for place, features in filter_tiles(image, self.entry, self.tile):
            flat = features.reshape(-1, features.shape[-1])
            classes = predict_labels(self.forests[head.name], flat, max(head.channels, 2))
            found[place] = classes[:, -head.channels :].reshape(*features.shape[:2], head.channels)
        return found

    def _label(self, image: np.ndarray, head: Head) -> np.ndarray:
        features = summarise_features(image, self.entry, self.entry.size)[None]
        return predict_labels(self.forests[head.name], features, head.channels)[0]


def draw_pixels(mask: np.ndarray, count: int, generator: np.random.Generator) -> np.ndarray:
    """Weights (height, width) of about `count` pixels, as many of each class, each weighing the pixels that it stands for; 0 elsewhere.

    Where a class has fewer, all of them are taken. Ignored pixels are not drawn. A mask with 96 pixels of background and 4 of
    foreground, and count 8: 4 pixels that weigh 24, and 4 that weigh 1.
    """
    weights = np.zeros(mask.shape, "float64")
    classes = [index for index in np.unique(mask) if index != IGNORED]
    for index in classes:
        places = np.flatnonzero(mask == index)
        drawn = generator.choice(places, min(max(count // len(classes), 1), len(places)), replace=False)
        weights.flat[drawn] = len(places) / len(drawn)
    return weights
