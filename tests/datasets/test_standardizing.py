"""Images of one brightness and contrast."""

import numpy as np
import pytest

from pipeline.datasets.standardizing import standardize


def test_whole_numbers_stand_about_the_middle_of_their_range() -> None:
    assert standardize(np.array([[[1], [3]]], "uint8")).ravel().tolist() == [76, 178]


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16", "float32"])
def test_brightness_and_contrast_of_a_channel_no_longer_tell(dtype: str) -> None:
    picture = np.random.default_rng(0).integers(10, 60, (16, 16, 2)).astype(dtype)
    other = picture * np.array([2, 1], dtype) + np.array([5, 40], dtype)
    found = standardize(picture)
    assert found.dtype == dtype
    np.testing.assert_allclose(standardize(other), found, rtol=1e-5, atol=1e-5)


def test_extremes_are_cut_where_the_range_ends() -> None:
    bright = np.zeros((10, 10, 1), "uint8")
    bright[0, 0] = 9
    assert standardize(bright).max() == 255


def test_a_constant_channel_is_all_mean() -> None:
    assert set(standardize(np.full((4, 4, 1), 7, "float32")).ravel()) == {0.0}
