"""Intervals, tests and sentences against numbers worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pipeline.comparison import Comparison, build_verdict, compare_models, summarise_models
from pipeline.comparison.blocks import block_length, estimate_by_blocks
from pipeline.comparison.effects import effect_size
from pipeline.comparison.estimates import estimate_by_flips, estimate_by_folds, estimate_by_units
from pipeline.comparison.intervals import estimate_by_skewness
from pipeline.comparison.limits import CLOSE_CALL, describe_policies
from pipeline.comparison.pairing import pair_scores
from pipeline.comparison.wording import number
from pipeline.params import CompareParams, EvaluateParams, SplitParams
from pipeline.params.evaluation import MetricName
from tests.score_tables import build_scores, draw_scores

EVALUATE, COMPARE, SPLIT = EvaluateParams(metrics=("dice",)), CompareParams(), SplitParams()
FIVE = np.array([1.0, 2.0, 3.0, 4.0, 5.0])


def compare(scores: pd.DataFrame, split: SplitParams = SPLIT) -> Comparison:
    return compare_models(scores, EVALUATE, COMPARE, split, seed=0)


def tell(scores: pd.DataFrame, split: SplitParams = SPLIT, coverage: float = 1.0) -> dict:
    return build_verdict(compare(scores, split), COMPARE, EVALUATE, coverage)


def test_interval_of_docstring_holds():
    estimate = estimate_by_units(FIVE, 0.95)
    assert (round(estimate.low, 2), round(estimate.high, 2)) == (1.04, 4.96)


def test_interval_over_units_agrees_with_scipy():
    expected = stats.ttest_1samp(FIVE, 0)
    estimate = estimate_by_units(FIVE, 0.9)
    assert (estimate.low, estimate.high) == pytest.approx(tuple(expected.confidence_interval(0.9)))
    assert estimate.p == pytest.approx(expected.pvalue)


def test_sign_flips_of_five_equal_signs_give_two_in_thirty_two():
    assert estimate_by_flips(FIVE, 0.95, seed=0).p == pytest.approx(2 / 32)


def test_many_units_are_tested_by_t():
    differences = np.random.default_rng(0).normal(0.2, 1, 101)
    estimate = estimate_by_flips(differences, 0.95, seed=0)
    assert estimate.method == "paired t"
    assert estimate.p == pytest.approx(stats.ttest_1samp(differences, 0).pvalue)


def test_corrected_t_test_follows_nadeau_and_bengio():
    folds = np.array([0.1, 0.2, 0.3, 0.2])
    t = 0.2 / np.sqrt((1 / 4 + 1) * np.var([0.1, 0.2, 0.3, 0.2], ddof=1))
    assert estimate_by_folds(folds, folds, 1.0, 0.95).p == pytest.approx(2 * stats.t.sf(t, 3))


def test_effect_size_of_docstring_holds():
    assert effect_size(np.array([0.1, 0.2, 0.3])) == pytest.approx(2)
    assert effect_size(np.zeros(3)) == 0
    assert np.isnan(effect_size(np.ones(3)))


def test_block_error_agrees_with_drawn_blocks():
    samples = np.convolve(np.random.default_rng(1).normal(size=202), np.ones(3), "valid")
    number = np.zeros(200, dtype=np.int64)
    length, blocks = block_length(samples, number), 200 / block_length(samples, number)
    starts = np.random.default_rng(2).integers(201 - length, size=(20_000, 1))
    means = samples[starts + np.arange(length)].mean(axis=1)
    spread = np.sqrt(np.mean((means - samples.mean()) ** 2) / blocks / (1 - 1 / blocks))
    estimate = estimate_by_blocks(samples, number, number, 0.95)
    assert (estimate.high - estimate.low) / 2 == pytest.approx(stats.t.ppf(0.975, blocks - 1) * spread, rel=0.02)


def test_blocks_grow_with_the_correlation():
    noise = np.random.default_rng(0).normal(size=1000)
    number = np.zeros(1000, dtype=np.int64)
    smooth = np.convolve(noise, np.ones(20), "same")
    assert block_length(noise, number) == 10  # the cube root of 1000
    assert block_length(smooth, number) >= 20


def test_samples_are_averaged_within_their_group_first():
    groups = {"a": [0.0, 0.2], "b": [0.5], "c": [0.5], "d": [0.5], "e": [0.9]}
    row = compare(build_scores({"unet": groups})).summary.iloc[0]
    assert row["mean"] == pytest.approx((0.1 + 0.5 + 0.5 + 0.5 + 0.9) / 5)
    assert (row["samples"], row["units"], row["interval"]) == (6, 5, "bootstrap allowing for unseen failures")


def test_repeats_are_averaged_within_their_sample_and_tested_by_corrected_t():
    first = draw_scores({"unet": 0.7, "forest": 0.5}, seed=0).assign(fold="0")
    second = first.assign(fold="1", dice=first["dice"] + 0.1)
    comparison = compare(pd.concat([first, second]), SplitParams(folds=2, repeats=2))
    assert comparison.summary["samples"].tolist() == [48, 48]
    assert comparison.summary["mean"][0] == pytest.approx(first["dice"][:48].mean() + 0.05)
    assert comparison.tests["method"].tolist() == ["corrected t"]


def test_groups_that_share_a_sequence_are_one_unit_where_sequences_are_cut():
    scores = build_scores({"unet": {"a": [0.1, 0.2, 0.3, 0.4], "b": [0.5]}}).assign(group=list("xxyyz"))
    assert len(pair_scores(scores, ("dice",), by_sequence=True)["dice"].unit_scores) == 2
    assert len(pair_scores(scores, ("dice",), by_sequence=False)["dice"].unit_scores) == 3


def test_a_fold_is_one_unit_where_samples_share_parts():
    folds = [build_scores({"a": {f"s{fold}": [fold / 10], f"t{fold}": [0.5]}}, fold=str(fold)) for fold in range(6)]
    row = compare(pd.concat(folds), SplitParams(kind="parts_k_fold", folds=6)).summary.iloc[0]
    assert (row["samples"], row["units"]) == (12, 6)
    assert row["mean"] == pytest.approx(0.375)


def test_blocks_lie_in_the_order_of_time_whatever_the_order_of_rows():
    scores = build_scores({"unet": {"a": np.arange(12) / 20}})
    paired = pair_scores(scores.sample(frac=1, random_state=0), ("dice",), by_sequence=True)["dice"]
    assert paired.sample_scores[:, 0].tolist() == (np.arange(12) / 20).tolist()


def test_models_are_compared_on_the_samples_that_all_have():
    scores = draw_scores({"unet": 0.7, "forest": 0.5}, seed=0)
    scores.loc[3, "dice"] = np.nan
    summary = compare(scores.drop(index=[60])).summary
    assert summary["samples"].tolist() == [46, 46]
    assert summary["left_out"].tolist() == [2, 2]


def test_metric_without_any_score_has_empty_cells():
    scores = draw_scores({"unet": 0.7, "forest": 0.5}, seed=0).assign(iou=np.nan)
    comparison = compare_models(scores, EvaluateParams(metrics=("dice", "iou")), COMPARE, SPLIT, seed=0)
    assert comparison.summary["mean"].isna().tolist() == [False, False, True, True]
    assert comparison.tests["p_holm"].isna().tolist() == [False, True]


def test_deciding_metric_without_any_score_is_refused():
    with pytest.raises(ValueError, match="no sample has a dice from every model"):
        compare(draw_scores({"unet": 0.7}, seed=0).assign(dice=np.nan))


def test_scores_given_twice_are_refused():
    scores = draw_scores({"unet": 0.7}, seed=0)
    with pytest.raises(ValueError, match="name a sample twice"):
        compare(pd.concat([scores, scores]))


def test_holm_multiplies_the_smallest_p_by_the_number_of_pairs():
    tests = compare(draw_scores({"a": 0.5, "b": 0.52, "c": 0.56}, seed=1, noise=0.03)).tests.sort_values("p")
    p = tests["p"].to_numpy()
    expected = np.minimum(1, np.maximum.accumulate(p * [3, 2, 1]))
    assert tests["p_holm"].to_numpy() == pytest.approx(expected)


def test_clear_winner_beats_the_others_in_plain_words():
    verdict = tell(draw_scores({"constant": 0.1, "unet": 0.7}, seed=0))
    assert verdict["winner"] == "unet"
    assert verdict["verdict"].startswith("unet has the best Dice, .712 (95 % interval .570 to .775, 12 sequences; ")
    assert verdict["verdict"].endswith(" corrected for the choice), and beats constant.")
    assert verdict["sentences"][0].startswith("unet beats constant by .595 Dice (95 % interval .525 to .665, ")
    assert verdict["sentences"][0].endswith("p < .001 after Holm, 12 sequences).")


def test_equal_models_cannot_be_told_apart():
    verdict = tell(draw_scores({"unet": 0.7, "forest": 0.7}, seed=1))
    assert "cannot be told apart: their Dice differs by" in verdict["sentences"][0]
    assert verdict["verdict"].endswith("and cannot be told apart from forest.")


def test_identical_predictions_cannot_be_told_apart():
    scores = draw_scores({"unet": 0.7}, seed=0)
    tests = compare(pd.concat([scores, scores.assign(model="twin")])).tests
    assert tests[["difference", "effect_size", "p"]].to_numpy().tolist() == [[0, 0, 1]]


def test_model_alone_has_nothing_to_be_compared_with():
    verdict = tell(draw_scores({"unet": 0.7}, seed=0))
    assert verdict["verdict"].endswith("there is no other model to compare it with.")
    assert verdict["sentences"] == []


def test_under_five_units_nothing_is_claimed_beyond_them():
    scores = draw_scores({"constant": 0.1, "unet": 0.7}, seed=0, sequences=1, frames=60)
    verdict = tell(scores, SplitParams(kind="blocked"))
    assert verdict["sentences"][0].endswith("60 samples of 1 sequence, not beyond it).")
    assert any("no claim beyond these 60 samples of 1 sequence" in note for note in verdict["notes"])
    assert compare(scores).tests["method"][0].startswith("block bootstrap within units, blocks of ")


def test_corrected_score_is_the_shown_winners_where_films_differ_in_length():
    generator = np.random.default_rng(0)
    frames = {"long": 240, "short": 40}
    means = {"a": {"long": 0.75, "short": 0.45}, "b": {"long": 0.65, "short": 0.65}}  # by film: .60 and .65
    scores = build_scores(
        {
            model: {film: generator.normal(own[film], 0.01, count) for film, count in frames.items()}
            for model, own in means.items()
        }
    )
    found = compare(scores)
    assert found.winner == "b"
    shown = float(scores[scores["model"] == "b"].groupby("group")["dice"].mean().mean())
    assert found.corrected.mean + found.corrected.optimism == pytest.approx(shown)
    assert found.corrected.mean <= shown


def test_models_that_never_differ_within_a_film_are_not_too_few_for_a_test():
    scores = build_scores({model: {"film": [0.1] * 60} for model in ("constant", "twin")})
    verdict = tell(scores, SplitParams(kind="blocked"))
    assert "too few for a test" not in verdict["sentences"][0]
    assert "differs by .000 (" in verdict["sentences"][0]


def test_few_samples_without_order_allow_no_test():
    groups = {letter: [0.1 * place] for place, letter in enumerate("abcd")}
    verdict = tell(build_scores({"constant": {letter: [0.0] for letter in groups}, "unet": groups}))
    assert verdict["models"]["unet"]["dice"]["low"] is None
    assert verdict["verdict"].endswith("corrected for the choice); units are too few for a test against constant.")
    assert verdict["sentences"] == [
        "unet and constant cannot be told apart: their Dice differs by .150, and 4 sequences are too few for a test; "
        "at least 4 more sequences would decide at this difference, a guess from 4."
    ]


def test_five_units_are_told_to_be_too_few_for_a_decision():
    verdict = tell(draw_scores({"constant": 0.1, "unet": 0.7}, seed=0, sequences=5))
    assert "No test can decide: 5 sequences are too few for so many pairs of models." in verdict["notes"]


def test_coverage_policy_and_left_out_samples_are_told():
    scores = draw_scores({"unet": 0.7}, seed=0)
    scores.loc[0, "dice"] = np.nan
    notes = tell(scores, coverage=0.8)["notes"]
    assert notes[0].startswith("A sample without foreground in truth scores 1")
    assert any(note.startswith("The scores cover 80 % of the labelled samples") for note in notes)
    assert "1 sample without a score is left out of Dice." in notes


def name_metric(scores: pd.DataFrame, metric: str) -> pd.DataFrame:
    """The same table, its scores called by another metric's name."""
    return scores.rename(columns={"dice": metric})


