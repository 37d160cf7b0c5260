"""One grey plane for every type, channel count and size."""

import numpy as np
import pytest

from pipeline.auditing.planes import LONGEST_PX, SHORTEST_PX, draw_plane, is_empty


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int32", "uint32", "float32"])
def test_same_picture_in_another_type_gives_the_same_plane(dtype, random):
    picture = random.integers(0, 200, (80, 70, 1), np.uint8)
    factor = 1 / 255 if dtype == "float32" else 1
    assert np.abs(draw_plane((picture * factor).astype(dtype), None).astype(int) - draw_plane(picture, None)).max() <= 1


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 7])
def test_any_number_of_channels_gives_one_plane(channels, random):
    assert draw_plane(random.integers(0, 255, (64, 96, channels), np.uint8), None).shape == (64, 96)


@pytest.mark.parametrize(("size", "expected"), [((400, 200), (LONGEST_PX, 96)), ((32, 32), (SHORTEST_PX, SHORTEST_PX))])
def test_large_pictures_shrink_and_tiny_ones_grow(size, expected, random):
    assert draw_plane(random.integers(0, 255, (*size, 1), np.uint8), None).shape == expected


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_constant_picture_is_empty(dtype):
    assert is_empty(draw_plane(np.full((64, 64, 2), 7, dtype), None))


def test_faint_fractions_are_not_empty(random):
    assert not is_empty(draw_plane(random.random((64, 64, 1), np.float32) * 1e-3, None))


def test_ignored_panel_does_not_count(random):
    picture = random.integers(0, 255, (64, 64, 1), np.uint8)
    other, mask = picture.copy(), np.zeros((64, 64), np.uint8)
    other[:10, :20], mask[:10, :20] = 0, 255
    assert np.array_equal(draw_plane(picture, mask), draw_plane(other, mask))
