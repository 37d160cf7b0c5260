"""Temperatures are the true ones where these are known, and change neither the likeliest class nor the order of pixels."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime
from scipy.special import expit, log_softmax, softmax

from pipeline.calibration import HIGHEST, LOWEST, Drawn, calibrate, draw, fit_temperature, gather, scale, undo

CLASSES = 5
RIGHT_BY_TWO = np.full((10, 2), [0.99, 0.01])


def a_drawn(probabilities: np.ndarray, targets: np.ndarray) -> Drawn:
    return Drawn(probabilities, targets, np.arange(len(targets)))


def simulate(count: int, temperature: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Logits (count, CLASSES) that are the true ones times a temperature, and classes drawn from the true ones."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, 1.5, (count, CLASSES))
    targets = (softmax(logits, axis=1).cumsum(axis=1) < random.random((count, 1))).sum(axis=1)
    return logits * temperature, np.minimum(targets, CLASSES - 1)


def standard_error(logits: np.ndarray, targets: np.ndarray, temperature: float) -> float:
    """Of the temperature, from the curvature of the likelihood, which is worked out anew."""

    def slope(at: np.ndarray) -> float:
        def loss(value: np.ndarray) -> float:
            return -float(log_softmax(logits / value, axis=1)[np.arange(len(targets)), targets].sum())

        return float(approx_fprime(at, loss, 1e-4)[0])

    return float(approx_fprime(np.array([temperature]), slope, 1e-3)[0] ** -0.5)


@pytest.mark.parametrize("truth", [0.5, 1.0, 2.0])
def test_true_temperature_is_found_within_its_error(truth: float) -> None:
    found = []
    for seed in range(20):
        logits, targets = simulate(1_000, truth, seed)
        found.append(fit_temperature(a_drawn(softmax(logits, axis=1), targets)))
    error = standard_error(logits, targets, truth)
    assert np.mean(found) == pytest.approx(truth, abs=3 * error / np.sqrt(len(found)))
    assert np.std(found, ddof=1) == pytest.approx(error, rel=0.5)  # and the errors are as large as theory has them


@pytest.mark.parametrize("truth", [1.0, 2.0])
def test_true_temperature_of_a_mask_is_found(truth: float) -> None:
    random = np.random.default_rng(0)
    logits = random.normal(-1, 2, (200, 100))
    masks = (random.random(logits.shape) < expit(logits)).astype("uint8")
    told = expit(logits * truth)[..., None].astype("float32")
    drawn = gather(
        [draw(mask, part, len(masks), random) for mask, part in zip(masks[:, None], told[:, None], strict=True)]
    )
    assert len(drawn.targets) == 20_000 and drawn.sample.max() == 199
    both = truth * np.stack([0 * logits.ravel(), logits.ravel()], axis=1)
    assert fit_temperature(drawn) == pytest.approx(truth, abs=3 * standard_error(both, masks.ravel(), truth))


def test_one_sample_more_keeps_certainty_from_always_right() -> None:
    found = fit_temperature(a_drawn(RIGHT_BY_TWO, np.zeros(10, int)))
    assert scale(RIGHT_BY_TWO[0], found)[0] == pytest.approx(10.5 / 11, abs=1e-5)


def test_temperature_stays_where_nothing_is_to_be_gained() -> None:
    assert fit_temperature(gather([])) == 1
    assert fit_temperature(a_drawn(np.full((9, 1), 0.5), np.arange(9) % 2)) == 1


@pytest.mark.parametrize("truth", [0, 1])
def test_temperature_keeps_within_its_bounds(truth: int) -> None:
    certain = np.full((100_000, 1), 0.5 + 1e-3)
    assert LOWEST <= fit_temperature(a_drawn(certain, np.full(100_000, truth))) <= HIGHEST


def test_scaling_is_that_of_the_formula() -> None:
    assert scale(np.array([0.9]), 2) == pytest.approx(expit(np.log(9) / 2)) == pytest.approx(0.75)
    logits = np.random.default_rng(0).normal(0, 3, (4, 4, CLASSES))
    np.testing.assert_allclose(scale(softmax(logits, axis=-1), 2.5), softmax(logits / 2.5, axis=-1), rtol=1e-5)


def test_scaling_keeps_order_and_likeliest_class() -> None:
    random = np.random.default_rng(0)
    mask, label = random.random((50, 1)).astype("float32"), random.dirichlet(np.ones(CLASSES), 50)
    for temperature in (0.3, 3.0):
        assert (np.argsort(scale(mask, temperature)[:, 0]) == np.argsort(mask[:, 0])).all()
        assert (scale(label, temperature).argmax(axis=1) == label.argmax(axis=1)).all()


def test_certain_probabilities_stay_numbers() -> None:
    for hard in (np.array([[0.0], [1.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])):
        for temperature in (LOWEST, 2.0, HIGHEST):
            assert np.isfinite(scale(hard, temperature)).all()


def test_heads_without_a_temperature_stay_as_they_are() -> None:
    prediction = {"label": np.array([0.8, 0.2], "float32"), "depth": np.array([[[2.0]]], "float32")}
    found = calibrate(prediction, {"label": 2.0})
    assert found["label"] == pytest.approx([2 / 3, 1 / 3]) and found["depth"] is prediction["depth"]
    assert undo(found, {"label": 2.0})["label"] == pytest.approx([0.8, 0.2])


def test_ignored_pixels_are_not_drawn() -> None:
    mask = np.array([[0, 255], [1, 255]], "uint8")
    predicted = np.array([[0.1, 0.2], [0.3, 0.4]], "float32")[..., None]
    probabilities, targets = draw(mask, predicted, 1, np.random.default_rng(0))
    assert targets.tolist() == [0, 1] and probabilities[:, 0] == pytest.approx([0.1, 0.3])


def test_many_large_masks_give_a_share_of_their_pixels() -> None:
    mask = np.arange(10_000).reshape(100, 100) % 2
    predicted = (mask / 2)[..., None]
    probabilities, targets = draw(mask, predicted, 4_000, np.random.default_rng(0))
    assert len(targets) == 2**19 // 4_000 and (probabilities[:, 0] == targets / 2).all()
