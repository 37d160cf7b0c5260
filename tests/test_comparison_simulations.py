"""Intervals and tests where the truth is known: coverage, false alarms and power."""

from collections.abc import Iterator

import numpy as np
import pytest
from scipy.signal import lfilter

from pipeline.comparison import compare_models
from pipeline.comparison.blocks import estimate_by_blocks
from pipeline.comparison.estimates import (
    Estimate,
    estimate_by_flips,
    estimate_by_folds,
    estimate_by_units,
)
from pipeline.comparison.selection import correct_winner
from pipeline.params import CompareParams, EvaluateParams, SplitParams
from tests.score_tables import draw_scores

EVALUATE, COMPARE = EvaluateParams(metrics=("dice",)), CompareParams()


def share_below(level: float, estimates: Iterator[Estimate]) -> float:
    """Share of estimates whose p-value is below the level; a test that was not possible alarms nobody."""
    return float(np.mean([estimate.p <= level for estimate in estimates]))


@pytest.mark.parametrize("units", [10, 30])
def test_intervals_of_dice_like_scores_cover_the_truth(units):
    generator = np.random.default_rng(0)
    estimates = [estimate_by_units(generator.beta(9, 1.5, units), 0.95) for _ in range(4000)]
    covered = np.mean([estimate.low <= 9 / 10.5 <= estimate.high for estimate in estimates])
    assert 0.92 <= covered <= 0.97  # skewed scores cost 10 units about 2 %


def test_sign_flips_raise_few_false_alarms_over_skewed_scores():
    generator = np.random.default_rng(0)
    differences = (generator.beta(9, 1.5, 10) - generator.beta(9, 1.5, 10) for _ in range(400))
    assert 0.02 <= share_below(0.05, (estimate_by_flips(values, 0.95, seed=0) for values in differences)) <= 0.07


def test_sign_flips_find_a_real_difference():
    generator = np.random.default_rng(0)
    differences = (generator.normal(1, 1, 12) for _ in range(200))
    found = share_below(0.05, (estimate_by_flips(values, 0.95, seed=0) for values in differences))
    assert 0.8 <= found <= 0.95  # a paired t test has a power of .88


def draw_autoregressive(generator: np.random.Generator, correlation: float, size: int) -> np.ndarray:
    """A series of mean 0 with the given correlation between neighbours."""
    return lfilter([1], [1, -correlation], generator.normal(size=size + 100))[100:]


def estimate_series(values: np.ndarray) -> Estimate:
    number = np.zeros(len(values), dtype=np.int64)
    return estimate_by_blocks(values, number, number, 0.95)


@pytest.mark.parametrize(("correlation", "frames"), [(0, 30), (0.5, 30), (0.5, 100), (0.8, 100), (0.8, 300)])
def test_blocks_raise_few_false_alarms_within_a_volume(correlation, frames):
    generator = np.random.default_rng(0)
    series = (draw_autoregressive(generator, correlation, frames) for _ in range(2000))
    assert share_below(0.05, map(estimate_series, series)) <= 0.07


def test_blocks_of_several_sequences_raise_few_false_alarms():
    generator, number = np.random.default_rng(0), np.repeat(np.arange(3), 40)
    series = (np.concatenate([draw_autoregressive(generator, 0.5, 40) for _ in range(3)]) for _ in range(2000))
    assert 0.03 <= share_below(0.05, (estimate_by_blocks(values, number, number, 0.95) for values in series)) <= 0.07


def test_blocks_find_a_real_difference_within_a_volume():
    generator = np.random.default_rng(0)
    series = (1 + draw_autoregressive(generator, 0.5, 100) for _ in range(200))
    assert share_below(0.05, map(estimate_series, series)) >= 0.95


def estimate_repeated(
    generator: np.random.Generator, folds: int, repeats: int, units: int
) -> tuple[Estimate, Estimate]:
    """Least squares on one feature against the same on another that tells as much: corrected and naive estimate."""
    features = generator.normal(size=(units, 2))
    target = features.sum(axis=1) + generator.normal(size=units)
    errors = np.zeros((repeats, units, 2))
    means = []
    for repeat in range(repeats):
        for test in np.array_split(generator.permutation(units), folds):
            train = np.setdiff1d(np.arange(units), test)
            slopes = (features[train] * target[train, None]).sum(axis=0) / (features[train] ** 2).sum(axis=0)
            errors[repeat, test] = (target[test, None] - slopes * features[test]) ** 2
            means.append(errors[repeat, test].mean(axis=0))
    difference, by_fold = np.diff(errors.mean(axis=0))[:, 0], np.diff(np.array(means))[:, 0]
    return estimate_by_folds(difference, by_fold, 1 / (folds - 1), 0.95), estimate_by_units(by_fold, 0.95)


def test_corrected_t_test_raises_few_false_alarms_where_the_naive_one_raises_many():
    generator = np.random.default_rng(0)
    corrected, naive = zip(*(estimate_repeated(generator, 5, 4, 40) for _ in range(300)), strict=True)
    assert share_below(0.05, iter(corrected)) <= 0.07
    assert share_below(0.05, iter(naive)) >= 0.15


def test_correction_takes_the_luck_from_the_winner():
    generator = np.random.default_rng(0)
    tables = [generator.normal(0.8, 0.1, (20, 8)) for _ in range(30)]
    naive = np.mean([table.mean(axis=0).max() for table in tables])
    corrected = np.mean([correct_winner(table, 0.95, seed=0).mean for table in tables])
    assert naive >= 0.825
    assert corrected == pytest.approx(0.8, abs=0.01)


def test_correction_leaves_a_clear_winner_alone():
    table = np.random.default_rng(0).normal([0.5, 0.8], 0.05, (20, 2))
    assert correct_winner(table, 0.95, seed=0).optimism == pytest.approx(0, abs=0.005)


def share_with_claim(means: dict[str, float], split: SplitParams, runs: int) -> float:
    """Share of simulated experiments in which some model is said to beat another."""
    claims: list[bool] = []
    for seed in range(runs):
        tests = compare_models(draw_scores(means, seed), EVALUATE, COMPARE, split, seed).tests
        claims.append(bool((tests["p_holm"] <= 0.05).any()))
    return float(np.mean(claims))


@pytest.mark.slow
def test_holm_keeps_claims_about_equal_models_rare():
    assert share_with_claim(dict.fromkeys("abcd", 0.7), SplitParams(), runs=120) <= 0.07


@pytest.mark.slow
def test_a_better_model_is_found_among_three():
    assert share_with_claim({"a": 0.6, "b": 0.7, "c": 0.7}, SplitParams(), runs=50) >= 0.9
