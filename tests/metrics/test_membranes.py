"""The scores of the ISBI 2012 challenge against worked numbers, scikit-image, scikit-learn and SciPy."""

from math import isnan

import numpy as np
import pytest
from scipy.stats import entropy
from skimage.metrics import adapted_rand_error, variation_of_information
from sklearn.metrics import v_measure_score

from pipeline.metrics.membranes import (
    best_over_thresholds,
    compare_labels,
    information_score,
    label_cells,
    rand_score,
    scores_by_threshold,
    thin,
    v_info,
    v_rand,
)

CROSS = np.zeros((9, 9), bool)
CROSS[4], CROSS[:, 4] = True, True
"""Four cells of 4x4 pixels."""


def draw_labels(seed: int, lines: float) -> tuple[np.ndarray, np.ndarray]:
    """Cells 0 to 5 and regions 1 to 7 of 40x40 pixels, a share of which are lines, 0."""
    random = np.random.default_rng(seed)
    cells, regions = random.integers(0, 6, (40, 40)), random.integers(1, 8, (40, 40))
    regions[:, :20] = cells[:, :20] + 1
    return cells, np.where(random.random((40, 40)) < lines, 0, regions)


def lines_apart(regions: np.ndarray) -> np.ndarray:
    """The regions with each pixel of a line a label of its own, as other tools need to be told."""
    return np.where(regions > 0, regions, 1000 + np.arange(regions.size).reshape(regions.shape))


@pytest.mark.parametrize("lines", [0.0, 0.1])
def test_rand_score_is_scikit_image_s_but_for_pairs_of_a_pixel_with_itself(lines: float) -> None:
    cells, regions = draw_labels(0, lines)
    overlaps = compare_labels(cells, regions)
    pixels = np.count_nonzero(cells)
    shared, both = (overlaps.shared**2).sum(), (overlaps.cells**2).sum() + (overlaps.regions**2).sum()
    error = adapted_rand_error(cells, lines_apart(regions), ignore_labels=(0,))[0]
    assert 2 * (shared - pixels) / (both - 2 * pixels) == pytest.approx(1 - error)
    assert rand_score(overlaps) == pytest.approx(2 * shared / both)


@pytest.mark.parametrize("lines", [0.0, 0.1])
def test_information_score_is_one_less_the_variation_of_information_as_a_share(lines: float) -> None:
    cells, regions = draw_labels(1, lines)
    inside, apart = cells > 0, lines_apart(regions)
    variation = sum(variation_of_information(cells, apart, ignore_labels=[0]))
    total = sum(entropy(np.unique(part[inside], return_counts=True)[1], base=2) for part in (cells, apart))
    score = information_score(compare_labels(cells, regions))
    assert score == pytest.approx(1 - variation / total)
    assert score == pytest.approx(v_measure_score(cells[inside], apart[inside]))


def test_a_perfect_map_scores_one() -> None:
    assert v_rand(CROSS, CROSS) == v_info(CROSS, CROSS) == 1.0


def test_a_thicker_membrane_scores_one_for_it_is_thinned() -> None:
    thick = CROSS.copy()
    thick[3:6], thick[:, 3:6] = True, True
    assert v_rand(CROSS, thick) == v_info(CROSS, thick) == 1.0


def test_cells_that_a_gap_joins_score_as_worked_out() -> None:
    """Two of four cells joined: shared 4 * 16^2; cells 4 * 16^2; regions 32^2 + 2 * 16^2; entropies log 4 and 1.5 log 2."""
    gap = CROSS.copy()
    gap[2, 4] = False
    assert v_rand(CROSS, gap) == pytest.approx(2 * 4 / (4 + 4 + 2))
    assert v_info(CROSS, gap) == pytest.approx(2 * 1.5 / (2 + 1.5))


def test_a_gap_over_a_corner_joins_nothing() -> None:
    """Only the sides of pixels join, as in the challenge."""
    assert label_cells(np.eye(4, dtype=bool)).max() == 2
    assert v_rand(np.eye(4, dtype=bool), np.eye(4, dtype=bool)) == 1.0


def test_a_cell_that_a_line_divides_scores_as_worked_out() -> None:
    """One cell of 5 pixels, divided into 2, a line of 1, and 2: 2 (4 + 1 + 4) / (25 + 9)."""
    target, prediction = np.zeros((1, 5), bool), np.array([[False, False, True, False, False]])
    assert v_rand(target, prediction) == pytest.approx(18 / 34)
    assert v_info(target, prediction) == 0.0


def test_one_cell_found_as_one_scores_one() -> None:
    empty = np.zeros((4, 4), bool)
    assert v_rand(empty, empty) == v_info(empty, empty) == 1.0


def test_membrane_everywhere_is_one_region() -> None:
    """As the challenge's watershed has it: all four cells joined, which share no information with it."""
    everywhere = np.ones_like(CROSS)
    assert v_rand(CROSS, everywhere) == pytest.approx(2 * 4 / (4 + 16))
    assert v_info(CROSS, everywhere) == 0.0


def test_truth_without_a_cell_has_no_score() -> None:
    everywhere = np.ones((4, 4), bool)
    assert isnan(v_rand(everywhere, CROSS[:4, :4])) and isnan(v_info(everywhere, CROSS[:4, :4]))


def test_pixels_of_unknown_truth_neither_score_nor_join() -> None:
    """The gap lies where the truth is unknown; so does what was predicted there."""
    gap, counted = CROSS.copy(), np.ones_like(CROSS)
    gap[:4, 4], counted[:4, 3:6] = False, False
    assert v_rand(np.where(counted, CROSS, False), gap, counted) == 1.0


def test_thinning_leaves_lines_of_one_pixel() -> None:
    membrane = np.zeros((5, 9), bool)
    membrane[:, 2:7] = True
    assert np.array_equal(thin(membrane)[0] == 0, np.arange(9) == 4)


def test_the_best_threshold_is_one_for_all_samples() -> None:
    """The first map is perfect from .4 to .6, the second up to .3 alone, and each merges all cells elsewhere."""
    first, second = np.where(CROSS, 0.6, 0.3), np.where(CROSS, 0.3, 0.0)
    best = best_over_thresholds([CROSS, CROSS], [first, second], (0.1, 0.5))
    assert best.v_rand == pytest.approx((1 + 0.4) / 2) and best.v_info == 0.5
    assert best_over_thresholds([CROSS], [first], (0.1, 0.5)).v_rand_threshold == 0.5


def test_scores_by_threshold_are_those_of_each_mask() -> None:
    probabilities = np.where(CROSS, 0.6, 0.3)
    expected = [[v_rand(CROSS, probabilities >= at), v_info(CROSS, probabilities >= at)] for at in (0.2, 0.5, 0.7)]
    assert np.array_equal(scores_by_threshold(CROSS, probabilities, (0.2, 0.5, 0.7)), expected)
