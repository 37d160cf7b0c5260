"""The segmentation task: heads, masks from probabilities, scores of a sample."""

import numpy as np
import pytest
from sklearn.metrics import f1_score

from pipeline.datasets.manifest import Dataset
from pipeline.params import EvaluateParams
from pipeline.tasks import Head, Segmentation, build_task

BINARY, THREE = Segmentation(2), Segmentation(3)
EVALUATE = EvaluateParams()
EMPTY = np.zeros((8, 8), np.uint8)


def draw_square(value: int = 1) -> np.ndarray:
    """A square of 16 pixels."""
    mask = EMPTY.copy()
    mask[2:6, 2:6] = value
    return mask


def test_task_takes_its_classes_from_the_data_set():
    dataset = Dataset(1, "uint8", (0, 1, 2), ("background", "cell", "border"), "", "")
    assert build_task("segmentation", dataset) == Segmentation(3, ("background", "cell", "border"))


def test_unknown_task_is_refused():
    with pytest.raises(ValueError, match="no task 'detection'"):
        build_task("detection", Dataset(1, "uint8", (0, 1), ("a", "b"), "", ""))


def test_two_classes_need_one_channel_and_more_need_one_each():
    assert BINARY.heads == (Head("mask", 1, "sigmoid", "binary"),)
    assert THREE.heads == (Head("mask", 3, "softmax", "categorical"),)


def test_pixel_is_foreground_from_the_threshold_on():
    probabilities = np.array([[[0.25], [0.5], [0.75]]], np.float16)
    assert BINARY.to_mask(probabilities, 0.5).tolist() == [[0, 1, 1]]


def test_pixel_belongs_to_its_likeliest_class():
    probabilities = np.array([[[0.5, 0.25, 0.25], [0.25, 0.25, 0.5]]], np.float16)
    assert THREE.to_mask(probabilities, 0.9).tolist() == [[0, 2]]


def test_ignored_pixels_change_no_score():
    target, prediction = draw_square(), np.roll(draw_square(), 1, axis=0)
    wide = np.pad(target, ((0, 0), (0, 4)), constant_values=255)
    garbage = np.pad(prediction, ((0, 0), (0, 4)), constant_values=1)
    assert BINARY.score(wide, garbage, EVALUATE) == BINARY.score(target, prediction, EVALUATE)


def test_perfect_prediction_scores_one_in_every_metric():
    assert BINARY.score(draw_square(), draw_square(), EVALUATE) == dict.fromkeys(EVALUATE.metrics, 1.0)


def test_empty_masks_score_one_together_and_false_foreground_zero():
    assert set(BINARY.score(EMPTY, EMPTY, EVALUATE).values()) == {1.0}
    scores = BINARY.score(EMPTY, draw_square(), EVALUATE)
    assert scores.pop("pixel_accuracy") == pytest.approx(48 / 64)
    assert set(scores.values()) == {0.0}


def test_sample_without_foreground_in_truth_is_left_out_on_wish():
    skipping = EvaluateParams(empty_masks="skip")
    assert np.isnan(list(BINARY.score(EMPTY, draw_square(), skipping).values())).all()
    assert BINARY.score(draw_square(), EMPTY, skipping)["dice"] == 0.0


def test_sample_without_counted_pixel_is_left_out():
    assert np.isnan(list(BINARY.score(EMPTY + np.uint8(255), EMPTY, EVALUATE).values())).all()


def test_classes_count_alike_and_absent_ones_not_at_all():
    generator = np.random.default_rng(0)
    target, prediction = generator.integers(3, size=(2, 8, 8)).astype(np.uint8)
    expected = f1_score(target.ravel(), prediction.ravel(), labels=[1, 2], average="macro")
    assert Segmentation(5).score(target, prediction, EVALUATE)["dice"] == pytest.approx(expected)


def test_class_that_only_the_prediction_holds_scores_zero():
    prediction = draw_square()
    prediction[0, 0] = 2
    assert THREE.score(draw_square(), prediction, EVALUATE)["dice"] == pytest.approx(1 / 2)
