"""Intervals and tests where the truth is known: coverage, false alarms and power."""

from collections.abc import Iterator

import numpy as np
import pytest
import sklearn
from statsmodels.stats.power import TTestPower

from pipeline.comparison import compare_models
from pipeline.comparison.blocks import estimate_by_blocks
from pipeline.comparison.estimates import Estimate, estimate_by_flips
from pipeline.comparison.intervals import estimate_mean
from pipeline.comparison.selection import correct_winner
from pipeline.params import CompareParams, EvaluateParams, SplitParams
from tests.benchmarks.evidence.claims import COLUMNS as CLAIM_COLUMNS
from tests.benchmarks.evidence.claims import (
    call_equivalent,
    claim_among_four,
    claim_in_one_pass,
    claim_within_volume,
    flip_all,
    judge,
)
from tests.benchmarks.evidence.coverage import COLUMNS as COVERAGE_COLUMNS
from tests.benchmarks.evidence.coverage import bound_by_comparison, cover
from tests.benchmarks.evidence.drawing import DISTRIBUTIONS, beta, draw_series
from tests.benchmarks.evidence.judging import is_surely_below
from tests.benchmarks.evidence.noise import simulate_noise
from tests.benchmarks.evidence.refits import compare_twice
from tests.benchmarks.evidence.selection import AHEAD, cover_winner
from tests.benchmarks.evidence.selection import COLUMNS as SELECTION_COLUMNS
from tests.score_tables import draw_scores

REPLICATIONS = 1000
EVALUATE, COMPARE = EvaluateParams(metrics=("dice",)), CompareParams()


def share_below(level: float, estimates: Iterator[Estimate]) -> float:
    """Share of estimates whose p-value is below the level; a test that was not possible alarms nobody."""
    return float(np.mean([estimate.p <= level for estimate in estimates]))


@pytest.mark.parametrize("distribution", DISTRIBUTIONS, ids=lambda distribution: distribution.name)
@pytest.mark.parametrize("units", [30, 100])
def test_intervals_cover_the_truth_where_rare_failures_hide_too(distribution, units):
    row = dict(zip(COVERAGE_COLUMNS, cover(distribution, units, "comparison", REPLICATIONS), strict=True))
    assert not is_surely_below(row["coverage"], REPLICATIONS, row["bar"])


def test_intervals_of_the_simulation_are_those_of_the_comparison():
    scores = beta(9, 1.5, zeros=0.1, ones=0.3).draw(np.random.default_rng(0), (8, 20))
    scores[:, 0] = np.arange(8) % 2
    expected = [(found.low, found.high) for found in (estimate_mean(column, 0.95, "dice") for column in scores.T)]
    assert np.stack(bound_by_comparison(scores, "dice"), axis=1) == pytest.approx(np.array(expected))


@pytest.mark.parametrize("kind", AHEAD)
def test_the_winners_corrected_interval_covers_and_its_mean_is_right(kind):
    row = dict(zip(SELECTION_COLUMNS, cover_winner(kind, 8, 30, 200), strict=True))
    assert not is_surely_below(row["coverage"], 200, row["bar"])
    assert abs(row["bias"]) <= 4 * row["bias_error"] and row["naive_bias"] > 2 * row["bias"]


@pytest.mark.parametrize(
    ("simulate", "arguments"),
    [
        (claim_in_one_pass, ("Dice-like", 10)),
        (claim_in_one_pass, ("Dice-like", 30)),
        (claim_in_one_pass, ("heavy-tailed errors", 30)),
        (claim_in_one_pass, ("right or wrong", 100)),
        (claim_within_volume, (0.5, 30)),
        (claim_within_volume, (0.8, 30)),
        (claim_within_volume, (0.8, 100)),
        (claim_among_four, ("Dice-like", 10)),
        (claim_among_four, ("Dice-like", 30)),
        (call_equivalent, (30,)),
    ],
)
def test_false_claims_are_as_rare_as_promised(simulate, arguments):
    row = dict(zip(CLAIM_COLUMNS, simulate(*arguments, REPLICATIONS), strict=True))
    assert row["low_99"] <= 0.05 and row["replications"] == REPLICATIONS


def test_claims_that_come_too_often_would_be_noticed():
    naive = judge("a naive test", "", 30, np.arange(REPLICATIONS) < 0.08 * REPLICATIONS)
    assert dict(zip(CLAIM_COLUMNS, naive, strict=True))["holds"] is False


def test_corrected_t_test_makes_few_false_claims_with_refits_where_the_naive_one_makes_many():
    with sklearn.config_context(assume_finite=True, skip_parameter_validation=True):
        found = [compare_twice("ridge", 30, draw) for draw in range(60)]
    corrected, naive = (np.concatenate(p) for p in zip(*found, strict=True))
    assert np.mean(corrected <= 0.05) <= 0.06
    assert np.mean(naive <= 0.05) >= 0.2


@pytest.mark.slow
def test_noise_is_reported_as_chance_though_the_best_trials_are_not():
    table = simulate_noise(40).set_index("figure")
    assert table["holds"].all(), table.to_string()


@pytest.mark.parametrize("effect", [0.3, 0.6])
def test_power_of_sign_flips_is_that_of_students_test(effect):
    differences = np.random.default_rng(0).normal(effect, 1, (30, REPLICATIONS))
    expected = TTestPower().power(effect, 30, 0.05)
    assert np.mean(flip_all(differences) <= 0.05) == pytest.approx(expected, abs=0.05)


def test_sign_flips_find_a_real_difference():
    generator = np.random.default_rng(0)
    differences = (generator.normal(1, 1, 12) for _ in range(200))
    found = share_below(0.05, (estimate_by_flips(values, 0.95, seed=0) for values in differences))
    assert 0.8 <= found <= 0.95  # a paired t test has a power of .88


def estimate_series(values: np.ndarray) -> Estimate:
    number = np.zeros(len(values), dtype=np.int64)
    return estimate_by_blocks(values, number, number, 0.95)


def test_blocks_of_several_sequences_raise_few_false_alarms():
    generator, number = np.random.default_rng(0), np.repeat(np.arange(3), 40)
    series = (np.concatenate([draw_series(generator, 0.5, (40, 1))[:, 0] for _ in range(3)]) for _ in range(2000))
    assert 0.03 <= share_below(0.05, (estimate_by_blocks(values, number, number, 0.95) for values in series)) <= 0.07


def test_blocks_find_a_real_difference_within_a_volume():
    generator = np.random.default_rng(0)
    series = (1 + draw_series(generator, 0.5, (100, 1))[:, 0] for _ in range(200))
    assert share_below(0.05, map(estimate_series, series)) >= 0.95


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
