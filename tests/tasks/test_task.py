"""Tasks: a list of heads, each with its own scores."""

import numpy as np
import pytest

from pipeline.datasets.faults import DataError
from pipeline.datasets.manifest import Dataset
from pipeline.params import EvaluateParams, SetParams
from pipeline.params.tasks import DEPTH, TASKS
from pipeline.tasks import Head, build_task
from tests.drawn import describe, draw_arrays


def test_every_kind_of_task_has_the_heads_that_it_names() -> None:
    for kind, facts in TASKS.items():
        assert tuple(head.name for head in build_task(kind, describe()).heads) == facts.heads


def test_a_class_has_a_channel_of_one_vector_an_image() -> None:
    assert build_task("classification", describe()).heads == (Head("label", 2, "softmax", is_pooled=True),)


def test_classes_are_asked_for_where_the_data_have_none() -> None:
    with pytest.raises(DataError, match="needs images of 2 classes or more, and the data have 0"):
        build_task("classification", Dataset(1, "uint8", (0, 1), ("a", "b"), "", ""))


def test_each_head_has_its_own_scores() -> None:
    task, targets = build_task("mask_and_depth", describe()), draw_arrays().targets(("mask", "depth"), 0)
    evaluate = EvaluateParams(metrics=("dice", "rmse", "delta_1"))
    prediction = {
        "mask": (targets["mask"][..., None] == 1).astype("float32"),
        "depth": np.full((16, 16, 1), 5.0, "float32"),
    }
    scores = task.score(targets, prediction, 0.5, evaluate)
    near = float(np.mean(targets["mask"][1:] == 1))  # these are 4 metres away, and the first row was not measured
    assert scores["dice"] == 1 and scores["rmse"] == pytest.approx(near**0.5)
    assert scores["delta_1"] == pytest.approx(1 - near)  # 5 / 4 is not less than 1.25


def test_a_head_that_is_not_predicted_has_no_score() -> None:
    task, targets = build_task("mask_and_depth", describe()), draw_arrays().targets(("mask", "depth"), 0)
    depth = {"depth": np.ones((16, 16, 1), "float32")}
    scores = task.score(targets, depth, 0.5, EvaluateParams(metrics=("dice", *DEPTH)))
    assert np.isnan(scores["dice"]) and not np.isnan([scores[name] for name in DEPTH]).any()
    assert task.choose_threshold([(targets, depth)], "dice") == 0.5


def test_a_model_without_classes_has_no_sets_of_them() -> None:
    label, mask = ({"label": np.asarray(1)}, {"mask": np.ones((2, 2, 1), "float32")})
    assert build_task("classification", describe()).calibrate_sets([(label, mask)] * 9, SetParams()) is None


def test_a_class_is_scored_by_its_probability() -> None:
    task = build_task("classification", describe())
    targets, prediction = {"label": np.asarray(1)}, {"label": np.array([0.75, 0.25], "float32")}
    evaluate = EvaluateParams(metrics=("accuracy", "log_loss", "brier", "top_2"))
    scores = task.score(targets, prediction, 0.5, evaluate)
    assert scores == pytest.approx({"accuracy": 0, "log_loss": np.log(4), "brier": 2 * 0.75**2, "top_2": 1})


def test_classes_are_noted_where_a_pooled_metric_asks_for_them() -> None:
    task = build_task("classification", describe())
    given = {"label": np.asarray(1)}, {"label": np.array([0.75, 0.25], "float32")}, 0.5
    assert task.note(*given, EvaluateParams(metrics=("accuracy",))) == {}
    notes = {"label": 1, "probability_0": 0.75, "probability_1": 0.25}
    assert task.note(*given, EvaluateParams(metrics=("accuracy", "auc"))) == notes
    assert task.score(*given, EvaluateParams(metrics=("accuracy", "auc"))) == {"accuracy": 0}


def test_a_search_judges_empty_masks_by_the_policy() -> None:
    task, empty = build_task("segmentation", describe()), np.zeros((4, 4), np.uint8)
    pairs = [({"mask": empty}, {"mask": np.full((4, 4, 1), value, "float32")}) for value in (0.0, 1.0)]
    judged = {
        policy: task.judge(pairs, 0.5, EvaluateParams(metrics=("dice",), empty_masks=policy), "dice").tolist()
        for policy in ("one_if_both_empty", "zero")
    }
    assert judged == {"one_if_both_empty": [1, 0], "zero": [0, 0]}
    assert np.isnan(task.judge(pairs, 0.5, EvaluateParams(metrics=("dice",), empty_masks="skip"), "dice")).all()
