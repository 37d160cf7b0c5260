"""Empty masks and classes of pixels in the report."""

import pandas as pd
import pytest

from pipeline.params import EvaluateParams, SplitParams
from pipeline.report.experiment import Experiment
from pipeline.report.fits import score_of_fold
from pipeline.report.limits import about_policies
from pipeline.report.mask_classes import describe_mask_classes
from pipeline.report.policies import POLICIES, describe_policies
from tests.score_tables import build_scores


class Drawn:
    """What the sections need of an experiment."""

    heads, models, metric, winner = ("mask",), ["loud", "quiet"], "dice", "loud"

    def __init__(self, scores: pd.DataFrame, metrics: tuple[str, ...] = ("dice", "hausdorff_95")) -> None:
        self.raw_scores = scores
        self.params = type("Params", (), {"evaluate": EvaluateParams(metrics=metrics), "split": SplitParams()})
        self.sheet = type("Sheet", (), {"dataset": type("Dataset", (), {"class_names": ("background", "cell")})})

    def heads_of(self, model: str) -> tuple[str, ...]:
        """Both learn masks."""
        return self.heads


def build_table(empty: list[str]) -> pd.DataFrame:
    """Two samples a model; the second is the better one where nothing is predicted."""
    table = build_scores({"loud": {"a": [0.8], "b": [0.0]}, "quiet": {"a": [0.5], "b": [1.0]}})
    return table.assign(empty=empty, hausdorff_95=[1.0, 9.0, 2.0, 0.0])


def test_policies_that_change_the_leader_are_told():
    found = describe_policies(Drawn(build_table(["", "target", "", "both"])))
    assert (found["samples"], found["empty"], found["silent"]) == (2, 1, {"loud": (1, 0), "quiet": (1, 1)})
    assert found["leaders"] == [("loud", ["skip", "skip_if_both_empty", "zero"]), ("quiet", ["one_if_both_empty"])]
    assert [block["metric"] for block in found["metrics"]] == ["dice", "hausdorff_95"]
    rows = dict(found["metrics"][0]["rows"])
    assert [mean for mean, _ in rows["quiet"]] == pytest.approx([0.75, 0.5, 0.5, 0.25])
    assert [is_best for _, is_best in rows["quiet"]] == [policy == "one_if_both_empty" for policy in POLICIES]
    assert found["metrics"][0]["counts"] == [2, 1, 1, 2]


def test_a_leader_by_empty_masks_alone_is_told_before_the_numbers():
    (said,) = about_policies(Drawn(build_table(["", "target", "", "both"])))
    assert said.endswith("loud by skip, skip_if_both_empty and zero; quiet by one_if_both_empty.")
    assert about_policies(Drawn(build_table([""] * 4))) == []


def test_without_empty_masks_no_table_is_shown():
    found = describe_policies(Drawn(build_table([""] * 4)))
    assert (found["empty"], found["metrics"], found["leaders"], found["silent"]) == (0, [], [], {})


def test_classes_of_pixels_are_summed_over_samples():
    table = build_table([""] * 4).assign(intersection_0=[8, 9, 5, 5], union_0=[10, 10, 10, 10])
    table = table.assign(intersection_1=[2, 0, 1, 1], union_1=[4, 1, 2, 2])
    found = describe_mask_classes(Drawn(table, ("dice", "mean_iou")))
    assert dict(found["rows"]) == {"loud": pytest.approx([0.85, 0.4, 0.625]), "quiet": pytest.approx([0.5, 0.5, 0.5])}
    assert found["best"] == pytest.approx([0.85, 0.5, 0.625])
    assert describe_mask_classes(Drawn(table, ("dice",))) is None


@pytest.mark.parametrize(("policy", "expected"), [("one_if_both_empty", 0.4), ("skip", 0.8), ("zero", 0.4)])
def test_a_fold_s_mean_is_by_the_chosen_policy(policy: str, expected: float) -> None:
    table = build_table(["", "target", "", "both"]).query("model == 'loud'")
    drawn = Drawn(table)
    drawn.scores = {("loud", "0"): table}
    drawn.params.evaluate = EvaluateParams(metrics=("dice",), empty_masks=policy)
    drawn.judged_scores = Experiment.judged_scores.func(drawn)
    assert score_of_fold(drawn, "loud", "0", "dice") == pytest.approx(expected)
