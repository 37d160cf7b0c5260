"""The winner's score, corrected for having been chosen by that very score."""

from dataclasses import dataclass, replace

import numpy as np

from pipeline.comparison.pairing import Floats

RESAMPLES = 1000
FEWEST_FOR_INTERVAL = 5


@dataclass(frozen=True)
class Corrected:
    """Score of the chosen model on units that had no say in the choice; NaN where the data allow none.

    Higher is better, until `flip` turns the signs of an error back.
    """

    mean: float
    low: float
    high: float
    optimism: float
    """By how much the choice had made the winner's mean look better."""
    units: int
    method: str

    def flip(self) -> "Corrected":
        """The same for a metric of which lower is better, whose scores were given with their signs turned."""
        return replace(self, mean=-self.mean, low=-self.high, high=-self.low)


def correct_winner(units: Floats, confidence: float, seed: int, weights: Floats | None = None) -> Corrected:
    """Bootstrap bias-corrected cross-validation (Tsamardinos et al. 2018, doi:10.1007/s10994-018-5714-4).

    `units` (units, models), higher is better, count alike, or as `weights` (units), which add up to 1, say. They are drawn with replacement, the model that is best on those drawn is scored on those
    not drawn, and so 1000 times. The mean is taken as the winner's plus the mean difference to the winner on the same units:
    the same in expectation, without the noise of the draws, and nothing where every draw chooses the winner. The interval is that of the authors, percentiles, wider than need be since a third of the
    units scores each time.
    """
    generator = np.random.default_rng(seed)
    count, models = units.shape
    weights = np.full(count, 1 / count) if weights is None else weights
    means = weights @ units
    winner, best = int(means.argmax()), float(means.max())
    if models == 1:
        return Corrected(best, np.nan, np.nan, 0.0, count, "no choice among models")
    times = generator.multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
    left_out = times == 0
    is_usable = left_out.any(axis=1)
    if not is_usable.any():
        return Corrected(np.nan, np.nan, np.nan, np.nan, count, "none")
    left_out, chosen = left_out[is_usable], ((times[is_usable] * weights) @ units).argmax(axis=1)
    shares = left_out * weights
    scores = shares @ units / shares.sum(axis=1, keepdims=True)
    known, steady = scores[np.arange(len(chosen)), chosen], scores[:, winner]
    tail = (1 - confidence) / 2
    low, high = np.quantile(known, [tail, 1 - tail]) if count >= FEWEST_FOR_INTERVAL else (np.nan, np.nan)
    mean = best + float((known - steady).mean())
    method = "bootstrap bias-corrected cross-validation"
    return Corrected(mean, float(low), float(high), best - mean, count, method)
