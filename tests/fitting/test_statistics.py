"""Normalisation in one pass equals NumPy's over all pixels at once."""

import numpy as np
import pytest

from pipeline.fitting.statistics import channel_statistics
from tests.drawn import gather


@pytest.mark.parametrize("channels", [1, 2, 7])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "uint32", "int16", "int32", "float32"])
def test_mean_and_deviation_are_those_of_all_pixels(dtype: str, channels: int) -> None:
    random = np.random.default_rng(0)
    images = [random.integers(0, 255, (*size, channels)).astype(dtype) for size in [(5, 7), (3, 3), (9, 2)]]
    arrays = gather([(image, np.zeros(image.shape[:2], "uint8")) for image in images])
    pixels = np.concatenate([image.reshape(-1, channels) for image in images[:2]]).astype("float64")
    mean, deviation = channel_statistics(arrays, np.array([1, 0]))
    np.testing.assert_allclose(mean, pixels.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(deviation, pixels.std(axis=0), rtol=1e-6)
    assert mean.dtype == deviation.dtype == np.float32


def test_a_constant_channel_is_divided_by_one() -> None:
    arrays = gather([(np.full((7, 3, 2), [9, 0.1], "float32"), np.zeros((7, 3), "uint8"))])
    mean, deviation = channel_statistics(arrays, np.array([0]))
    np.testing.assert_allclose(mean, [9, 0.1])
    assert deviation.tolist() == [1.0, 1.0]