def tell_in(metric: MetricName, scores: pd.DataFrame, split: SplitParams = SPLIT) -> dict:
    evaluate, compare = EvaluateParams(metrics=(metric,)), CompareParams(metric=metric)
    return build_verdict(compare_models(scores, evaluate, compare, split, seed=0), compare, evaluate, 1.0)


def test_lower_error_wins_and_is_told_with_its_unit():
    scores = name_metric(draw_scores({"constant": 1.3, "unet": 0.7}, seed=0), "rmse")
    verdict = tell_in("rmse", scores)
    assert verdict["winner"] == "unet"
    assert verdict["verdict"].startswith(
        "unet has the lowest RMSE, .712 m (95 % interval .666 to .755 m, 12 sequences; "
    )
    assert verdict["verdict"].endswith(" m corrected for the choice), and beats constant.")
    assert verdict["sentences"][0].startswith("unet beats constant by .605 m less RMSE (95 % interval .535 to .675 m, ")


@pytest.mark.parametrize("split", [SPLIT, SplitParams(kind="blocked"), SplitParams(folds=2, repeats=2)])
@pytest.mark.parametrize("sequences", [3, 12])
def test_errors_are_judged_as_scores_of_turned_sign(split, sequences):
    scores = draw_scores({"a": 0.5, "b": 0.53, "c": 0.6}, seed=1, sequences=sequences, frames=30)
    if split.repeats > 1:
        scores = pd.concat([scores.assign(fold="0"), scores.assign(fold="1", dice=scores["dice"] + 0.01)])
    dice = compare(scores, split)
    turned = name_metric(scores.assign(dice=1 - scores["dice"]), "rmse")
    rmse = compare_models(turned, EvaluateParams(metrics=("rmse",)), CompareParams(metric="rmse"), split, seed=0)
    assert rmse.winner == dice.winner == "c"
    assert rmse.tests["difference"].tolist() == pytest.approx((-dice.tests["difference"]).tolist())
    assert rmse.tests["p_holm"].tolist() == pytest.approx(dice.tests["p_holm"].tolist(), nan_ok=True)
    found, expected = rmse.corrected, dice.corrected
    assert found.optimism == pytest.approx(expected.optimism, nan_ok=True)
    assert [found.mean, found.low, found.high] == pytest.approx(
        [1 - expected.mean, 1 - expected.high, 1 - expected.low], nan_ok=True
    )


