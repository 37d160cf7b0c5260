"""Scores whose distribution is known."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.signal import lfilter
from scipy.special import expit

Floats = NDArray[np.float64]
Turn = Callable[[Floats], Floats]
WARM_UP = 100


@dataclass(frozen=True)
class Part:
    """A share of the scores: a constant, or a distribution of SciPy and what its values are turned into."""

    share: float
    of: Any
    turn: Turn = np.positive

    @property
    def mean(self) -> float:
        return self.of if isinstance(self.of, float) else float(self.of.expect(lambda value: self.turn(value)))

    def draw(self, generator: np.random.Generator, shape: tuple[int, int]) -> Floats:
        if isinstance(self.of, float):
            return np.full(shape, self.of)
        return self.turn(np.asarray(self.of.rvs(size=shape, random_state=generator), np.float64))


@dataclass(frozen=True)
class Distribution:
    """A mixture of scores of a metric; `drawn_for` tells whether the method of the intervals was chosen on it, or never saw it before."""

    name: str
    metric: str
    parts: tuple[Part, ...]
    drawn_for: Literal["choice", "confirmation"] = "choice"

    @cached_property
    def mean(self) -> float:
        return sum(part.share * part.mean for part in self.parts)

    def draw(self, generator: np.random.Generator, shape: tuple[int, int]) -> Floats:
        """Scores in this shape."""
        place = np.searchsorted(np.cumsum([part.share for part in self.parts[:-1]]), generator.random(shape))
        return np.choose(place, [part.draw(generator, shape) for part in self.parts])


def mix(name: str, of: Any, turn: Turn = np.positive, zeros: float = 0.0, ones: float = 0.0) -> Distribution:
    """Dice-like scores, a share of them failures (0) and another flawless (1)."""
    shares = (("zeros", zeros, 0.0), ("ones", ones, 1.0))
    inflated = "".join(f", {100 * share:g} % {told}" for told, share, _ in shares if share)
    ends = tuple(Part(share, value) for _, share, value in shares if share)
    return Distribution(name + inflated, "dice", (*ends, Part(1 - zeros - ones, of, turn)))


def beta(first: float, second: float, zeros: float = 0.0, ones: float = 0.0) -> Distribution:
    """A beta distribution with failures and flawless scores."""
    return mix(f"beta({first:g}, {second:g})", stats.beta(first, second), zeros=zeros, ones=ones)


def logit_normal(mean: float, spread: float, zeros: float = 0.0) -> Distribution:
    """Normal before the logistic function."""
    return mix(f"logit normal({mean:g}, {spread:g})", stats.norm(mean, spread), expit, zeros=zeros)


def clipped(mean: float, spread: float, zeros: float = 0.0) -> Distribution:
    """Normal, what is beyond 0 and 1 put there."""
    return mix(f"normal({mean:g}, {spread:g}) clipped", stats.norm(mean, spread), clip, zeros=zeros)


def clip(values: Floats) -> Floats:
    return np.clip(values, 0, 1)


def two(share: float, of: Any, told: str, other: Any, other_told: str) -> Distribution:
    """Two kinds of samples."""
    name = f"{100 * share:g} % {told}, {100 - 100 * share:g} % {other_told}"
    return Distribution(name, "dice", (Part(share, of, clip), Part(1 - share, other, clip)))


def counted(objects: int, share: float) -> Distribution:
    """Shares of a few objects that are found."""
    return mix(f"of {objects} objects, {share:g}", stats.binom(objects, share), lambda found: found / objects)


def shares(share: float) -> Distribution:
    """Right (1) or wrong (0)."""
    return Distribution(f"right or wrong, {share:g}", "accuracy", (Part(share, 1.0), Part(1 - share, 0.0)))


def lognormal(spread: float) -> Distribution:
    """Errors without an upper end, most of them small."""
    return Distribution(f"lognormal({spread:g})", "rmse", (Part(1, stats.lognorm(spread)),))


CHOICE = (
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
    logit_normal(2, 1),
    logit_normal(2, 1, zeros=0.02),
    logit_normal(2, 1, zeros=0.04),
    logit_normal(1.5, 0.7, zeros=0.07),
    two(0.85, stats.beta(20, 3), "beta(20, 3)", stats.beta(2, 5), "beta(2, 5)"),
    clipped(0.9, 0.1),
    two(0.95, stats.beta(12, 2), "beta(12, 2)", stats.beta(1, 20), "beta(1, 20)"),
    counted(10, 0.8),
    beta(6, 2, zeros=0.4),
    beta(3, 3, ones=0.8),
    beta(5, 2, zeros=0.04, ones=0.6),
    beta(60, 3, zeros=0.02),
    beta(15, 2, zeros=0.05),
    beta(9, 1, zeros=0.15),
    shares(0.5),
    shares(0.7),
    shares(0.9),
    shares(0.97),
    lognormal(0.5),
    lognormal(1),
)
FRESH = (
    clipped(0.75, 0.15, zeros=0.03),
    clipped(0.9, 0.02),
    clipped(0.97, 0.01, zeros=0.015),
    mix("uniform(.3, 1)", stats.uniform(0.3, 0.7), zeros=0.06),
    mix("triangular(.2, .95, 1)", stats.triang(0.9375, 0.2, 0.8), zeros=0.01),
    mix("uniform(0, 1)", stats.uniform(), zeros=0.5, ones=0.2),
    mix("1 - (1 - u)^(1 / 1.2), to the fifth", stats.beta(1, 1.2), lambda value: value**0.2, zeros=0.08),
    mix("logit of 2 + .7 t, 3 degrees of freedom", stats.t(3, 2, 0.7), expit),
    counted(4, 0.9),
    two(0.94, stats.norm(0.93, 0.015), "normal(.93, .015)", stats.uniform(0, 0.3), "uniform(0, .3)"),
    two(0.5, stats.beta(40, 4), "beta(40, 4)", stats.beta(8, 8), "beta(8, 8)"),
)
DISTRIBUTIONS = (
    *CHOICE,
    *(Distribution(fresh.name, fresh.metric, fresh.parts, drawn_for="confirmation") for fresh in FRESH),
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
