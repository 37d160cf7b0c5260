"""One composite from its parts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.datasets.composing.blending import Place, count_foreground, draw_image, draw_mask
from tests.parts import draw_background, draw_cutout

WHOLE = Place(1, 2, 2, 3, 0)


def draw_flat(colour: int, alpha: int, size: tuple[int, int] = (2, 3)) -> np.ndarray:
    """A cut-out multiplied by its alpha, of one colour."""
    return np.full((*size, 4), [*[round(colour * alpha / 255)] * 3, alpha], np.uint8)


def test_an_opaque_cutout_hides_the_background_where_it_lies() -> None:
    background = draw_background(0, (5, 6))
    composite = draw_image(background, draw_flat(70, 255), WHOLE, with_background=False)
    expected = background.copy()
    expected[1:3, 2:5] = 70
    np.testing.assert_array_equal(composite, expected)


def test_a_translucent_cutout_is_mixed_by_its_alpha() -> None:
    background = np.full((5, 6, 3), 200, np.uint8)
    composite = draw_image(background, draw_flat(100, 51), WHOLE, with_background=False)
    assert (composite[1:3, 2:5] == 20 + 160).all()


@pytest.mark.parametrize(("alpha", "expected"), [(127, 0), (128, 6)])
def test_half_opaque_is_foreground(alpha: int, expected: int) -> None:
    assert draw_mask((5, 6), draw_flat(9, alpha), WHOLE).sum() == expected


def test_a_mirrored_cutout_is_mirrored_in_image_and_mask() -> None:
    cutout = draw_flat(70, 255)
    cutout[:, 0] = 0
    place = WHOLE._replace(is_flipped=1)
    assert draw_mask((5, 6), cutout, place)[1].tolist() == [0, 0, 1, 1, 0, 0]
    image = draw_image(np.zeros((5, 6, 1), np.uint8), cutout, place, with_background=False)
    assert image[1, :, 0].tolist() == [0, 0, 70, 70, 0, 0]


def test_the_background_follows_as_further_channels() -> None:
    background = draw_background(0, (5, 6))
    both = draw_image(background, draw_flat(70, 255), WHOLE, with_background=True)
    assert both.shape == (5, 6, 6)
    np.testing.assert_array_equal(both[..., 3:], background)


@settings(max_examples=40, deadline=None)
@given(
    height=st.integers(1, 30), width=st.integers(1, 30), is_flipped=st.integers(0, 1), light=st.sampled_from([0, 255])
)
def test_mask_and_image_agree_at_every_size(height: int, width: int, is_flipped: int, light: int) -> None:
    cutout = draw_cutout(0)
    cutout[..., :3] = cutout[..., 3:]  # white
    place = Place(1, 0, height, width, is_flipped)
    image = draw_image(np.full((32, 32, 3), light, np.uint8), cutout, place, with_background=False)
    mask = draw_mask((32, 32), cutout, place)
    assert mask.sum() == count_foreground(cutout, height, width)
    if light == 0:
        np.testing.assert_array_equal(image[..., 0] >= 128, mask == 1)
    else:
        assert (image == 255).all()
