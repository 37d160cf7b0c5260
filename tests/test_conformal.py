"""Sets of classes cover as often as they say, and do not where the calibrating samples chose the model."""

import numpy as np
import pytest

from pipeline.conformal import Method, calibrate, prediction_sets, score_classes, score_set

CLASSES, NEW = 8, 10_000
METHODS: tuple[Method, ...] = ("lac", "aps")


def draw_samples(random: np.random.Generator, count: int, heat: float = 2.0) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities that a model states, and classes drawn from sharper or flatter ones: the model is badly calibrated."""
    logits = random.gumbel(size=(count, CLASSES)) * 1.5
    true, stated = (np.exp(part) / np.exp(part).sum(axis=1, keepdims=True) for part in (logits, logits * heat))
    targets = (true.cumsum(axis=1) < random.random((count, 1))).sum(axis=1)
    return stated, np.minimum(targets, CLASSES - 1)


def coverage_of(sets: np.ndarray, targets: np.ndarray) -> float:
    return float(sets[np.arange(len(targets)), targets].mean())


def test_scores_are_those_of_the_formulas() -> None:
    probabilities = np.array([[0.1, 0.6, 0.3]])
    assert score_classes(probabilities, "lac")[0] == pytest.approx([0.9, 0.4, 0.7])
    likeliest, last = score_classes(probabilities, "aps")[0, [1, 0]]
    share = likeliest / 0.6
    assert 0 <= share < 1 and last == pytest.approx(0.9 + share * 0.1)


def test_quantile_is_the_rank_of_the_formula() -> None:
    probabilities = np.stack([np.arange(10) / 10, 1 - np.arange(10) / 10], axis=1)
    targets = np.zeros(10, int)
    assert calibrate(probabilities[1:], targets[1:], 0.9, "lac") == pytest.approx(0.9)  # the 9th of 9
    assert calibrate(probabilities, targets, 0.5, "lac") == pytest.approx(
        0.6
    )  # 11 x .5 rounded up: the 6th of .1, .2, ...
    assert calibrate(probabilities[:8], targets[:8], 0.9, "lac") == 1  # the 9th of 8 does not exist


def test_set_holds_the_classes_up_to_the_quantile() -> None:
    probabilities = np.array([[0.6, 0.3, 0.1], [0.25, 0.25, 0.5]])
    assert prediction_sets(probabilities, 0.7, "lac").tolist() == [[True, True, False], [False, False, True]]


def test_set_is_empty_only_where_that_is_asked_for() -> None:
    probabilities = np.array([[0.4, 0.6]])
    assert prediction_sets(probabilities, 0.1, "lac").tolist() == [[False, True]]
    assert not prediction_sets(probabilities, 0.1, "lac", may_be_empty=True).any()


def test_set_is_scored_by_the_true_class_and_its_size() -> None:
    classes = np.array([True, False, True])
    assert score_set(2, classes) == {"covered": 1, "set_size": 2}
    assert score_set(1, classes) == {"covered": 0, "set_size": 2}


@pytest.mark.parametrize("method", METHODS)
def test_same_picture_gets_the_same_set_beside_whatever_others(method: Method) -> None:
    probabilities, _ = draw_samples(np.random.default_rng(0), 50)
    alone = [prediction_sets(probabilities[place : place + 1], 0.8, method)[0] for place in range(50)]
    assert np.array_equal(prediction_sets(probabilities, 0.8, method), alone)


@pytest.mark.parametrize("method", METHODS)
def test_too_few_calibrating_samples_take_all_classes(method: Method) -> None:
    probabilities, targets = draw_samples(np.random.default_rng(1), 8)
    assert prediction_sets(probabilities, calibrate(probabilities, targets, 0.9, method), method).all()


@pytest.mark.parametrize("may_be_empty", [False, True])
@pytest.mark.parametrize("method", METHODS)
def test_nine_tenths_stated_are_nine_tenths_covered(method: Method, may_be_empty: bool) -> None:
    random = np.random.default_rng(2)
    quantile = calibrate(*draw_samples(random, 5_000), 0.9, method)
    probabilities, targets = draw_samples(random, NEW)
    sets = prediction_sets(probabilities, quantile, method, may_be_empty)
    assert 0.88 <= coverage_of(sets, targets) <= 0.92
    assert 1 < sets.sum(axis=1).mean() < CLASSES - 1


@pytest.mark.parametrize("method", METHODS)
def test_few_calibrating_samples_cover_in_the_mean_over_calibrations(method: Method) -> None:
    """With n = 20 coverage varies between calibrations, sd about .065; its mean is 19 / 21 = .905."""
    random = np.random.default_rng(3)
    new, targets = draw_samples(random, NEW)
    scores = np.sort(score_classes(new, method)[np.arange(NEW), targets])
    quantiles = [calibrate(*draw_samples(random, 20), 0.9, method) for _ in range(1_000)]
    coverages = np.searchsorted(scores, quantiles, side="right") / NEW
    assert coverages.mean() == pytest.approx(19 / 21, abs=0.01)
    assert coverages.std() == pytest.approx(0.063, abs=0.01)  # of the distribution beta(19, 2)


@pytest.mark.parametrize("heat", [0.3, 1.0, 4.0])
@pytest.mark.parametrize("method", METHODS)
def test_badly_calibrated_models_are_covered_alike(method: Method, heat: float) -> None:
    random = np.random.default_rng(4)
    quantile = calibrate(*draw_samples(random, 5_000, heat), 0.9, method)
    probabilities, targets = draw_samples(random, NEW, heat)
    assert 0.88 <= coverage_of(prediction_sets(probabilities, quantile, method, may_be_empty=True), targets) <= 0.92


@pytest.mark.parametrize("method", METHODS)
def test_coverage_breaks_where_the_calibrating_samples_chose_among_many_models(method: Method) -> None:
    """Of 300 models that know nothing the one that looks best on 30 samples is calibrated on the same 30."""
    random = np.random.default_rng(5)
    coverages = []
    for _ in range(10):
        targets, new = (random.integers(0, CLASSES, count) for count in (30, NEW))
        models = [random.dirichlet(np.ones(CLASSES), 30) for _ in range(300)]
        best = min(models, key=lambda probabilities: calibrate(probabilities, targets, 0.9, method))
        quantile = calibrate(best, targets, 0.9, method)
        sets = prediction_sets(random.dirichlet(np.ones(CLASSES), NEW), quantile, method, may_be_empty=True)
        coverages.append(coverage_of(sets, new))
    assert np.mean(coverages) < 0.85
