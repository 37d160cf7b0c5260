"""Under five independent units: a bootstrap of contiguous blocks inside them."""

import numpy as np

from pipeline.comparison.estimates import Estimate, estimate_student
from pipeline.comparison.pairing import Floats, Integers, Paired, mean_by

# Simulated autoregressive series (correlation 0 to .8, 30 to 300 frames) give false alarms in at most 5 % with blocks of six
# correlation lengths (docs/evidence.md); five gave up to 6 %, one up to 24 %.
CORRELATION_LENGTHS = 6
ROUNDING = 1e-12


def estimate_by_blocks(samples: Floats, unit: Integers, stretch: Integers, confidence: float) -> Estimate:
    """Moving block bootstrap within the given units (Kuensch 1989, doi:10.1214/aos/1176347265).

    The standard error of the bootstrap mean has a closed form, the spread of the means of all blocks, so that nothing
    is drawn. Blocks hold six correlation lengths; Student's quantile counts as many values as blocks fit in. NaN where not
    even two blocks fit into a stretch of time. Nothing follows for other units.
    """
    weight = 1 / (np.bincount(unit)[unit] * (unit.max() + 1))
    mean = float(weight @ samples)
    stretches = [np.flatnonzero(stretch == number) for number in range(stretch.max() + 1)]
    length = block_length(samples, stretch)
    method = f"block bootstrap within units, blocks of {length}"
    squares, blocks, whole = [], 0.0, 0
    for rows in stretches:
        if len(rows) >= 2 * length:
            sums = np.concatenate([[0.0], np.cumsum(samples[rows] - samples[rows].mean())])
            squares.append(((sums[length:] - sums[:-length]) / length) ** 2)
            blocks, whole = blocks + len(rows) / length, whole + 1
    if not whole:
        return Estimate(mean, np.nan, np.nan, np.nan, "none", "none")
    variance = np.concatenate(squares).mean() / (1 - whole / blocks)
    shares = sum(weight[rows].sum() ** 2 * length / len(rows) for rows in stretches)
    return estimate_student(mean, np.sqrt(variance * shares), blocks - whole, confidence, method)


def block_length(samples: Floats, stretch: Integers) -> int:
    """Samples a block: six times the first lag whose autocorrelation is below 2 / sqrt(n), and at least n^(1/3)."""
    count = len(samples)
    sums, sizes = np.bincount(stretch, weights=samples), np.bincount(stretch)
    centred = samples - (sums / sizes)[stretch]
    if np.abs(centred).max() <= ROUNDING * np.abs(samples).max():  # nothing varies, and so nothing is correlated
        centred = np.zeros(count)
    noise = 2 * float(centred @ centred) / np.sqrt(count)
    lag = 1
    while lag < count and _autocovariance(centred, stretch, lag) > noise:
        lag += 1
    return max(CORRELATION_LENGTHS * lag, int(np.ceil(count ** (1 / 3))))


def mean_by_blocks(paired: Paired, winner: int) -> tuple[Floats, Floats]:
    """Scores (blocks, models) of equal blocks inside the units, as long as the winner's correlation demands, and the blocks' weights
    (blocks) in the mean over units, in which each unit counts alike.
    """
    block = number_blocks(paired, block_length(paired.sample_scores[:, winner], paired.sample_stretch))
    unit = paired.sample_unit
    return mean_by(paired.sample_scores, block), np.bincount(block, 1 / np.bincount(unit)[unit]) / (unit.max() + 1)


def number_blocks(paired: Paired, length: int) -> Integers:
    """Number of each sample's block: equal parts of its stretch of time, none shorter than `length` but where the stretch is."""
    size = np.bincount(paired.sample_stretch)[paired.sample_stretch]
    place = np.arange(len(size)) - np.searchsorted(paired.sample_stretch, paired.sample_stretch)
    blocks = np.stack([paired.sample_stretch, place * np.maximum(1, size // length) // size])
    _, block = np.unique(blocks, axis=1, return_inverse=True)
    return np.asarray(block.astype(np.int64))


def _autocovariance(centred: Floats, stretch: Integers, lag: int) -> float:
    ahead = slice(lag, None)
    behind = slice(None, len(centred) - lag)
    return float((centred[ahead] * centred[behind]) @ (stretch[ahead] == stretch[behind]))
