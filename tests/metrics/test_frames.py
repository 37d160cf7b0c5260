"""Flicker between two frames against worked numbers."""

import numpy as np
import pytest

from pipeline import metrics

COUNTED = np.ones((6, 6), bool)
EMPTY = np.zeros((6, 6), np.uint8)


def draw_square(row: int = 1) -> np.ndarray:
    """4 pixels of class 1."""
    mask = EMPTY.copy()
    mask[row : row + 2, 1:3] = 1
    return mask


def test_worked_number_of_docstring_holds():
    missed = draw_square()
    missed[1, 1] = 0
    assert metrics.flicker((draw_square(), draw_square()), (draw_square(), missed), COUNTED) == 1 / 4


def test_what_moves_in_truth_does_not_flicker():
    """The square moves by 2 rows, and the prediction with it."""
    frames = draw_square(), draw_square(3)
    assert metrics.flicker(frames, frames, COUNTED) == 0


def test_a_prediction_that_stays_never_flickers_and_one_that_comes_does():
    """Nothing is true; in the second frame 4 pixels are said to be."""
    assert metrics.flicker((draw_square(), draw_square()), (EMPTY, EMPTY), COUNTED) == 0
    assert metrics.flicker((EMPTY, EMPTY), (EMPTY, draw_square()), COUNTED) == 1
    assert metrics.flicker((EMPTY, EMPTY), (EMPTY, EMPTY), COUNTED) == 0


@pytest.mark.parametrize(("says", "expected"), [(1, 0.0), (2, 1.0)])
def test_a_change_from_class_to_class_flickers(says, expected):
    frames = (draw_square(), draw_square())
    assert metrics.flicker(frames, (draw_square(), says * draw_square()), COUNTED) == expected


def test_pixels_of_unknown_truth_do_not_count():
    missed, counted = draw_square(), COUNTED.copy()
    missed[1, 1], counted[1, 1] = 0, False
    assert metrics.flicker((draw_square(), draw_square()), (draw_square(), missed), counted) == 0
    assert metrics.flicker((draw_square(), draw_square()), (draw_square(), missed), ~COUNTED) == 0
