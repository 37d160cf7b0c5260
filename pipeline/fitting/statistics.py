"""Mean and standard deviation of each channel over the training subset, in one pass."""

import numpy as np

from pipeline.datasets.arrays import Arrays


def channel_statistics(arrays: Arrays, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation (channel,) as float32 over all pixels of the samples; a constant channel has deviation 1."""
    count, mean, squares = 0, 0.0, 0.0
    for position in positions:
        pixels = np.asarray(arrays.image(position), dtype="float64").reshape(-1, arrays.image(position).shape[-1])
        total = count + len(pixels)
        step = pixels.mean(axis=0) - mean
        squares = squares + ((pixels - pixels.mean(axis=0)) ** 2).sum(axis=0) + step**2 * count * len(pixels) / total
        mean = mean + step * len(pixels) / total
        count = total
    deviation = np.sqrt(squares / count)
    return np.asarray(mean, "float32"), np.where(deviation > 0, deviation, 1.0).astype("float32")
