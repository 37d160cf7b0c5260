"""Scores whose distribution is known."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, tuple[int, int]], Floats]
WARM_UP = 100


@dataclass(frozen=True)
class Distribution:
    """A distribution of scores of a metric, drawn in any shape, and its mean."""

    name: str
    metric: str
    mean: float
    draw: Draw


def beta(first: float, second: float, zeros: float = 0.0, ones: float = 0.0) -> Distribution:
    """Dice-like scores, a share of them failures (0) and another flawless (1)."""

    def draw(generator: np.random.Generator, shape: tuple[int, int]) -> Floats:
        scores, kind = generator.beta(first, second, shape), generator.random(shape)
        return np.where(kind < zeros, 0.0, np.where(kind >= 1 - ones, 1.0, scores))

    inflated = f", {100 * zeros:g} % zeros, {100 * ones:g} % ones" if zeros or ones else ""
    mean = ones + (1 - zeros - ones) * first / (first + second)
    return Distribution(f"beta({first:g}, {second:g}){inflated}", "dice", mean, draw)


def shares(share: float) -> Distribution:
    """Right (1) or wrong (0)."""
    return Distribution(
        f"right or wrong, {share:g}",
        "accuracy",
        share,
        lambda generator, shape: (generator.random(shape) < share).astype(np.float64),
    )


def lognormal(spread: float) -> Distribution:
    """Errors without an upper end, most of them small."""
    mean = float(np.exp(spread**2 / 2))
    return Distribution(
        f"lognormal({spread:g})", "rmse", mean, lambda generator, shape: generator.lognormal(0, spread, shape)
    )


DISTRIBUTIONS = (
    beta(9, 1.5),
    beta(2, 2),
    beta(30, 1),
    beta(4, 0.3),
    beta(0.5, 0.5),
    beta(9, 1.5, zeros=0.1),
    beta(2, 2, zeros=0.1, ones=0.1),
    beta(9, 1.5, zeros=0.2, ones=0.3),
    beta(9, 1.5, ones=0.1),
    beta(9, 1.5, zeros=0.05, ones=0.1),
    beta(9, 1.5, zeros=0.03),
    shares(0.5),
    shares(0.7),
    shares(0.9),
    shares(0.97),
    lognormal(0.5),
    lognormal(1),
)


def draw_pairs(kind: str, generator: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Scores of models that are equally good, on samples that are hard or easy for all alike: shape (units, models, ...)."""
    hardness = generator.normal(0, 1, (shape[0], 1, *shape[2:]))
    own = generator.normal(0, 1, shape)
    if kind == "Dice-like":
        return 1 / (1 + np.exp(-(2 + hardness + 0.5 * own)))
    if kind == "heavy-tailed errors":
        return np.exp(0.5 * hardness + own)
    return (hardness + own > -1).astype(np.float64)  # right or wrong


def draw_series(generator: np.random.Generator, correlation: float, shape: tuple[int, int]) -> Floats:
    """Series (frames, replications) of mean 0 with this correlation between neighbours."""
    noise = generator.normal(size=(shape[0] + WARM_UP, shape[1]))
    return np.asarray(lfilter([1], [1, -correlation], noise, axis=0)[WARM_UP:])
