"""Scores of objects against worked numbers and StarDist's matching."""

import numpy as np
import pytest

from pipeline.metrics.objects import Overlaps, match, overlap_objects, score_objects
from tests.metrics.references import draw_pair

EMPTY = np.zeros((12, 12), bool)


def draw_squares(*corners: tuple[int, int]) -> np.ndarray:
    """Squares of 9 pixels by their upper left corners."""
    mask = EMPTY.copy()
    for row, column in corners:
        mask[row : row + 3, column : column + 3] = True
    return mask


def score(target: np.ndarray, prediction: np.ndarray, *thresholds: float) -> tuple[float, ...]:
    """Precision, recall, F1, panoptic quality."""
    found = score_objects(overlap_objects(target, prediction), thresholds or (0.5,))
    return found.precision, found.recall, found.f1, found.panoptic_quality


def test_worked_number_of_docstring_holds():
    overlaps = Overlaps(2, 3, np.array([0]), np.array([1]), np.array([0.8]))
    found = score_objects(overlaps, [0.5])
    assert (found.precision, found.recall, found.f1, found.panoptic_quality) == pytest.approx(
        (1 / 3, 1 / 2, 2 / 5, 0.32)
    )


def test_a_shifted_object_is_found_up_to_its_iou():
    """A square shifted by 1 of 3 pixels: 6 of 12 shared, IoU .5."""
    pair = draw_squares((1, 1)), draw_squares((1, 2))
    assert score(*pair, 0.5) == (1, 1, 1, 0.5)
    assert score(*pair, 0.51) == (0, 0, 0, 0)
    assert score(*pair, 0.5, 0.51) == (0.5, 0.5, 0.5, 0.25)


# StarDist 0.9.2: stardist.matching.matching(label(target), label(prediction), thresh)
@pytest.mark.parametrize(
    ("seed", "threshold", "expected"),
    [
        (0, 0.3, (0.6, 1.0, 0.75, 0.422026)),
        (0, 0.5, (0.4, 0.666667, 0.5, 0.313981)),
        (1, 0.1, (0.7, 0.875, 0.777778, 0.375958)),
        (1, 0.75, (0.2, 0.25, 0.222222, 0.196039)),
        (2, 0.1, (0.642857, 0.75, 0.692308, 0.44839)),
        (2, 0.5, (0.5, 0.583333, 0.538462, 0.382967)),
    ],
)
def test_scores_agree_with_stardist(seed, threshold, expected):
    assert score(*draw_pair(seed), threshold) == pytest.approx(expected, abs=1e-6)


def test_empty_masks_score_one_together_and_zero_alone():
    assert score(EMPTY, EMPTY) == (1, 1, 1, 1)
    assert score(EMPTY, draw_squares((1, 1))) == score(draw_squares((1, 1)), EMPTY) == (0, 0, 0, 0)


def test_one_pixel_is_an_object():
    target = EMPTY.copy()
    target[3, 3] = True
    assert score(target, target) == (1, 1, 1, 1)
    assert score(target, np.roll(target, 1, axis=0)) == (0, 0, 0, 0)


def test_objects_that_touch_at_a_corner_are_one():
    assert overlap_objects(draw_squares((1, 1), (4, 4)), EMPTY).targets == 1
    assert overlap_objects(draw_squares((1, 1), (5, 5)), EMPTY).targets == 2


def test_two_objects_joined_by_a_bridge_are_one_that_matches_neither():
    target = draw_squares((1, 1), (1, 6))
    joined = target.copy()
    joined[2, 1:9] = True
    assert score(target, joined) == (0, 0, 0, 0)


def test_below_one_half_as_many_are_matched_as_can_be():
    """The likest pair, 0 and 0, would leave object 1 alone; crossing them matches both."""
    overlaps = Overlaps(2, 2, np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([0.45, 0.3, 0.35]))
    assert sorted(match(overlaps, 0.2)) == pytest.approx([0.3, 0.35])
    assert match(overlaps, 0.4) == pytest.approx([0.45])
    assert match(overlaps, 0.9).size == 0
