"""Uncertainty is that of the formulas, and follows the errors that a mask has."""

import numpy as np
import pytest
from scipy.stats import entropy as scipy_entropy
from scipy.stats import spearmanr

from pipeline.metrics import dice
from pipeline.uncertainty import doubt_mask, entropy, tell_disagreement, tell_uncertainty


def test_entropy_is_a_share_of_the_largest() -> None:
    random = np.random.default_rng(0)
    drawn = random.dirichlet(np.ones(5), 20)
    np.testing.assert_allclose(entropy(drawn), scipy_entropy(drawn, axis=1, base=5))
    assert entropy(np.array([[0.5], [1.0], [0.0], [0.25]])) == pytest.approx(
        [1, 0, 0, scipy_entropy([0.25, 0.75], base=2)]
    )


def test_doubt_of_a_mask_is_that_of_the_formula() -> None:
    assert doubt_mask(np.array([[[0.8], [0.8], [0.4]]]), 0.5) == pytest.approx(1 - 4.2 / 5)
    three = np.array([[[0.7, 0.2, 0.1], [0.1, 0.8, 0.1]]])
    assert doubt_mask(three, 0.5) == pytest.approx(1 - (2 * 0.8 + 1) / (1.0 + 1 + 1))  # class 2 is nowhere


@pytest.mark.parametrize("channels", [1, 3])
def test_empty_mask_is_certain_only_where_nothing_was_suspected(channels: int) -> None:
    sure, unsure = np.full((10, 10, channels), 1e-6), np.full((10, 10, channels), 0.3)
    if channels > 1:
        sure[..., 0], unsure[..., 0] = 1, 0.4
    assert doubt_mask(sure, 0.5) < 0.001 and doubt_mask(unsure, 0.5) > 0.95


def test_doubt_follows_the_error_where_probabilities_are_true() -> None:
    """Discs of all sizes with blurred edges: small ones are mostly edge."""
    random, rows = np.random.default_rng(0), []
    distance = np.hypot(*(np.mgrid[:40, :40] - 20))
    for radius in np.linspace(2, 18, 60):
        probabilities = 1 / (1 + np.exp((distance - radius) / random.uniform(0.3, 3)))
        mask = random.random(distance.shape) < probabilities
        rows.append((doubt_mask(probabilities[..., None], 0.5), 1 - dice(mask, probabilities >= 0.5)))
    doubts, errors = np.array(rows).T
    assert spearmanr(doubts, errors)[0] > 0.9
    assert np.mean(doubts - errors) == pytest.approx(0, abs=0.03)


def test_a_row_is_told_of_each_head_with_probabilities() -> None:
    prediction = {"mask": np.full((2, 2, 1), 0.5), "depth": np.ones((2, 2, 1)), "label": np.array([0.5, 0.5])}
    mask, label = tell_uncertainty(prediction, 0.5)
    assert mask == {"head": "mask", "uncertainty": pytest.approx(1 - 5 / 7), "entropy": 1.0}
    assert label == {"head": "label", "uncertainty": 1.0, "entropy": 1.0}


def test_models_that_say_the_same_do_not_disagree() -> None:
    one = {"mask": np.array([[[0.9], [0.2]]]), "depth": np.ones((1, 2, 1)), "label": np.array([0.7, 0.3])}
    rows = tell_disagreement([one, one], one, 0.5)
    assert [(row["head"], row["disagreement"]) for row in rows] == [("mask", 0), ("depth", 0), ("label", 0)]
    assert np.isnan(rows[1]["uncertainty"]) and rows[2]["uncertainty"] == pytest.approx(
        float(entropy(np.array([0.7, 0.3])))
    )
    assert all(np.isnan(row["disagreement"]) for row in tell_disagreement([one], one, 0.5))


def test_disagreement_is_that_of_the_formulas() -> None:
    first = {"mask": np.array([[[0.9], [0.9], [0.1]]]), "depth": np.ones((1, 2, 1)), "label": np.array([1.0, 0.0])}
    second = {
        "mask": np.array([[[0.9], [0.1], [0.1]]]),
        "depth": np.full((1, 2, 1), 3.0),
        "label": np.array([0.0, 1.0]),
    }
    mean = {head: (first[head] + second[head]) / 2 for head in first}
    rows = {row["head"]: row["disagreement"] for row in tell_disagreement([first, second], mean, 0.5)}
    assert rows == {"mask": pytest.approx(1 / 3), "depth": pytest.approx(2**0.5), "label": pytest.approx(1.0)}