def test_choosing_the_luckiest_error_is_corrected_upwards():
    noise = np.random.default_rng(0).normal(2, 0.5, (10, 3))
    models = {f"m{place}": {f"s{row}": [noise[row, place]] for row in range(10)} for place in range(3)}
    corrected = compare_models(
        name_metric(build_scores(models), "rmse"),
        EvaluateParams(metrics=("rmse",)),
        CompareParams(metric="rmse"),
        SPLIT,
        seed=0,
    ).corrected
    assert corrected.mean > noise.mean(axis=0).min() and corrected.optimism > 0


@pytest.mark.parametrize(
    ("metric", "ends"),
    [("pixel_accuracy", (0, 1)), ("rmse", (0, np.inf)), ("brier", (0, 2)), ("log_loss", (0, np.inf))],
)
def test_intervals_end_where_the_metric_ends(metric, ends):
    scores = build_scores({"unet": {letter: [value] for letter, value in zip("abcde", (0, 0, 0, 0, 9), strict=True)}})
    evaluate, decide = EvaluateParams(metrics=(metric,)), CompareParams(metric=metric)
    row = compare_models(name_metric(scores, metric), evaluate, decide, SPLIT, seed=0).summary.iloc[0]
    free = estimate_by_skewness(np.array([0.0, 0, 0, 0, 9]), 0.95)
    assert (row["low"], row["high"]) == pytest.approx((max(free.low, ends[0]), min(free.high, ends[1])))


