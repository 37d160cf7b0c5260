"""Metrics against hand-worked numbers, scikit-learn and a contour distance by brute force."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn import metrics as sklearn_metrics

from pipeline import metrics
from pipeline.metrics import Mask

EMPTY = np.zeros((6, 6), bool)
TARGET, PREDICTION = EMPTY.copy(), EMPTY.copy()
TARGET[0, :4] = True
PREDICTION[0, 3:5] = True
OVERLAPS = (metrics.dice, metrics.iou, metrics.precision, metrics.recall)


def draw_blobs(seed: int) -> Mask:
    """About half of 20 x 20 pixels, in patches of 4 x 4."""
    return np.kron(np.random.default_rng(seed).random((5, 5)) > 0.5, np.ones((4, 4))).astype(bool)


@pytest.mark.parametrize(("metric", "expected"), list(zip(OVERLAPS, (1 / 3, 1 / 5, 1 / 2, 1 / 4), strict=True)))
def test_worked_number_of_docstring_holds(metric, expected):
    assert metric(TARGET, PREDICTION) == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(5))
def test_overlaps_agree_with_scikit_learn(seed):
    target, prediction = draw_blobs(seed), draw_blobs(seed + 100)
    pair = target.ravel(), prediction.ravel()
    assert metrics.dice(target, prediction) == pytest.approx(sklearn_metrics.f1_score(*pair))
    assert metrics.iou(target, prediction) == pytest.approx(sklearn_metrics.jaccard_score(*pair))
    assert metrics.precision(target, prediction) == pytest.approx(sklearn_metrics.precision_score(*pair))
    assert metrics.recall(target, prediction) == pytest.approx(sklearn_metrics.recall_score(*pair))
    assert metrics.pixel_accuracy(*pair) == pytest.approx(sklearn_metrics.accuracy_score(*pair))


@pytest.mark.parametrize("metric", [*OVERLAPS, lambda t, p: metrics.surface_distance(t, p, 2)])
def test_empty_masks_score_one_together_and_zero_alone(metric):
    assert metric(EMPTY, EMPTY) == 1.0
    assert metric(EMPTY, TARGET) == 0.0
    assert metric(TARGET, EMPTY) == 0.0


def draw_line(column: int) -> Mask:
    """A vertical line of 10 pixels."""
    line = np.zeros((20, 20), bool)
    line[5:15, column] = True
    return line


@pytest.mark.parametrize(("shift", "tolerance_px", "expected"), [(1, 1, 1.0), (1, 0.5, 0.0), (0, 0, 1.0), (3, 2, 0.0)])
def test_line_beside_the_true_one_is_within_the_tolerance_or_not(shift, tolerance_px, expected):
    assert metrics.surface_distance(draw_line(8), draw_line(8 + shift), tolerance_px) == expected


def test_half_a_line_scores_by_the_share_of_both_contours():
    half = draw_line(8)
    half[10:] = False  # 5 of 5 are near; of the true 10 the lowest 3 are further than 2 px
    assert metrics.surface_distance(draw_line(8), half, 2) == pytest.approx((5 + 7) / 15)


def find_contour(mask: Mask) -> list[tuple[int, int]]:
    """Pixels of a mask with a neighbour outside it, found one by one."""
    rows, columns = mask.shape
    around = ((-1, 0), (1, 0), (0, -1), (0, 1))
    return [
        (int(row), int(column))
        for row, column in np.argwhere(mask)
        if any(
            0 <= row + down < rows and 0 <= column + right < columns and not mask[row + down, column + right]
            for down, right in around
        )
    ]


@pytest.mark.parametrize("tolerance_px", [0, 1, 2.5])
@pytest.mark.parametrize("seed", range(3))
def test_surface_distance_agrees_with_brute_force(seed, tolerance_px):
    target, prediction = draw_blobs(seed), draw_blobs(seed + 100)
    near = cdist(find_contour(target), find_contour(prediction)) <= tolerance_px
    expected = (near.any(axis=0).sum() + near.any(axis=1).sum()) / sum(near.shape)
    assert metrics.surface_distance(target, prediction, tolerance_px) == pytest.approx(expected)


def test_end_of_picture_and_ignored_region_are_no_contour():
    target, prediction, counted = (np.zeros((20, 20), bool) for _ in range(3))
    target[:, :10], prediction[:, :9], counted[:10] = True, True, True
    prediction[10:] = True
    assert metrics.surface_distance(target & counted, prediction & counted, 0.5, counted) == 0.0
    assert metrics.surface_distance(target & counted, prediction & counted, 1, counted) == 1.0


def test_masks_that_fill_the_picture_agree_without_a_contour():
    full = np.ones((6, 6), bool)
    assert metrics.surface_distance(full, full, 2) == 1.0
    assert metrics.surface_distance(full, TARGET, 2) == 0.0
