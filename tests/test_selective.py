"""Risk of the samples kept is that of numbers worked out by hand, and of trying every order."""

from itertools import permutations

import numpy as np
import pytest

from pipeline.selective import refuse


def area_by_hand(uncertainty: np.ndarray, risk: np.ndarray) -> float:
    """Mean over all orders that sort by uncertainty, each kept set added up anew."""
    orders = [order for order in permutations(range(len(risk))) if (np.diff(uncertainty[list(order)]) >= 0).all()]
    kept = [np.mean([risk[list(order[:count])].mean() for count in range(1, len(risk) + 1)]) for order in orders]
    return float(np.mean(kept))


def test_curve_is_that_of_the_worked_numbers() -> None:
    curve = refuse(np.array([0.4, 0.1, 0.3, 0.2]), np.array([1, 0, 1, 0]))
    assert curve.coverage.tolist() == [0.25, 0.5, 0.75, 1]
    assert curve.risk == pytest.approx([0, 0, 1 / 3, 1 / 2]) and curve.area == pytest.approx(5 / 24)


@pytest.mark.parametrize("seed", range(5))
def test_area_is_that_of_trying_every_order(seed: int) -> None:
    random = np.random.default_rng(seed)
    uncertainty, risk = random.integers(0, 4, 7) / 4, random.random(7)
    assert refuse(uncertainty, risk).area == pytest.approx(area_by_hand(uncertainty, risk))


def test_no_order_is_better_than_that_of_the_risks_and_no_uncertainty_is_as_good_as_chance() -> None:
    random = np.random.default_rng(0)
    risk = random.random(200)
    best = refuse(risk, risk).area
    assert all(refuse(random.random(200), risk).area > best for _ in range(20))
    assert refuse(np.ones(200), risk).area == pytest.approx(risk.mean())


@pytest.mark.parametrize(("coverage", "risk"), [(0.25, 0), (0.6, 1 / 3), (0.75, 1 / 3), (1, 0.5)])
def test_risk_at_a_share_keeps_no_fewer_samples(coverage: float, risk: float) -> None:
    assert refuse(np.arange(4), np.array([0, 0, 1, 1])).risk_at(coverage) == pytest.approx(risk)


def test_nothing_has_no_area() -> None:
    assert np.isnan(refuse(np.empty(0), np.empty(0)).area) and np.isnan(refuse(np.empty(0), np.empty(0)).risk_at(0.5))
