"""Mean and standard deviation of each channel over the training subset, in one pass."""

import numpy as np

from pipeline.datasets.arrays import Arrays


def channel_statistics(arrays: Arrays, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation (channel,) as float32 over all pixels of the samples; a constant channel has deviation 1.

    Sums are over the differences from the first sample's mean, so that they stay exact where the mean is far from 0.
    """
    near = arrays.image(positions[0]).mean(axis=(0, 1), dtype="float64")
    heights, widths = (arrays.index[side].to_numpy()[positions] for side in ("height", "width"))
    # sums of columns and channels together: NumPy is slow where the innermost axis is that of a few channels
    shift = np.tile(near, widths.max())
    sums, squares = np.zeros_like(shift), np.zeros_like(shift)
    for position in np.sort(positions):
        image = arrays.image(position)
        pixels = image.reshape(len(image), -1).astype("float64")
        pixels -= shift[: pixels.shape[1]]
        sums[: pixels.shape[1]] += pixels.sum(axis=0)
        squares[: pixels.shape[1]] += np.einsum("ij,ij->j", pixels, pixels)
    count = np.sum(heights * widths)
    mean, square = (total.reshape(-1, len(near)).sum(axis=0) / count for total in (sums, squares))
    deviation = np.sqrt(np.maximum(square - mean**2, 0))
    mean = near + mean
    is_constant = deviation <= np.abs(mean) * np.finfo("float32").eps
    return mean.astype("float32"), np.where(is_constant, 1.0, deviation).astype("float32")
