"""Distances of contours against worked numbers, MONAI and MedPy."""

import numpy as np
import pytest
from scipy.spatial.distance import directed_hausdorff

from pipeline import metrics
from pipeline.metrics.boundary import measure_distances
from tests.metrics.references import draw_pair

EMPTY = np.zeros((30, 40), bool)
DIAGONAL = 50.0


def draw_line(column: int) -> np.ndarray:
    """A vertical line of 10 pixels."""
    line = EMPTY.copy()
    line[5:15, column] = True
    return line


@pytest.mark.parametrize("shift", [0, 1, 3])
def test_a_line_is_as_far_as_it_is_shifted(shift):
    assert metrics.hausdorff_95(draw_line(8), draw_line(8 + shift)) == shift


# MONAI 1.6.1: compute_hausdorff_distance(percentile=95), compute_surface_dice(class_thresholds=[2])
@pytest.mark.parametrize(
    ("seed", "hausdorff", "surface"), [(0, 2.236068, 0.956023), (1, 5.0, 0.940385), (2, 2.0, 0.979964)]
)
def test_distances_agree_with_monai(seed, hausdorff, surface):
    pair = draw_pair(seed)
    assert metrics.hausdorff_95(*pair) == pytest.approx(hausdorff, abs=1e-5)
    assert metrics.surface_distance(*pair, 2) == pytest.approx(surface, abs=1e-6)


# MedPy 0.5.2: hd95 takes one percentile of both directions together, hd the largest of all
@pytest.mark.parametrize(
    ("seed", "pooled", "largest"), [(0, 2.0, 13.416408), (1, 2.236068, 8.0), (2, 1.414214, 7.211103)]
)
def test_distances_of_all_contour_pixels_agree_with_medpy(seed, pooled, largest):
    distances = np.concatenate(measure_distances(*draw_pair(seed)))
    assert np.percentile(distances, 95) == pytest.approx(pooled, abs=1e-6)
    assert distances.max() == pytest.approx(largest, abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_largest_distances_agree_with_scipy(seed):
    pair = draw_pair(seed)
    contours = [mask & ~np.roll(mask, 1, 0) | mask & ~np.roll(mask, -1, 0) for mask in pair]
    contours = [
        edge | mask & ~np.roll(mask, 1, 1) | mask & ~np.roll(mask, -1, 1)
        for edge, mask in zip(contours, pair, strict=True)
    ]
    first, second = (np.argwhere(contour) for contour in contours)
    largest = [px.max() for px in measure_distances(*pair)]
    expected = [directed_hausdorff(first, second)[0], directed_hausdorff(second, first)[0]]
    assert largest == pytest.approx(expected)


def test_empty_masks_are_no_distance_apart_and_an_empty_one_as_far_as_can_be():
    assert metrics.hausdorff_95(EMPTY, EMPTY) == 0
    assert metrics.hausdorff_95(EMPTY, draw_line(8)) == metrics.hausdorff_95(draw_line(8), EMPTY) == DIAGONAL


def test_one_pixel_is_a_contour():
    first, second = EMPTY.copy(), EMPTY.copy()
    first[10, 10], second[13, 14] = True, True
    assert metrics.hausdorff_95(first, second) == 5
    assert metrics.hausdorff_95(first, first) == 0


def test_a_mask_that_fills_the_picture_has_no_contour():
    assert metrics.hausdorff_95(~EMPTY, ~EMPTY) == 0
    assert metrics.hausdorff_95(~EMPTY, draw_line(8)) == DIAGONAL


def test_end_of_the_counted_region_is_no_contour():
    """Right of column 20 nothing counts: there the prediction ends 10 px beyond the target, and 2 px above it elsewhere."""
    counted = EMPTY.copy()
    counted[:, :20] = True
    target, prediction = EMPTY.copy(), EMPTY.copy()
    target[10:, :20], prediction[8:, :30] = True, True
    assert metrics.hausdorff_95(target & counted, prediction & counted, counted) == 2


def test_distances_that_are_known_are_not_measured_again():
    pair = draw_pair(0)
    distances = measure_distances(*pair)
    assert metrics.hausdorff_95(*pair, distances=distances) == metrics.hausdorff_95(*pair)
    assert metrics.surface_distance(*pair, 1.5, distances=distances) == metrics.surface_distance(*pair, 1.5)