def draw_heads() -> pd.DataFrame:
    """A joint network, one for masks and one for depth: Dice of the first two, RMSE of the first and the last."""
    scores = draw_scores({"joint": 0.7, "masks": 0.6, "depths": 0.5}, seed=0)
    scores["rmse"] = 3 - scores["dice"]
    scores.loc[scores["model"] == "depths", "dice"] = np.nan
    scores.loc[scores["model"] == "masks", "rmse"] = np.nan
    return scores


def test_model_without_the_head_is_left_out_of_its_metric():
    comparison = compare_models(draw_heads(), EvaluateParams(metrics=("dice", "rmse")), COMPARE, SPLIT, seed=0)
    tests = comparison.tests[["model_a", "model_b", "metric"]].to_numpy().tolist()
    assert tests == [["joint", "masks", "dice"], ["joint", "depths", "rmse"]]
    assert comparison.winner == "joint" and comparison.paired.without == ("depths",)
    row = comparison.summary.set_index(["model", "metric"]).loc[("depths", "dice")]
    assert np.isnan(row["mean"]) and (row["samples"], row["interval"]) == (0, "none")
    assert comparison.summary["left_out"].tolist() == [0] * 6


def test_means_need_no_metric_that_decides():
    scores = draw_heads().query("model == 'depths'")
    table = summarise_models(scores, EvaluateParams(metrics=("dice", "rmse")), COMPARE, SPLIT).set_index("metric")
    assert np.isnan(table.loc["dice", "mean"])
    assert table.loc["rmse", "mean"] == pytest.approx(scores["rmse"].mean())


