"""Mean, spread and range of every sample's channels, gathered block by block without loss of digits."""

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Moments:
    """Arrays (sample, channel) but for `pixels` (sample); a sample that was not seen has no pixels."""

    pixels: Array
    means: Array
    squares: Array
    """Sums of squared distances from the mean."""
    least: Array
    most: Array

    def add(self, positions: Array, values: Array) -> None:
        """Take in values (sample, channel, pixel) of the samples at the positions (Chan, Golub and LeVeque 1979)."""
        means = values.mean(axis=-1)
        distances = values - means[..., None]
        squares = np.einsum("ncp,ncp->nc", distances, distances)
        before, added = self.pixels[positions][:, None], values.shape[-1]
        step = means - self.means[positions]
        self.squares[positions] += squares + step**2 * before * added / (before + added)
        self.means[positions] += step * added / (before + added)
        self.pixels[positions] += added
        self.least[positions] = np.minimum(self.least[positions], values.min(axis=-1))
        self.most[positions] = np.maximum(self.most[positions], values.max(axis=-1))

    @property
    def deviations(self) -> Array:
        """Standard deviation of each sample's channels."""
        return np.asarray(np.sqrt(self.squares / self.pixels[:, None]))

    def of_all(self) -> tuple[Array, Array]:
        """Mean and standard deviation of each channel over all pixels of all samples."""
        shares = self.pixels[:, None] / self.pixels.sum()
        means = (shares * self.means).sum(axis=0)
        spread = self.squares.sum(axis=0) / self.pixels.sum() + (shares * (self.means - means) ** 2).sum(axis=0)
        return means, np.sqrt(spread)


def start_moments(samples: int, channels: int) -> Moments:
    """Moments of no pixels."""
    zeros = np.zeros((samples, channels))
    bounds = np.full((samples, channels), np.inf)
    return Moments(np.zeros(samples, np.int64), zeros, zeros.copy(), bounds, -bounds)
