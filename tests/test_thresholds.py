"""The threshold of the histograms is the one that trying them all finds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.datasets.arrays import IGNORED
from pipeline.metrics import dice
from pipeline.thresholds import CANDIDATES, choose_threshold, dice_by_threshold


def try_all(mask: np.ndarray, probabilities: np.ndarray) -> list[float]:
    counted = mask != IGNORED
    return [dice((mask > 0) & counted, (probabilities >= threshold) & counted) for threshold in CANDIDATES]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0, 1, 3]), st.booleans())
def test_dice_of_every_threshold_is_that_of_trying_it(seed: int, classes: int, is_round: bool) -> None:
    random = np.random.default_rng(seed)
    mask = random.integers(0, classes + 1, (6, 7)).astype("uint8")
    mask[random.random((6, 7)) < 0.2] = IGNORED
    probabilities = random.random((6, 7)).astype("float32")
    probabilities = probabilities.round(2) if is_round else probabilities
    np.testing.assert_allclose(dice_by_threshold(mask, probabilities), try_all(mask, probabilities), atol=1e-12)


def test_threshold_is_the_best_of_the_mean_over_samples() -> None:
    random = np.random.default_rng(3)
    pairs = [(random.integers(0, 2, (9, 9)).astype("uint8"), random.random((9, 9)) * scale) for scale in (1, 0.6, 0.8)]
    threshold, score = choose_threshold(pairs)
    means = np.mean([try_all(*pair) for pair in pairs], axis=0)
    assert score == pytest.approx(means.max())
    assert means[threshold == CANDIDATES] == pytest.approx(means.max())


def test_of_equal_thresholds_the_one_nearest_to_half_is_taken() -> None:
    mask = np.array([[0, 1]], "uint8")
    assert choose_threshold([(mask, np.array([[0.1, 0.9]]))]) == (0.5, 1.0)
    assert choose_threshold([(mask, np.array([[0.1, 0.31]]))]) == (0.3, 1.0)


def test_a_sample_without_foreground_asks_for_nothing_predicted() -> None:
    empty, half = np.zeros((1, 2), "uint8"), np.full((1, 2), 0.55)
    assert choose_threshold([(empty, half)]) == (0.56, 1.0)