def test_model_without_the_head_is_named():
    evaluate = EvaluateParams(metrics=("dice", "rmse"))
    verdict = build_verdict(compare_models(draw_heads(), evaluate, COMPARE, SPLIT, seed=0), COMPARE, evaluate, 1.0)
    assert verdict["models"]["depths"]["dice"] == {"mean": None, "low": None, "high": None}
    assert verdict["notes"][-2:] == [
        "depths has no Dice, and is left out there.",
        "masks has no RMSE, and is left out there.",
    ]
    assert "depths" not in verdict["verdict"]


def test_each_head_has_its_sentences():
    evaluate = EvaluateParams(metrics=("dice", "rmse"))
    verdict = build_verdict(compare_models(draw_heads(), evaluate, COMPARE, SPLIT, seed=0), COMPARE, evaluate, 1.0)
    of_masks, of_depths = verdict["sentences"]
    assert of_masks.startswith("joint beats masks by ") and " Dice (" in of_masks
    assert of_depths.startswith("joint beats depths by ") and " m less RMSE (" in of_depths


def test_head_without_any_score_has_no_sentences():
    scores = draw_scores({"unet": 0.7, "forest": 0.5}, seed=0).assign(rmse=np.nan)
    evaluate = EvaluateParams(metrics=("dice", "rmse"))
    verdict = build_verdict(compare_models(scores, evaluate, COMPARE, SPLIT, seed=0), COMPARE, evaluate, 1.0)
    assert len(verdict["sentences"]) == 1


def test_further_metrics_of_the_same_head_have_no_sentences():
    scores = draw_scores({"unet": 0.7, "forest": 0.5}, seed=0).assign(iou=0.5)
    evaluate = EvaluateParams(metrics=("iou", "dice"))
    verdict = build_verdict(compare_models(scores, evaluate, COMPARE, SPLIT, seed=0), COMPARE, evaluate, 1.0)
    assert len(verdict["sentences"]) == 1 and "Dice" in verdict["sentences"][0]


def test_single_model_with_the_deciding_metric_has_nothing_to_be_compared_with():
    scores = draw_heads().query("model != 'joint'")
    evaluate = EvaluateParams(metrics=("dice", "rmse"))
    verdict = build_verdict(compare_models(scores, evaluate, COMPARE, SPLIT, seed=0), COMPARE, evaluate, 1.0)
    assert verdict["winner"] == "masks"
    assert verdict["verdict"].endswith("there is no other model to compare it with.")


@pytest.mark.parametrize(
    ("metrics", "notes"),
    [
        (("rmse",), ["Pixels without a measured depth do not count."]),
        (("accuracy",), []),
        (("top_2_tolerant",), [CLOSE_CALL.format(".200")]),
    ],
)
def test_only_policies_of_the_metrics_at_hand_are_told(metrics, notes):
    assert describe_policies(EvaluateParams(metrics=metrics)) == notes


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.034, ".034"),
        (-0.12, "-.120"),
        (1, "1.000"),
        (-0.0001, ".000"),
        (0.9999, "1.000"),
        (9.87654, "9.877"),
        (12.345678, "12.35"),
        (-345.678, "-345.7"),
        (1234.5678, "1235"),
        (98765.4, "98765"),
    ],
)
def test_numbers_have_three_digits_and_no_leading_zero(value, text):
    assert number(value) == text
