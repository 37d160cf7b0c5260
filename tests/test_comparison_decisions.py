"""What tests decide: Friedman's, equivalence, units needed, and the sentence of each verdict."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower
from statsmodels.stats.weightstats import DescrStatsW

from pipeline.comparison import build_verdict, compare_models
from pipeline.comparison.claims import adjust, decide
from pipeline.comparison.equivalence import judge_equivalence as equivalence
from pipeline.comparison.estimates import NOTHING, estimate_by_units, estimate_student
from pipeline.comparison.friedman import Friedman, compare_ranks
from pipeline.comparison.pairing import pair_scores
from pipeline.comparison.planning import MOST_NEEDED, count_needed
from pipeline.params import CompareParams, EvaluateParams, SplitParams
from tests.score_tables import build_scores, draw_scores

EVALUATE = EvaluateParams(metrics=("dice",))


def tell(scores: pd.DataFrame, margin: float | None = None, split: SplitParams | None = None) -> dict:
    compare = CompareParams(margin=margin)
    return build_verdict(
        compare_models(scores, EVALUATE, compare, split or SplitParams(), seed=0), compare, EVALUATE, 1.0
    )


def test_two_one_sided_tests_agree_with_statsmodels():
    differences = np.random.default_rng(0).normal(0.01, 0.05, 20)
    expected = DescrStatsW(differences).ttost_mean(-0.04, 0.04)[0]
    assert equivalence(estimate_by_units(differences, 0.95), 0.04) == pytest.approx(expected)


def test_equivalence_of_docstring_holds():
    assert round(equivalence(estimate_student(1.0, 1.0, 9, 0.95, "t"), 3.0), 3) == 0.038


@pytest.mark.parametrize("margin", [0.02, 0.03, 0.04, 0.06])
def test_equivalence_is_the_interval_of_twice_the_level_within_the_margin(margin):
    differences = np.random.default_rng(0).normal(0.01, 0.05, 20)
    wide = estimate_by_units(differences, 0.9)
    is_within = -margin < wide.low and wide.high < margin
    assert (equivalence(estimate_by_units(differences, 0.95), margin) <= 0.05) == is_within


def test_equivalence_needs_a_margin_and_an_error():
    assert np.isnan(equivalence(estimate_by_units(np.arange(5.0), 0.95), None))
    assert np.isnan(equivalence(NOTHING, 0.1))
    assert equivalence(estimate_by_units(np.zeros(5), 0.95), 0.1) == 0


def rank(scores: pd.DataFrame) -> Friedman | None:
    return compare_ranks("dice", pair_scores(scores, ("dice",), by_sequence=False)["dice"])


def test_friedman_is_that_of_scipy():
    scores = draw_scores({"a": 0.5, "b": 0.52, "c": 0.56}, seed=1, frames=1)
    columns = [scores.loc[scores["model"] == model, "dice"] for model in "abc"]
    found, expected = rank(scores), stats.friedmanchisquare(*columns)
    assert found is not None
    assert (found.statistic, found.p, found.units) == pytest.approx((expected.statistic, expected.pvalue, 12))
    assert found.ranks["c"] < found.ranks["a"]  # the best has rank 1
    assert sum(found.ranks.values()) == pytest.approx(6)


def test_friedman_needs_three_models_and_five_units():
    assert rank(draw_scores({"a": 0.5, "b": 0.6}, seed=0)) is None
    assert rank(draw_scores({"a": 0.5, "b": 0.6, "c": 0.7}, seed=0, sequences=4)) is None


def test_friedman_finds_nothing_among_models_that_are_all_alike():
    twins = {model: {f"s{row}": [row / 10] for row in range(6)} for model in "abc"}
    found = rank(build_scores(twins))
    assert found is not None and (found.statistic, found.p) == (0, 1)


@pytest.mark.parametrize(
    ("advantage", "p_holm", "p_equivalent", "friedman", "verdict"),
    [
        (0.1, 0.01, np.nan, 0.01, "better"),
        (-0.1, 0.01, np.nan, 0.01, "worse"),
        (0.1, 0.01, np.nan, 0.2, "undecided"),
        (0.1, 0.01, np.nan, None, "better"),
        (0.1, 0.06, np.nan, 0.01, "undecided"),
        (0.1, 0.01, 0.01, 0.01, "equivalent"),
        (0.1, np.nan, np.nan, None, "undecided"),
    ],
)
def test_tests_decide(advantage, p_holm, p_equivalent, friedman, verdict):
    test = None if friedman is None else Friedman(1.0, friedman, 10, {})
    assert decide(advantage, p_holm, p_equivalent, test, 0.05) == verdict


def test_units_needed_are_those_of_statsmodels():
    estimate = estimate_student(0.5, 1 / np.sqrt(10), 9, 0.95, "t")
    expected = TTestPower().solve_power(0.5, power=0.8, alpha=0.05)
    assert count_needed(estimate, 10, 0.05) == np.ceil(expected - 10) == 24


def test_paired_tests_over_the_units_needed_find_the_difference_as_often_as_promised():
    units = 10 + int(count_needed(estimate_student(0.5, 1 / np.sqrt(10), 9, 0.95, "t"), 10, 0.05))
    draws = np.random.default_rng(0).normal(0.5, 1, (4000, units))
    assert np.mean(stats.ttest_1samp(draws, 0, axis=1).pvalue <= 0.05) == pytest.approx(0.8, abs=0.025)


def test_no_number_of_units_is_told_for_a_difference_of_nothing():
    assert np.isnan(count_needed(estimate_student(0.0, 0.1, 9, 0.95, "t"), 10, 0.05))
    assert np.isnan(count_needed(NOTHING, 0, 0.05))


def test_differences_that_hardly_vary_need_what_sign_flips_need():
    assert count_needed(estimate_student(0.1, 1e-17, 5, 0.95, "t"), 6, 0.05 / 3) == 1


def test_hopelessly_small_differences_need_more_than_can_be_said():
    assert count_needed(estimate_student(1e-6, 0.1, 9, 0.95, "t"), 10, 0.05) == MOST_NEEDED


def test_so_few_units_that_none_can_decide_need_at_least_as_many_as_can():
    assert count_needed(estimate_student(10.0, 1.0, 4, 0.95, "t"), 5, 0.05 / 3) == 2  # 7 for three pairs


def test_undecided_pair_is_told_what_would_decide_it():
    verdict = tell(draw_scores({"unet": 0.7, "forest": 0.7}, seed=1))
    needed = int(verdict["pairs"][0]["units_needed"])
    assert verdict["pairs"][0]["verdict"] == "undecided"
    assert verdict["sentences"][0].endswith(
        f"12 sequences); about {needed} more sequences would decide at this difference."
    )


def test_five_units_are_told_that_no_scores_would_decide():
    sentence = tell(draw_scores({"constant": 0.1, "unet": 0.7}, seed=0, sequences=5))["sentences"][0]
    assert sentence.endswith(
        "so few units allow no decision, whatever they score, and about 1 more sequence would at this difference."
    )


def test_models_within_the_margin_are_equivalent():
    verdict = tell(draw_scores({"unet": 0.7, "forest": 0.7}, seed=1, sequences=40), margin=0.1)
    sentence = verdict["sentences"][0]
    assert "are equivalent within .100 Dice: they differ by" in sentence
    assert sentence.endswith(" p < .001 for more, after Holm, 40 sequences).")
    assert verdict["pairs"][0]["verdict"] == "equivalent" and verdict["margin"] == 0.1
    assert "is equivalent within .100 to " in verdict["verdict"]


def test_models_further_apart_than_the_margin_are_not_equivalent():
    verdict = tell(draw_scores({"unet": 0.7, "constant": 0.1}, seed=1, sequences=40), margin=0.1)
    assert verdict["pairs"][0]["verdict"] == "better"
    assert verdict["pairs"][0]["p_equivalent"] > 0.99


def test_margin_is_for_the_metric_that_decides():
    scores = draw_scores({"unet": 0.7, "forest": 0.7}, seed=1, sequences=40)
    evaluate, compare = EvaluateParams(metrics=("dice", "iou")), CompareParams(margin=0.1)
    tests = compare_models(scores.assign(iou=scores["dice"]), evaluate, compare, SplitParams(), seed=0).tests
    assert tests["verdict"].tolist() == ["equivalent", "undecided"]
    assert tests["p_equivalent"].isna().tolist() == [False, True]


def test_verdict_tells_whether_three_models_differ():
    verdict = tell(draw_scores({"a": 0.5, "b": 0.6, "c": 0.8}, seed=0))
    assert verdict["verdict"].endswith(" Friedman's test finds that the 3 models differ (p < .001).")
    assert verdict["friedman"]["dice"]["p"] < 0.001 and verdict["friedman"]["dice"]["units"] == 12


def test_friedman_that_finds_nothing_is_told():
    verdict = tell(draw_scores(dict.fromkeys("abc", 0.7), seed=0))
    assert "Friedman's test does not find that the 3 models differ" in verdict["verdict"]
    assert {pair["verdict"] for pair in verdict["pairs"]} == {"undecided"}


def test_pair_is_not_claimed_where_ranks_do_not_differ_and_the_sentence_says_so():
    # c is a little behind as often as it is ahead, but far ahead where it is: means differ, ranks do not
    generator = np.random.default_rng(0)
    lead = np.where(np.arange(40) % 2, 0.3, -0.02)
    values = {model: 0.5 + generator.normal(0, 0.005, 40) for model in "ab"} | {"c": 0.5 + lead}
    scores = {model: {f"s{row}": [score] for row, score in enumerate(column)} for model, column in values.items()}
    verdict = tell(build_scores(scores))
    assert verdict["friedman"]["dice"]["p"] > 0.05 > verdict["pairs"][1]["p_holm"]
    assert verdict["pairs"][1]["verdict"] == "undecided"
    assert "; Friedman's test does not find that the 3 models differ (" in verdict["sentences"][1]


def test_pairs_and_sentences_are_in_the_same_order():
    verdict = tell(draw_scores({"a": 0.5, "b": 0.6, "c": 0.8}, seed=0))
    for pair, sentence in zip(verdict["pairs"], verdict["sentences"], strict=True):
        assert pair["model_a"] in sentence.split() and pair["model_b"] in sentence.split()


def test_two_to_four_units_allow_a_guess_of_how_many_more_would_decide():
    scores = draw_scores({"a": 0.7, "b": 0.72}, seed=1, sequences=4, frames=2)
    verdict = tell(scores, split=SplitParams(kind="blocked"))
    pair, units = verdict["pairs"][0], scores.groupby(["group", "model"])["dice"].mean().unstack()
    expected = count_needed(estimate_by_units((units["a"] - units["b"]).to_numpy(), 0.95), 4, 0.05)
    assert pair["verdict"] == "undecided" and pair["units_needed"] == expected > 0
    told = f"; at least {int(expected)} more sequences would decide at this difference, a guess from 4."
    assert verdict["sentences"][0].endswith(told)


def test_of_a_single_unit_nothing_is_said_of_more():
    scores = draw_scores({"a": 0.7, "b": 0.7}, seed=1, sequences=1, frames=60)
    verdict = tell(scores, split=SplitParams(kind="blocked"))
    assert verdict["pairs"][0]["units_needed"] is None
    assert verdict["friedman"] == {}


def test_holm_is_that_of_statsmodels():
    p = list(np.random.default_rng(0).uniform(0, 0.2, 10))
    assert adjust(p) == pytest.approx(multipletests(p, method="holm")[1])
    assert adjust([0.01, np.nan, 0.04, 0.03]) == pytest.approx([0.03, np.nan, 0.06, 0.06], nan_ok=True)
    assert np.isnan(adjust([np.nan])).all() and len(adjust([])) == 0
