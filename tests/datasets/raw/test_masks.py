"""Grey values to class indices, and resizing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.datasets.arrays import IGNORED
from pipeline.datasets.raw.masks import count_values, encode_mask, find_counted
from pipeline.datasets.resizing import resize_image, resize_mask
from pipeline.params import DataParams, Region


def test_classes_are_numbered_in_the_order_of_the_values() -> None:
    mask = np.array([[0, 255], [7, 255]], np.uint8)
    np.testing.assert_array_equal(encode_mask(mask, (255, 0, 7), DataParams()), [[1, 0], [2, 0]])


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int32])
def test_values_are_counted_and_encoded_alike_in_every_type(dtype: type) -> None:
    mask, data = np.array([[0, 200, 9], [200, 0, 7]], dtype), DataParams(ignore_value=7)
    assert count_values(mask, data) == {0: 2, 200: 2, 9: 1}
    np.testing.assert_array_equal(encode_mask(mask, (200, 0, 9, 300), data), [[1, 0, 2], [0, 1, IGNORED]])


def test_the_ignored_value_and_regions_are_marked() -> None:
    mask = np.array([[0, 255, 9], [255, 0, 1000]], np.uint16)
    data = DataParams(ignore_value=1000, ignore_regions=(Region(top=0, left=1, height=1, width=2),))
    np.testing.assert_array_equal(encode_mask(mask, (0, 255), data), [[0, IGNORED, IGNORED], [1, 0, IGNORED]])
    assert find_counted(mask, data).sum() == 3


def test_a_mask_shrinks_to_the_pixels_under_the_new_centres() -> None:
    mask = np.array([[0, 1, 2, 3]] * 2, np.uint8)
    np.testing.assert_array_equal(resize_mask(mask, 1, 2), [[1, 3]])
    np.testing.assert_array_equal(resize_mask(mask, 2, 8)[0], [0, 0, 1, 1, 2, 2, 3, 3])


@given(
    arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.sampled_from([0, 1, IGNORED])),
    st.integers(1, 20),
    st.integers(1, 20),
)
def test_a_resized_mask_has_no_new_values(mask: np.ndarray, height: int, width: int) -> None:
    resized = resize_mask(mask, height, width)
    assert resized.shape == (height, width)
    assert set(np.unique(resized)) <= set(np.unique(mask))


def test_a_shrunken_image_averages_and_keeps_its_type() -> None:
    image = np.zeros((40, 40, 2), np.uint16)
    image[::2, :, 0], image[..., 1] = 60000, 65535
    resized = resize_image(image, 5, 5)
    assert resized.dtype == np.uint16
    np.testing.assert_allclose(resized[2, 2], [30000, 65535], atol=600)


def test_a_ramp_grows_linearly() -> None:
    ramp = np.array([[[0], [100]]], np.uint8)
    np.testing.assert_array_equal(resize_image(ramp, 1, 4)[0, :, 0], [0, 25, 75, 100])
