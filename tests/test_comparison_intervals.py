"""Methods of intervals and tests against SciPy, statsmodels and numbers worked out by hand."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

from pipeline.comparison.bounded import UNSEEN, bound_mean
from pipeline.comparison.effects import effect_interval, effect_size
from pipeline.comparison.estimates import estimate_by_flips, estimate_by_units, estimate_by_wins
from pipeline.comparison.flips import fewest_units, flip_signs, smallest_p
from pipeline.comparison.intervals import ALLOWING, estimate_by_skewness, estimate_mean

SKEWED = np.array([0.0, 0, 0, 1, 3])


@pytest.mark.parametrize("units", [5, 8, 13])
def test_all_sign_flips_are_those_of_scipy(units):
    differences = np.random.default_rng(units).normal(0.3, 1, (units, 4))
    expected = [
        stats.permutation_test((column,), np.mean, permutation_type="samples", n_resamples=2**units).pvalue
        for column in differences.T
    ]
    assert flip_signs(differences, seed=0) == pytest.approx(expected)


def test_drawn_sign_flips_agree_with_scipy():
    differences = np.random.default_rng(0).normal(0.3, 1, (30, 4))
    expected = [
        stats.permutation_test((column,), np.mean, permutation_type="samples", rng=np.random.default_rng(1)).pvalue
        for column in differences.T
    ]
    assert flip_signs(differences, seed=0) == pytest.approx(expected, abs=0.015)  # three errors of 9999 flips


def test_no_p_value_is_smaller_than_the_smallest():
    for units in (6, 13, 30):
        assert flip_signs(np.ones((units, 1)), seed=0)[0] == pytest.approx(smallest_p(units))


def test_six_units_are_the_fewest_that_can_decide_at_five_percent():
    assert fewest_units(0.05) == 6
    assert smallest_p(6) <= 0.05 < smallest_p(5)
    assert fewest_units(0.05 / 3) == 7


def test_sign_flips_of_right_and_wrong_are_the_exact_test_of_mcnemar():
    wins, losses, ties = 9, 2, 300
    differences = np.concatenate([np.ones(wins), -np.ones(losses), np.zeros(ties)])
    estimate = estimate_by_flips(differences, 0.95, seed=0, is_binary=True)
    assert estimate.p == pytest.approx(mcnemar([[0, wins], [losses, ties]], exact=True).pvalue)
    assert estimate.method == "sign flips"


def test_interval_of_wins_of_docstring_holds():
    estimate = estimate_by_wins(np.array([1.0] * 3 + [-1.0] + [0.0] * 26), 0.95)
    assert (round(estimate.low, 3), round(estimate.high, 3)) == (-0.086, 0.211)
    assert estimate.mean == pytest.approx(2 / 30)


def test_agreement_on_ten_units_is_no_proof_of_agreement():
    estimate = estimate_by_flips(np.zeros(10), 0.95, seed=0, is_binary=True)
    assert estimate.low < -0.2 and estimate.high > 0.2 and estimate.p == 1


def test_scores_of_right_and_wrong_get_wilsons_interval():
    units = np.array([1.0] * 28 + [0.0] * 2)
    estimate = estimate_mean(units, 0.95, "accuracy")
    expected = proportion_confint(28, 30, 0.05, method="wilson")
    assert (estimate.low, estimate.high) == pytest.approx(expected)
    assert estimate.interval == "Wilson"
    assert round(estimate_mean(np.ones(30), 0.95, "dice").low, 3) == 0.886


def test_scores_that_may_fail_altogether_get_an_interval_that_allows_for_it():
    assert estimate_mean(np.array([1.0, 0.5, 0, 1, 1]), 0.95, "top_2_tolerant").interval == ALLOWING
    assert estimate_mean(np.full(30, 0.9), 0.95, "dice").low == pytest.approx(0.827, abs=5e-4)


@pytest.mark.parametrize("metric", ["rmse", "pixel_accuracy", "hausdorff_95", "brier"])
def test_errors_and_metrics_that_cannot_fail_altogether_get_students_corrected_for_skewness(metric):
    assert estimate_mean(np.array([1.0, 0.5, 0, 1, 1]), 0.95, metric).interval == "skewness-corrected t"


@pytest.mark.parametrize("right", [20, 27, 30])
def test_with_a_whole_unseen_score_the_interval_of_shares_is_that_of_clopper_and_pearson(right):
    low, high = bound_mean((np.arange(30) < right)[:, None] * 1.0, 0.95, unseen=1)
    assert (low[0], high[0]) == pytest.approx(proportion_confint(right, 30, 0.05, method="beta"), abs=0.003)


@pytest.mark.parametrize("zeros", [0, 2])
def test_limits_of_bounded_scores_are_those_of_drawn_weights(zeros):
    generator = np.random.default_rng(zeros)
    scores = np.concatenate([np.zeros(zeros), generator.beta(9, 1.5, 30 - zeros)])
    weights = generator.standard_gamma([*np.ones(30), UNSEEN], (100_000, 31))
    shares = weights / weights.sum(axis=1, keepdims=True)
    low, high = bound_mean(scores[:, None], 0.95)
    drawn = np.quantile(shares[:, :-1] @ scores, 0.025), np.quantile(shares @ [*scores, 1], 0.975)
    assert (low[0], high[0]) == pytest.approx(drawn, abs=0.002)


def test_limits_of_bounded_scores_stay_within_the_range_and_about_the_mean():
    for scores in (np.zeros(30), np.ones(30), np.full(5, 1e-6), np.linspace(0, 1, 1000)):
        low, high = (limit[0] for limit in bound_mean(scores[:, None], 0.95))
        assert 0 <= low <= scores.mean() <= high <= 1 and high - low > 0.03


def test_skewness_corrected_interval_of_docstring_holds():
    estimate, student = estimate_by_skewness(SKEWED, 0.95), estimate_by_units(SKEWED, 0.95)
    assert (round(estimate.low, 2), round(estimate.high, 2)) == (-0.43, 7.24)
    assert (round(student.low, 2), round(student.high, 2)) == (-0.82, 2.42)


def test_skewness_corrected_interval_ends_where_halls_transformation_reaches_students_t():
    estimate = estimate_by_skewness(SKEWED, 0.9)
    spread = SKEWED.std(ddof=1)
    skewness = np.mean((SKEWED - 0.8) ** 3) / spread**3
    w = (0.8 - np.array([estimate.high, estimate.low])) / spread
    transformed = w + skewness * w**2 / 3 + skewness**2 * w**3 / 27 + skewness / 30
    assert transformed * np.sqrt(5) == pytest.approx(stats.t.ppf([0.05, 0.95], 4))


def test_without_skewness_it_is_students_interval():
    units = np.array([1.0, 2, 3, 4, 5])
    corrected, student = estimate_by_skewness(units, 0.95), estimate_by_units(units, 0.95)
    assert (corrected.low, corrected.high) == pytest.approx((student.low, student.high))


def test_equal_scores_have_an_interval_of_no_width():
    estimate = estimate_by_skewness(np.full(6, 0.5), 0.95)
    assert (estimate.low, estimate.high) == (0.5, 0.5)


def test_effect_interval_of_docstring_holds():
    ten = np.array([0.0, 2] * 5) - 1
    ten = 1 + ten / ten.std(ddof=1)
    low, high = effect_interval(ten, estimate_by_units(ten, 0.95), 0.95)
    assert (round(low, 3), round(high, 3)) == (0.227, 1.773)


@pytest.mark.parametrize("effect", [0.0, 0.5, 2.0])
@pytest.mark.parametrize("units", [6, 30])
def test_effect_intervals_cover_the_true_effect(effect, units):
    draws = np.random.default_rng(0).normal(effect, 1, (1500, units))
    bounds = [effect_interval(draw, estimate_by_units(draw, 0.95), 0.95) for draw in draws]
    assert 0.93 <= np.mean([low <= effect <= high for low, high in bounds]) <= 0.97


def test_effect_of_differences_that_do_not_vary_has_no_interval():
    shifted = np.array([0.3, 0.7, 0.5]) + 0.1 - np.array([0.3, 0.7, 0.5])  # alike but for rounding
    assert np.isnan(effect_size(shifted))
    assert np.isnan(effect_interval(shifted, estimate_by_units(shifted, 0.95), 0.95)).all()
