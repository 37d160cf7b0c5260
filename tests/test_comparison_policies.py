"""Empty masks where models are compared: the policy is applied to the table, and all are told beside each other."""

import numpy as np
import pandas as pd
import pytest

from pipeline.comparison import apply_policy, compare_models, summarise_policies
from pipeline.comparison.policy_means import POLICY_COLUMNS
from pipeline.params import CompareParams, EvaluateParams, SplitParams
from tests.score_tables import build_scores, draw_scores

EVALUATE = EvaluateParams(metrics=("dice", "pixel_accuracy"))


def build_table() -> pd.DataFrame:
    """Two models, three samples: foreground, and twice none, of which `loud` predicts some in one and `quiet` nothing in both."""
    table = build_scores({"loud": {"a": [0.8], "b": [0.0], "c": [1.0]}, "quiet": {"a": [0.5], "b": [1.0], "c": [1.0]}})
    return table.assign(empty=["", "target", "both", "", "both", "both"], pixel_accuracy=0.9)


def means_of(policy: str) -> dict[str, float]:
    """Mean Dice of each model under a policy."""
    rows = summarise_policies(build_table(), EVALUATE, SplitParams())
    return rows[rows["policy"] == policy].set_index("model")["mean"].to_dict()


@pytest.mark.parametrize(
    ("policy", "loud", "quiet"),
    [
        ("one_if_both_empty", 1.8 / 3, 2.5 / 3),
        ("skip", 0.8, 0.5),
        ("skip_if_both_empty", 0.8, 0.5),  # quiet has no score in b and c, and models are compared on the same samples
        ("zero", 0.8 / 3, 0.5 / 3),
    ],
)
def test_means_follow_the_policy(policy, loud, quiet):
    assert means_of(policy) == pytest.approx({"loud": loud, "quiet": quiet})


def test_every_policy_and_metric_of_foreground_has_its_row_a_model():
    table = summarise_policies(build_table(), EVALUATE, SplitParams())
    assert table.columns.tolist() == POLICY_COLUMNS and set(table["metric"]) == {"dice"} and len(table) == 8
    assert table.drop_duplicates("policy")["samples"].tolist() == [3, 1, 1, 3]
    assert table.drop_duplicates("policy")["left_out"].tolist() == [0, 2, 2, 0]


def test_without_empty_masks_there_is_nothing_to_tell():
    assert summarise_policies(draw_scores({"unet": 0.7}, seed=0), EVALUATE, SplitParams()).empty


@pytest.mark.parametrize("policy", ["one_if_both_empty", "skip", "skip_if_both_empty", "zero"])
def test_the_comparison_takes_the_means_of_the_chosen_policy(policy):
    scores = draw_scores({"loud": 0.6, "quiet": 0.5}, seed=0).assign(empty="")
    scores.loc[scores["time"] == 0, ["dice", "empty"]] = [1.0, "both"]
    evaluate = EvaluateParams(metrics=("dice",), empty_masks=policy)
    found = compare_models(scores, evaluate, CompareParams(), SplitParams(), 0).summary.set_index("model")["mean"]
    table = summarise_policies(scores, evaluate, SplitParams())
    expected = table[table["policy"] == policy].set_index("model")["mean"]
    assert found.to_dict() == pytest.approx(expected.to_dict())
    assert found["loud"] == pytest.approx(apply_policy(scores, policy).query("model == 'loud'")["dice"].mean())


def test_a_policy_leaves_the_table_alone_and_is_the_same_twice():
    table = build_table()
    once = apply_policy(table, "skip")
    assert table["dice"].tolist() == [0.8, 0.0, 1.0, 0.5, 1.0, 1.0]
    assert once["dice"].isna().tolist() == once["pixel_accuracy"].isna().tolist() == [False, True, True] * 2
    assert np.array_equal(apply_policy(once, "skip")["dice"], once["dice"], equal_nan=True)


def test_scores_without_the_column_are_refused_where_it_matters():
    table = build_table().drop(columns="empty")
    assert apply_policy(table, "one_if_both_empty") is table
    with pytest.raises(ValueError, match="no column empty, which tells which are: run evaluate again"):
        apply_policy(table, "zero")
