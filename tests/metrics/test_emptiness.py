"""What becomes of samples without foreground, by policy, against what other tools say of such a pair."""

import numpy as np
import pytest

from pipeline.metrics import METRICS
from pipeline.metrics.emptiness import RULES, describe_emptiness, judge_empty

EMPTINESS = np.array(["", "target", "both"])
NAN = float("nan")


# Dice of (foreground, false foreground, nothing at all). Run: one_if_both_empty is MONAI 1.6.1's compute_dice(ignore_empty=False), skip
# its default, zero torchmetrics 1.9.0's binary_f1_score. Read: skip_if_both_empty is nnU-Net 2's nanmean of 2 TP / (2 TP + FP + FN).
@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("one_if_both_empty", [0.8, 0, 1]),
        ("skip", [0.8, NAN, NAN]),
        ("skip_if_both_empty", [0.8, 0, NAN]),
        ("zero", [0.8, 0, 0]),
    ],
)
def test_dice_is_as_the_policy_has_it(policy, expected):
    found = judge_empty(np.array([0.8, 0, 1]), EMPTINESS, METRICS["dice"], policy)
    assert np.array_equal(found, expected, equal_nan=True)


@pytest.mark.parametrize("policy", RULES)
def test_what_has_no_score_gets_none_and_other_heads_keep_theirs(policy):
    assert np.isnan(judge_empty(np.full(3, NAN), EMPTINESS, METRICS["dice"], policy)).all()
    depths = np.array([1.0, 2.0, 3.0])
    assert judge_empty(depths, EMPTINESS, METRICS["rmse"], policy).tolist() == depths.tolist()


def test_only_what_counts_foreground_scores_zero_and_a_distance_has_no_worst():
    scores = np.array([0.8, 0.5, 1.0])
    assert judge_empty(scores, EMPTINESS, METRICS["pixel_accuracy"], "zero").tolist() == [0.8, 0.5, 1.0]
    assert judge_empty(scores, EMPTINESS, METRICS["hausdorff_95"], "zero").tolist() == [0.8, 0.5, 1.0]


def test_policies_leave_the_scores_that_they_are_given_alone():
    scores = np.array([0.8, 0, 1])
    judge_empty(scores, EMPTINESS, METRICS["dice"], "skip")
    assert scores.tolist() == [0.8, 0, 1]


def test_emptiness_is_told_by_truth_first():
    empty, some = np.zeros((2, 2), np.uint8), np.eye(2, dtype=np.uint8)
    assert [describe_emptiness(*pair) for pair in ((some, empty), (some, some))] == ["", ""]
    assert [describe_emptiness(*pair) for pair in ((empty, some), (empty, empty))] == ["target", "both"]
