"""Temperature scaling: one number a head that makes probabilities as often right as they say, learnt from validation samples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import expit, logit, softmax

from pipeline.datasets.arrays import IGNORED

Array = NDArray[Any]
Pair = tuple[Array, Array]
"""Probabilities (n, K) and numbers of true classes (n,)."""

LOWEST, HIGHEST = 0.05, 20.0
"""Temperatures beyond which a model's probabilities tell next to nothing."""
NEAREST_ONE = 2.0**-25
"""How near to 0 and 1 the one channel of a head is taken to come: half a step of float32 below 1."""
SMALLEST = 1e-12
"""Least probability of one class among several."""
VALUES = 2**19
"""Numbers looked at in all: of masks as many pixels of each sample as come to that. Half a million independent ones find T
within 1 %; pixels of one sample are not independent, so that more of them would hardly find it better."""
FEWEST_PIXELS = 16
"""Of a sample, however many samples there are."""


@dataclass(frozen=True)
class Drawn:
    """What a head said of samples, or of pixels drawn from them, and what was true."""

    probabilities: Array
    """(n, K); one channel is the probability of foreground."""
    targets: NDArray[np.int64]
    """Number of the true class (n,)."""
    sample: NDArray[np.int64]
    """Place of each one's sample (n,)."""


def draw(target: Array, predicted: Array, samples: int, random: np.random.Generator) -> Pair:
    """Probabilities (n, K) and true classes (n,) of one sample: its label, or counted pixels of its mask drawn at random.

    Given are one head's target () or (height, width) and probabilities (K,) or (height, width, K) of one of `samples` samples,
    a fair share of VALUES.
    """
    channels = predicted.shape[-1]
    flat, true = predicted.reshape(-1, channels), np.asarray(target, np.int64).reshape(-1)
    if predicted.ndim == 1:
        return flat, true
    counted = np.flatnonzero(true != IGNORED)
    most = max(FEWEST_PIXELS, VALUES // (channels * samples))
    chosen = counted if len(counted) <= most else np.sort(random.choice(counted, most, replace=False, shuffle=False))
    return flat[chosen], true[chosen]


def gather(parts: Sequence[Pair]) -> Drawn:
    """What was drawn from samples, in their order."""
    if not parts:
        return Drawn(np.zeros((0, 1)), np.zeros(0, np.int64), np.zeros(0, np.int64))
    sample = np.repeat(np.arange(len(parts)), [len(targets) for _, targets in parts])
    return Drawn(np.concatenate([part for part, _ in parts]), np.concatenate([part for _, part in parts]), sample)


def fit_temperature(drawn: Drawn) -> float:
    """The temperature T at which the true classes are likeliest, with probabilities softmax(log p / T); 1.0 of nothing.

    One channel is the probability of class 1. The mean of -log p is minimised (Guo et al. 2017, arXiv:1706.04599), and
    one sample more whose class is anyone's guess is added: without it T would fall to 0 wherever the
    likeliest class is always right (Platt 1999 smooths his targets alike). 10 samples of two classes, all right at .99:
    the T that gives 10.5 / 11 = .955, which is log(.99 / .01) / log(.955 / .045) = 1.51.
    """
    if not len(drawn.targets):
        return 1.0
    logits = _to_logits(drawn.probabilities)
    logits -= logits.max(axis=1, keepdims=True)
    told = np.take_along_axis(logits, drawn.targets[:, None], axis=1).sum() + logits.mean()

    def loss(log_temperature: float) -> float:
        sharpness = np.exp(-log_temperature)
        whole = np.log(np.exp(sharpness * logits).sum(axis=1))
        return float(whole.sum() + whole.mean() - sharpness * told)

    found = minimize_scalar(loss, bounds=(np.log(LOWEST), np.log(HIGHEST)), method="bounded")
    gain = loss(0.0) - found.fun
    return float(np.exp(found.x)) if gain > 1e-9 * len(logits) else 1.0


def scale(probabilities: Array, temperature: float) -> Array:
    """Probabilities (..., K) at a temperature, as float32: softmax(log p / T), of one channel the sigmoid of its logit / T.

    Neither the likeliest class nor the order of one channel's pixels changes; 1 / T undoes it. .9 at T = 2 is .75.
    """
    if temperature == 1:
        return np.asarray(probabilities, np.float32)
    if np.shape(probabilities)[-1] == 1:
        return np.asarray(expit(logit(_within(probabilities)) / temperature), np.float32)
    return np.asarray(softmax(_to_logits(probabilities) / temperature, axis=-1), np.float32)


def calibrate(prediction: Mapping[str, Array], temperatures: Mapping[str, float]) -> dict[str, Array]:
    """A prediction with each head at its temperature; heads without one as they are."""
    return {
        head: scale(part, temperatures[head]) if head in temperatures else part for head, part in prediction.items()
    }


def undo(prediction: Mapping[str, Array], temperatures: Mapping[str, float]) -> dict[str, Array]:
    """What was predicted before `calibrate`."""
    return calibrate(prediction, {head: 1 / temperature for head, temperature in temperatures.items()})


def _to_logits(probabilities: Array) -> NDArray[np.float64]:
    """Logarithms of probabilities (..., K), or of one channel (..., 2) those of background and foreground."""
    if np.shape(probabilities)[-1] == 1:
        foreground = _within(probabilities)
        return np.log(np.concatenate([1 - foreground, foreground], axis=-1))
    return np.log(np.maximum(np.asarray(probabilities, np.float64), SMALLEST))


def _within(probabilities: Array) -> NDArray[np.float64]:
    return np.clip(np.asarray(probabilities, np.float64), NEAREST_ONE, 1 - NEAREST_ONE)
