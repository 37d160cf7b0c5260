"""Where cut-outs are placed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.datasets.composing.places import choose_pairs, draw_places
from pipeline.params import ComposeParams

Size = tuple[int, int]
SIDES = st.tuples(st.integers(1, 90), st.integers(1, 90))


def draw_pair(background: str, cutout: str, size: Size, cutout_size: Size, compose: ComposeParams) -> np.ndarray:
    """Places of one pair."""
    return draw_places([background], np.array([size]), cutout, cutout_size, compose)[0]


@settings(max_examples=60, deadline=None)
@given(background=SIDES, cutout=SIDES, scale=st.tuples(st.floats(0.01, 1), st.floats(0.01, 1)))
def test_every_cutout_lies_inside_and_is_as_large_as_asked(
    background: tuple[int, int], cutout: tuple[int, int], scale: tuple[float, float]
) -> None:
    compose = ComposeParams(placements=9, scale=tuple(sorted(scale)))
    top, left, height, width, _ = draw_pair("a", "b", background, cutout, compose).T
    assert (top >= 0).all() and (top + height <= background[0]).all()
    assert (left >= 0).all() and (left + width <= background[1]).all()
    longer = np.maximum(height, width)
    assert (height >= 1).all() and (width >= 1).all()
    assert (longer >= min(scale) * min(background) - 1).all() and (
        longer <= max(1, max(scale) * min(background) + 1)
    ).all()


def test_places_are_the_same_on_every_machine() -> None:
    places = draw_pair("meadow", "fox", (64, 96), (20, 10), ComposeParams(placements=3))
    assert places.tolist() == [[35, 67, 19, 10, 1], [18, 44, 30, 15, 1], [26, 76, 28, 14, 0]]


def test_a_placement_is_the_same_however_many_there_are() -> None:
    few, many = (draw_pair("a", "b", (50, 50), (9, 7), ComposeParams(placements=number)) for number in (2, 40))
    np.testing.assert_array_equal(few, many[:2])


@pytest.mark.parametrize("other", [("a", "c", 0), ("c", "b", 0), ("a", "b", 1)])
def test_parts_and_seed_each_give_other_places(other: tuple[str, str, int]) -> None:
    first, second = (
        draw_pair(background, cutout, (500, 500), (9, 7), ComposeParams(placements=4, seed=seed))
        for background, cutout, seed in (("a", "b", 0), other)
    )
    assert (first != second).any(axis=1).all()


def test_nothing_is_mirrored_where_flip_is_off() -> None:
    settings = {"placements": 99, "scale": (1, 1)}
    assert not draw_pair("a", "b", (50, 50), (9, 7), ComposeParams(**settings, flip=False))[:, 4].any()
    assert 20 < draw_pair("a", "b", (50, 50), (9, 7), ComposeParams(**settings))[:, 4].sum() < 80


def test_places_on_many_backgrounds_are_those_on_each() -> None:
    compose, sizes = ComposeParams(placements=5), np.array([[40, 50], [90, 30]])
    both = draw_places(["a", "b"], sizes, "c", (9, 7), compose)
    for background, size, places in zip("ab", sizes, both, strict=True):
        np.testing.assert_array_equal(places, draw_pair(background, "c", tuple(size), (9, 7), compose))


def test_pairs_are_all_or_as_many_as_asked_in_order() -> None:
    assert choose_pairs(2, 3, ComposeParams()).tolist() == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]
    drawn = choose_pairs(9, 9, ComposeParams(pairs=20)).tolist()
    assert len({tuple(pair) for pair in drawn}) == 20 and drawn == sorted(drawn)
