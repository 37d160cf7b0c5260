"""Normalisation in one pass equals NumPy's over all pixels at once."""

import numpy as np

from pipeline.fitting.statistics import channel_statistics
from tests.drawn import gather


def test_mean_and_deviation_are_those_of_all_pixels() -> None:
    random = np.random.default_rng(0)
    images = [random.integers(0, 65535, (*size, 2)).astype("uint16") for size in [(5, 7), (3, 3), (9, 2)]]
    arrays = gather([(image, np.zeros(image.shape[:2], "uint8")) for image in images])
    pixels = np.concatenate([image.reshape(-1, 2) for image in images[:2]]).astype("float64")
    mean, deviation = channel_statistics(arrays, np.array([1, 0]))
    np.testing.assert_allclose(mean, pixels.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(deviation, pixels.std(axis=0), rtol=1e-6)
    assert mean.dtype == deviation.dtype == np.float32


def test_a_constant_channel_is_divided_by_one() -> None:
    arrays = gather([(np.full((7, 3, 2), [9, 0.1], "float32"), np.zeros((7, 3), "uint8"))])
    mean, deviation = channel_statistics(arrays, np.array([0]))
    np.testing.assert_allclose(mean, [9, 0.1])
    assert deviation.tolist() == [1.0, 1.0]
