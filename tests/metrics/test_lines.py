"""clDice against worked numbers and the formula of its authors."""

import numpy as np
import pytest
from skimage.morphology import skeletonize

from pipeline import metrics
from tests.metrics.references import draw_pair

EMPTY = np.zeros((20, 20), bool)


def draw_line(start: int, stop: int, width: int = 1) -> np.ndarray:
    """A horizontal line."""
    line = EMPTY.copy()
    line[10 : 10 + width, start:stop] = True
    return line


def test_worked_number_of_docstring_holds():
    assert metrics.cl_dice(draw_line(5, 15), draw_line(5, 10)) == pytest.approx(2 / 3)


def test_a_wider_line_is_nearly_as_good():
    wide = np.roll(draw_line(5, 15, 3), -1, axis=0)
    assert metrics.dice(draw_line(5, 15), wide) == 0.5 and metrics.cl_dice(draw_line(5, 15), wide) > 0.9


@pytest.mark.parametrize(("seed", "expected"), [(0, 0.804885), (1, 0.811687), (2, 0.81383)])
def test_score_is_that_of_the_authors_formula(seed, expected):
    """Shit et al.: sums of products of masks and skeletons, here worked out with scikit-image 0.26."""
    target, prediction = (mask.astype(int) for mask in draw_pair(seed))
    lines = [skeletonize(mask).astype(int) for mask in (target, prediction)]
    right, found = (lines[1] * target).sum() / lines[1].sum(), (lines[0] * prediction).sum() / lines[0].sum()
    score = metrics.cl_dice(target > 0, prediction > 0)
    assert score == pytest.approx(2 * right * found / (right + found)) == pytest.approx(expected, abs=1e-6)


def test_empty_masks_score_one_together_and_zero_alone():
    assert metrics.cl_dice(EMPTY, EMPTY) == 1
    assert metrics.cl_dice(EMPTY, draw_line(5, 15)) == metrics.cl_dice(draw_line(5, 15), EMPTY) == 0


def test_lines_apart_score_zero():
    assert metrics.cl_dice(draw_line(2, 8), draw_line(12, 18)) == 0


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_the_smallest_masks_have_a_skeleton(size):
    dot = draw_line(5, 5 + size, size)
    assert skeletonize(dot).any() and metrics.cl_dice(dot, dot) == 1
