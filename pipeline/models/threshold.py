"""Baseline: the classes told by the brightness of one smoothed channel: by its histogram in the training subset, or by Otsu's method."""

from collections.abc import Mapping

import numpy as np
from scipy import ndimage
from skimage.filters import threshold_multiotsu

from pipeline.datasets.arrays import IGNORED, Arrays
from pipeline.fitting.control import FitControl, FitResult
from pipeline.params import AugmentParams, PredictParams, ThresholdParams, TrainParams
from pipeline.tasks import Head, Prediction

BINS = 256


class Model:
    """What can be had from brightness alone; binary: one threshold, with foreground above or below it.

    Learnt, it is the same for all images; Otsu's parts each image's own histogram, and channel and direction are learnt.
    """

    clip = 1

    def __init__(
        self, entry: ThresholdParams, channels: int, heads: tuple[Head, ...], seed: int, predict: PredictParams
    ) -> None:
        (head,) = heads
        self.entry, self.outputs = entry, head.channels
        self.channel = np.array(0)
        self.edges = np.linspace(0, 1, BINS + 1)
        self.classes = max(self.outputs, 2)
        self.shares = np.full((BINS, self.outputs), 0.5, "float32")

    def fit(
        self,
        arrays: Arrays,
        train: np.ndarray,
        validation: np.ndarray,
        params: TrainParams,
        augment: AugmentParams,
        control: FitControl,
    ) -> FitResult:
        """Choose the channel, and for each brightness the score of each class, by the training samples."""
        channels = arrays.image(train[0]).shape[-1]
        fits = [self._fit_channel(arrays, train, channel) for channel in range(channels)]
        best = int(np.argmax([quality for quality, _, _ in fits]))
        self.channel = np.array(best)
        _, self.edges, self.shares = fits[best]
        return FitResult(history=[], best_epoch=0, samples_seen=len(train), batch_size=1, stopped="baseline")

    def predict(self, clip: np.ndarray) -> Prediction:
        """The scores of each pixel's brightness."""
        values = self._smooth(clip[-1][..., int(self.channel)])
        return {"mask": self.shares[self._bins(values, self.edges)]}

    def state(self) -> dict[str, np.ndarray]:
        """Channel, brightness edges and scores."""
        return {"channel": self.channel, "edges": self.edges, "shares": self.shares}

    def set_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Take over what `state` gave."""
        self.channel, self.edges, self.shares = (state["channel"], state["edges"], state["shares"])

    def _fit_channel(self, arrays: Arrays, train: np.ndarray, channel: int) -> tuple[float, np.ndarray, np.ndarray]:
        """Quality (best Dice, or accuracy for several classes), edges and scores of one channel."""
        images = [self._smooth(arrays.image(position)[..., channel]) for position in train]
        edges = np.linspace(min(image.min() for image in images), max(image.max() for image in images) + 1e-6, BINS + 1)
        levels = BINS if self.entry.method == "learnt" else self.classes
        counts = np.zeros((levels, IGNORED + 1))
        for image, position in zip(images, train, strict=True):
            pairs = (self._bins(image, edges).ravel(), arrays.mask(position).ravel())
            np.add.at(counts, pairs, 1)
        if self.outputs > 1:
            classes = counts[:, : self.outputs]
            shares = (classes + 1e-3) / (classes.sum(axis=1, keepdims=True) + 1e-3 * self.outputs)
            return (float(classes.max(axis=1).sum() / classes.sum()), edges, shares.astype("float32"))
        foreground, total = counts[:, 1], counts[:, 0] + counts[:, 1]
        # Otsu's two levels are as sure as can be: no later choice may take both for foreground
        ramp, most = ((np.arange(BINS) + 0.5) / BINS, BINS) if levels == BINS else (np.arange(levels), 1)
        above, below = (_best_dice(foreground[::way], total[::way], most) for way in (-1, 1))
        return (max(above, below), edges, (ramp if above >= below else 1 - ramp)[:, None].astype("float32"))

    def _smooth(self, image: np.ndarray) -> np.ndarray:
        return ndimage.gaussian_filter(np.asarray(image, "float32"), self.entry.smoothing_px)

    def _bins(self, values: np.ndarray, edges: np.ndarray) -> np.ndarray:
        if self.entry.method == "learnt":
            return np.clip(np.digitize(values, edges) - 1, 0, BINS - 1)
        return np.digitize(values, otsu_thresholds(values, self.classes))


def otsu_thresholds(values: np.ndarray, classes: int) -> np.ndarray:
    """Brightnesses between classes that vary least inside (Otsu 1979); none for an image of fewer values than classes.

    Two classes of 0 and 10 are parted between the two.
    """
    if len(np.unique(values)) < classes:
        return np.array([])
    return np.asarray(threshold_multiotsu(values, classes, nbins=BINS))  # type: ignore[no-untyped-call]


def _best_dice(foreground: np.ndarray, total: np.ndarray, most: int) -> float:
    """Best Dice when bins are taken as foreground one after another, `most` of them at most."""
    hits = np.cumsum(foreground)
    return float(np.max((2 * hits / np.maximum(np.cumsum(total) + foreground.sum(), 1))[:most]))
