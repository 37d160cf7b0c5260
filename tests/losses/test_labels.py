"""Losses of labels against scikit-learn, numbers worked out by hand, and a gradient derived by hand."""

from functools import partial

import numpy as np
import pytest
from sklearn.metrics import log_loss
from sklearn.utils.class_weight import compute_class_weight

from pipeline.losses.build import balanced_weights
from pipeline.losses.labels import cross_entropy, focal, top_2_tolerant
from tests.losses.slopes import slope, value

pytestmark = pytest.mark.usefixtures("keras_backend")
plain = partial(cross_entropy, smoothing=0.0, class_weights=None)
tolerant = partial(top_2_tolerant, tolerance=0.5, threshold=0.2, temperature=0.05, class_weights=None)


def draw(samples: int = 20, classes: int = 4) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Truth, logits and their probabilities."""
    random = np.random.default_rng(0)
    y_true, y_pred = random.integers(0, classes, samples), random.normal(0, 1, (samples, classes))
    return y_true, y_pred, np.exp(y_pred) / np.exp(y_pred).sum(axis=1, keepdims=True)


def sigmoid(number: float) -> float:
    return float(1 / (1 + np.exp(-number)))


def test_cross_entropy_is_that_of_scikit_learn() -> None:
    y_true, y_pred, shares = draw()
    assert value(plain, y_true, y_pred) == pytest.approx(log_loss(y_true, shares, labels=range(4)), rel=1e-5)


def test_cross_entropy_takes_logits_whose_least_is_no_loss() -> None:
    """Softmax applied twice could not go below 1.8165 of 15 classes."""
    assert value(plain, [3], 50 * np.eye(15)[[3]]) == pytest.approx(0, abs=1e-6)


def test_smoothing_spreads_the_truth() -> None:
    loss = partial(cross_entropy, smoothing=0.1, class_weights=None)
    expected = -(0.95 * np.log(0.8) + 0.05 * np.log(0.2))
    assert expected == pytest.approx(0.292, abs=5e-4)
    assert value(loss, [0], np.log([[0.8, 0.2]])) == pytest.approx(expected, rel=1e-5)
    # lowest where the probabilities are those of the smoothed truth
    assert np.abs(slope(loss, [0], np.log([[0.95, 0.05]]))).max() < 1e-6


def test_class_weights_weigh_samples_as_in_scikit_learn() -> None:
    y_true, y_pred, shares = draw()
    weights = np.array([0.5, 1.0, 2.0, 1.5])
    total = log_loss(y_true, shares, labels=range(4), normalize=False, sample_weight=weights[y_true])
    found = value(partial(cross_entropy, smoothing=0.0, class_weights=tuple(weights)), y_true, y_pred)
    assert found == pytest.approx(total / len(y_true), rel=1e-5)


def test_a_batch_of_one_class_keeps_its_weight() -> None:
    loss = partial(cross_entropy, smoothing=0.0, class_weights=(3.0, 1.0))
    assert value(loss, [0], [[0.0, 0.0]]) == pytest.approx(3 * np.log(2), rel=1e-6)


def test_balanced_weights_are_those_of_scikit_learn() -> None:
    assert balanced_weights([3, 1]) == pytest.approx((2 / 3, 2))
    labels = np.repeat([0, 1, 2], [5, 2, 9])
    expected = compute_class_weight("balanced", classes=np.arange(3), y=labels)
    assert balanced_weights([5, 2, 9]) == pytest.approx(tuple(expected))


def test_focal_of_an_even_chance() -> None:
    assert value(partial(focal, gamma=2.0, class_weights=None), [0], [[1.0, 1.0]]) == pytest.approx(
        0.25 * np.log(2), rel=1e-5
    )


def test_a_close_call_costs_less() -> None:
    shares = np.array([[0.4, 0.5, 0.1]])
    close = sigmoid((0.2 - 0.1) / 0.05) * sigmoid((0.4 - 0.1) / 0.05)
    assert value(tolerant, [0], np.log(shares)) == pytest.approx(-(1 - 0.5 * close) * np.log(0.4), rel=1e-5)
    assert value(tolerant, [0], np.log(shares)) == pytest.approx(0.514, abs=5e-4)


@pytest.mark.parametrize(
    ("shares", "spared"),
    [
        ([0.40, 0.50, 0.10], 0.44),  # second and close
        ([0.10, 0.80, 0.05], 0.00),  # second, but far behind
        ([0.20, 0.41, 0.39], 0.01),  # third
        ([0.60, 0.30, 0.10], 0.50),  # first
    ],
)
def test_what_a_close_call_is(shares: list[float], spared: float) -> None:
    y_pred = np.log([shares])
    assert 1 - value(tolerant, [0], y_pred) / value(plain, [0], y_pred) == pytest.approx(spared, abs=0.01)


@pytest.mark.parametrize("classes", [2, 3])
def test_it_falls_as_the_truth_gains_so_that_first_is_never_dearer_than_second(classes: int) -> None:
    share = np.linspace(0.01, 0.99, 99)
    others = np.outer(1 - share, [1.0] if classes == 2 else [0.7, 0.3])
    losses = [value(tolerant, [0], np.log([row])) for row in np.column_stack([share, others])]
    assert (np.diff(losses) < 0).all()


def test_without_tolerance_it_is_cross_entropy() -> None:
    y_true, y_pred, _ = draw()
    strict = partial(top_2_tolerant, tolerance=0.0, threshold=0.2, temperature=0.05, class_weights=None)
    assert value(strict, y_true, y_pred) == pytest.approx(value(plain, y_true, y_pred), rel=1e-6)


def test_the_slope_reaches_the_network_as_its_formula_says() -> None:
    """l = -(1 - a g h) log p; g' = g (1 - g) / T, h' = h (1 - h) / T, dp/dz by the softmax."""
    shares = np.array([0.30, 0.36, 0.24, 0.10])
    p, first, second = shares[:3]
    g, h = sigmoid((0.2 - (first - p)) / 0.05), sigmoid((p - second) / 0.05)
    by_p = -(1 - 0.5 * g * h) / p + 0.5 * np.log(p) * (g * (1 - g) * h + g * h * (1 - h)) / 0.05
    by_first = -0.5 * np.log(p) * g * (1 - g) * h / 0.05
    by_second = -0.5 * np.log(p) * g * h * (1 - h) / 0.05
    softmax = np.diag(shares) - np.outer(shares, shares)
    expected = softmax @ np.array([by_p, by_first, by_second, 0.0])
    np.testing.assert_allclose(slope(tolerant, [0], np.log([shares]))[0], expected, rtol=1e-4, atol=1e-6)
