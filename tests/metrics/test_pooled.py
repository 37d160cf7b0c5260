"""Metrics of many samples against worked numbers and scikit-learn."""

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as sklearn_metrics

from pipeline.metrics import METRICS
from pipeline.metrics.membranes import best_over_thresholds, scores_by_threshold
from pipeline.metrics.pooled import POOLED, class_ious
from pipeline.params.evaluation import POOLED_NAMES
from pipeline.tasks.mask import count_pixels
from tests.metrics.references import draw_classes

OF_CLASSES = [name for name, metric in POOLED.items() if metric.head == "label"]


def build_table(targets: np.ndarray, probabilities: np.ndarray) -> pd.DataFrame:
    """The columns that evaluate writes."""
    return pd.DataFrame({"label": targets} | {f"probability_{k}": p for k, p in enumerate(probabilities.T)})


def count_table(truths: np.ndarray, predictions: np.ndarray, classes: int) -> pd.DataFrame:
    """The columns that evaluate writes, of pictures (sample, pixel)."""
    pairs = zip(truths.astype(np.uint8), predictions.astype(np.uint8), strict=True)
    return pd.DataFrame([count_pixels(*pair, classes) for pair in pairs])


def test_all_that_params_name_are_there_and_described():
    assert set(POOLED) == set(POOLED_NAMES) == {name for name, metric in METRICS.items() if metric.is_pooled}
    assert all(metric.name == name and metric.spelt == METRICS[name].spelt for name, metric in POOLED.items())


@pytest.mark.parametrize("seed", range(3))
def test_scores_of_classes_agree_with_scikit_learn(seed):
    targets, probabilities = draw_classes(seed)
    likeliest, table = probabilities.argmax(axis=1), build_table(targets, probabilities)
    expected = {
        "balanced_accuracy": sklearn_metrics.balanced_accuracy_score(targets, likeliest),
        "macro_f1": sklearn_metrics.f1_score(targets, likeliest, average="macro"),
        "auc": sklearn_metrics.roc_auc_score(targets, probabilities, multi_class="ovr"),
    }
    assert {name: POOLED[name].compute(table) for name in expected} == pytest.approx(expected)


def test_equal_probabilities_share_their_ranks():
    table = build_table(np.array([0, 0, 1, 1]), np.array([[0.5, 0.5], [0.9, 0.1], [0.5, 0.5], [0.2, 0.8]]))
    assert POOLED["auc"].compute(table) == pytest.approx(3.5 / 4)


def test_a_class_that_is_absent_does_not_count():
    """Class 2 is neither true nor said; of class 0 half is right, of class 1 all."""
    table = build_table(np.array([0, 0, 1]), np.eye(3)[[0, 1, 1]])
    assert POOLED["balanced_accuracy"].compute(table) == pytest.approx(0.75)
    assert POOLED["macro_f1"].compute(table) == pytest.approx(2 / 3)
    assert POOLED["auc"].compute(table) == pytest.approx(0.75)


def test_one_class_alone_has_no_area():
    table = build_table(np.zeros(4, int), np.full((4, 2), 0.5))
    assert np.isnan(POOLED["auc"].compute(table)) and POOLED["balanced_accuracy"].compute(table) == 1


@pytest.mark.parametrize("name", OF_CLASSES)
def test_no_row_has_no_score_and_order_does_not_matter(name):
    table = build_table(*draw_classes(0))
    assert np.isnan(POOLED[name].compute(table[:0]))
    assert POOLED[name].compute(table[::-1]) == pytest.approx(POOLED[name].compute(table))


@pytest.mark.parametrize("name", OF_CLASSES)
def test_samples_that_a_model_says_nothing_of_do_not_count(name):
    table = build_table(*draw_classes(0))
    silent = pd.DataFrame([{}] * 5, columns=table.columns, dtype=float)
    assert POOLED[name].compute(pd.concat([table, silent], ignore_index=True)) == POOLED[name].compute(table)


def test_worked_number_of_mean_iou_holds():
    """Of 10 pixels of background 9 are right, of 4 of foreground 3, in two pictures."""
    truth = np.repeat([0, 1], [10, 4])
    said = truth.copy()
    said[[0, 13]] = [1, 0]
    table = count_table(truth.reshape(2, 7), said.reshape(2, 7), 2)
    assert class_ious(table) == pytest.approx([9 / 11, 3 / 5])
    assert POOLED["mean_iou"].compute(table) == pytest.approx((9 / 11 + 3 / 5) / 2)


def test_iou_of_classes_agrees_with_scikit_learn_over_all_pixels():
    generator = np.random.default_rng(0)
    truths, predictions = generator.integers(3, size=(2, 6, 50))
    table = count_table(truths, predictions, 4)  # class 3 is nowhere
    expected = sklearn_metrics.jaccard_score(truths.ravel(), predictions.ravel(), average=None)
    assert class_ious(table)[:3] == pytest.approx(expected) and np.isnan(class_ious(table)[3])
    assert POOLED["mean_iou"].compute(table) == pytest.approx(expected.mean())
    assert POOLED["mean_iou"].compute(table[:2]) == pytest.approx(
        sklearn_metrics.jaccard_score(truths[:2].ravel(), predictions[:2].ravel(), average="macro")
    )


def test_the_best_threshold_is_that_of_the_challenge():
    generator, thresholds = np.random.default_rng(0), (0.2, 0.5, 0.8)
    truths, maps = generator.random((3, 12, 12)) > 0.6, generator.random((3, 12, 12))
    scores = [scores_by_threshold(truth, found, thresholds) for truth, found in zip(truths, maps, strict=True)]
    rows = [
        {f"v_rand_{at}": rand for at, (rand, _) in zip(thresholds, score, strict=True)}
        | {f"v_info_{at}": information for at, (_, information) in zip(thresholds, score, strict=True)}
        for score in scores
    ]
    best = best_over_thresholds(truths, maps, thresholds)
    assert POOLED["best_v_rand"].compute(pd.DataFrame(rows)) == pytest.approx(best.v_rand)
    assert POOLED["best_v_info"].compute(pd.DataFrame(rows)) == pytest.approx(best.v_info)
    assert np.isnan(POOLED["best_v_info"].compute(pd.DataFrame(rows)[:0]))
