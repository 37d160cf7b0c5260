"""Metrics of many samples: values, errors and tests by a bootstrap over units."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from pipeline.comparison import Comparison, compare_models, summarise_models
from pipeline.comparison.estimates import estimate_student
from pipeline.comparison.pooled import RESAMPLES, Pooled, _bound_share
from pipeline.params import CompareParams, EvaluateParams, SplitParams
from tests.score_tables import draw_scores

COMPARE = CompareParams(metric="dice")


def compare(scores: pd.DataFrame, metric: str, split: SplitParams | None = None) -> Comparison:
    evaluate = EvaluateParams(metrics=("dice", metric))
    return compare_models(scores, evaluate, COMPARE, split or SplitParams(), seed=0)


def draw_thresholds(**arguments: int) -> pd.DataFrame:
    """V_rand at one threshold, which makes the best over thresholds a plain mean."""
    scores = draw_scores({"unet": 0.7, "forest": 0.6}, **({"seed": 0, "sequences": 40, "frames": 1} | arguments))
    return scores.assign(**{"v_rand_0.5": scores["dice"]})


def draw_classes(samples: int = 60) -> pd.DataFrame:
    """Two classes, told well by one model and badly by another, and not at all by a model of masks."""
    generator = np.random.default_rng(0)
    scores = draw_scores({"good": 0.7, "bad": 0.7, "masks": 0.7}, seed=0, sequences=samples, frames=1)
    label = np.tile(generator.integers(2, size=samples), 3).astype(float)
    signal = np.repeat([3.0, 0.5, np.nan], samples)
    right = 1 / (1 + np.exp(-signal * (2 * label - 1) - generator.normal(size=3 * samples)))
    label[np.isnan(right)] = np.nan
    return scores.assign(label=label, probability_0=1 - right, probability_1=right)


def of(table: pd.DataFrame, metric: str) -> pd.DataFrame:
    return table[table["metric"] == metric].reset_index(drop=True)


def test_bootstrap_of_a_mean_has_students_interval():
    comparison = compare(draw_thresholds(), "best_v_rand")
    pooled, plain = (of(comparison.summary, metric) for metric in ("best_v_rand", "dice"))
    units = comparison.paired.unit_scores
    student = stats.ttest_1samp(units, 0).confidence_interval(0.95)
    assert pooled["mean"].tolist() == pytest.approx(plain["mean"].tolist())
    widths = (pooled["high"] - pooled["low"]).to_numpy()
    assert widths == pytest.approx(student.high - student.low, rel=3 / np.sqrt(2 * RESAMPLES))
    assert set(pooled["interval"]) == {"bootstrap over units, Wilson"}


def test_bootstrap_of_a_difference_is_paired():
    comparison = compare(draw_thresholds(), "best_v_rand")
    test = of(comparison.tests, "best_v_rand").iloc[0]
    units = comparison.paired.unit_scores
    student = stats.ttest_rel(units[:, 0], units[:, 1])
    assert test["difference"] == pytest.approx((units[:, 0] - units[:, 1]).mean())
    interval = student.confidence_interval(0.95)
    assert test["high"] - test["low"] == pytest.approx(interval.high - interval.low, rel=3 / np.sqrt(2 * RESAMPLES))
    assert test["verdict"] == "better" and np.isnan(test["effect_size"])


def test_area_is_that_of_scikit_learn_over_all_samples():
    scores = draw_classes()
    row = of(compare(scores, "auc").summary, "auc").set_index("model").loc["bad"]
    bad = scores[scores["model"] == "bad"]
    assert row["mean"] == pytest.approx(roc_auc_score(bad["label"], bad["probability_1"]))
    assert row["low"] < row["mean"] < row["high"] <= 1


def test_model_without_the_head_is_left_out_of_the_pooled_metric():
    comparison = compare(draw_classes(), "auc")
    assert of(comparison.tests, "auc")[["model_a", "model_b"]].to_numpy().tolist() == [["good", "bad"]]
    assert np.isnan(of(comparison.summary, "auc").set_index("model").loc["masks", "mean"])


def test_lower_calibration_error_is_better():
    generator = np.random.default_rng(0)
    scores = draw_scores({"honest": 0.7, "boastful": 0.7}, seed=0, sequences=150, frames=1)
    honest = generator.uniform(size=150)
    label = np.tile((generator.random(150) < honest).astype(float), 2)
    boastful = 1 / (1 + (1 / honest - 1) ** 5)
    probability = np.concatenate([honest, boastful])
    comparison = compare(
        scores.assign(label=label, probability_0=1 - probability, probability_1=probability), "calibration_error"
    )
    test = of(comparison.tests, "calibration_error").iloc[0]
    assert test["difference"] < 0 and test["verdict"] == "better"


def test_three_pooled_models_have_no_ranks():
    scores = draw_classes()
    third = scores[scores["model"] == "good"].assign(model="twin")
    comparison = compare(pd.concat([scores, third]), "auc")
    assert set(comparison.friedman) == {"dice"}
    twins = of(comparison.tests, "auc").query("model_a == 'good' and model_b == 'twin'").iloc[0]
    assert (twins["difference"], twins["low"], twins["high"], twins["p"]) == (0, 0, 0, 1)


def test_metric_without_its_columns_has_empty_cells():
    comparison = compare(draw_scores({"unet": 0.7, "forest": 0.6}, seed=0), "mean_iou")
    assert of(comparison.summary, "mean_iou")["mean"].isna().all()
    assert of(comparison.tests, "mean_iou")["verdict"].tolist() == ["undecided"]


def test_one_volume_is_drawn_in_blocks():
    scores = draw_thresholds(sequences=1, frames=60)
    comparison = compare(scores, "best_v_rand", SplitParams(kind="blocked"))
    row = of(comparison.summary, "best_v_rand").iloc[0]
    assert row["interval"].startswith("block bootstrap within units, blocks of ")
    plain = of(comparison.summary, "dice").iloc[0]
    assert row["high"] - row["low"] == pytest.approx(plain["high"] - plain["low"], rel=0.5)


def test_repeats_are_tested_by_the_corrected_t_test():
    first = draw_thresholds()
    second = first.assign(fold="1")
    second["v_rand_0.5"] += 0.01 * np.random.default_rng(0).normal(size=len(second))
    test = of(compare(pd.concat([first, second]), "best_v_rand", SplitParams(folds=2, repeats=2)).tests, "best_v_rand")
    assert test["method"].tolist() == ["corrected t"]


def test_same_rows_give_the_same_errors():
    once, again = (
        summarise_models(draw_classes(), EvaluateParams(metrics=("auc",)), COMPARE, SplitParams()) for _ in range(2)
    )
    assert once.equals(again)


def test_pooled_rows_of_models_belong_to_the_same_samples():
    scores = draw_classes().sample(frac=1, random_state=0).reset_index(drop=True)
    paired = compare(scores, "auc").pairs["auc"]
    assert isinstance(paired, Pooled)
    in_order = scores.sort_values("sample_id")
    for model, cells in zip(paired.models, paired.cells, strict=True):
        own = in_order.loc[in_order["model"] == model, ["label", "probability_0", "probability_1"]]
        assert cells.tolist() == own.to_numpy().tolist()


def test_interval_of_a_share_of_docstring_holds():
    estimate = _bound_share(estimate_student(0.9, 0.05, 29, 0.95, "t"), np.inf, 0.95)
    assert (round(estimate.low, 3), round(estimate.high, 3)) == (0.753, 0.964)


def test_an_auc_of_one_is_not_certain_to_be_one():
    scores = draw_classes()
    scores["probability_1"] = 0.8 * scores["label"] + 0.1
    scores["probability_0"] = 1 - scores["probability_1"]
    row = of(compare(scores, "auc").summary, "auc").iloc[0]
    assert row["mean"] == row["high"] == 1
    assert row["low"] == pytest.approx(60 / (60 + stats.t.ppf(0.975, 59) ** 2))
