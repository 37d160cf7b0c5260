"""The head of masks: its channels, masks from probabilities, scores of a sample."""

import numpy as np
import pytest
from sklearn.metrics import f1_score

from pipeline.datasets.manifest import Dataset
from pipeline.params import EvaluateParams, ThresholdMetric
from pipeline.tasks import Head, Task, build_task
from pipeline.tasks.mask import Masks

BINARY, THREE = Masks(2), Masks(3)
EVALUATE = EvaluateParams()
EMPTY = np.zeros((8, 8), np.uint8)


def draw_square(value: int = 1) -> np.ndarray:
    """A square of 16 pixels."""
    mask = EMPTY.copy()
    mask[2:6, 2:6] = value
    return mask


def score(masks: Masks, target: np.ndarray, prediction: np.ndarray, evaluate: EvaluateParams) -> dict[str, float]:
    """Scores of a prediction that is sure of its classes."""
    sure = np.eye(max(masks.classes, 3), dtype=np.float32)[prediction]
    return masks.score(target, sure[..., 1:2] if masks.classes == 2 else sure, 0.5, evaluate)


def note(masks: Masks, target: np.ndarray, prediction: np.ndarray, *asked: str) -> dict[str, float | str]:
    """What stands beside the scores of a prediction that is sure of its classes."""
    sure = np.eye(max(masks.classes, 3), dtype=np.float32)[prediction]
    evaluate = EVALUATE.model_copy(update={"metrics": asked})
    return masks.note(target, sure[..., 1:2] if masks.classes == 2 else sure, 0.5, evaluate)


def test_task_takes_its_classes_from_the_data_set():
    dataset = Dataset(1, "uint8", (0, 1, 2), ("background", "cell", "border"), "", "")
    assert build_task("segmentation", dataset) == Task((Masks(3),))


def test_two_classes_need_one_channel_and_more_need_one_each():
    assert BINARY.head == Head("mask", 1, "sigmoid")
    assert THREE.head == Head("mask", 3, "softmax")


def test_pixel_is_foreground_from_the_threshold_on():
    probabilities = np.array([[[0.25], [0.5], [0.75]]], np.float16)
    assert BINARY.decide(probabilities, 0.5).tolist() == [[0, 1, 1]]


def test_pixel_belongs_to_its_likeliest_class():
    probabilities = np.array([[[0.5, 0.25, 0.25], [0.25, 0.25, 0.5]]], np.float16)
    assert THREE.decide(probabilities, 0.9).tolist() == [[0, 2]]


def test_ignored_pixels_change_no_score():
    target, prediction = draw_square(), np.roll(draw_square(), 1, axis=0)
    wide = np.pad(target, ((0, 0), (0, 4)), constant_values=255)
    garbage = np.pad(prediction, ((0, 0), (0, 4)), constant_values=1)
    assert score(BINARY, wide, garbage, EVALUATE) == score(BINARY, target, prediction, EVALUATE)


def test_perfect_prediction_scores_one_in_every_metric():
    assert score(BINARY, draw_square(), draw_square(), EVALUATE) == dict.fromkeys(EVALUATE.metrics, 1.0)


def test_empty_masks_score_one_together_and_false_foreground_zero():
    assert set(score(BINARY, EMPTY, EMPTY, EVALUATE).values()) == {1.0}
    scores = score(BINARY, EMPTY, draw_square(), EVALUATE)
    assert scores.pop("pixel_accuracy") == pytest.approx(48 / 64)
    assert set(scores.values()) == {0.0}


@pytest.mark.parametrize(
    ("prediction", "empty"), [(EMPTY, "both"), (draw_square(), "target")], ids=["nothing", "something"]
)
def test_sample_without_foreground_in_truth_is_noted(prediction, empty):
    assert note(BINARY, EMPTY, prediction) == {"empty": empty}
    assert note(BINARY, draw_square(), prediction) == {"empty": ""}


def test_sample_without_counted_pixel_is_not_noted_as_empty():
    assert note(BINARY, EMPTY + np.uint8(255), EMPTY) == {"empty": ""}


def test_sample_without_counted_pixel_is_left_out():
    assert np.isnan(list(score(BINARY, EMPTY + np.uint8(255), EMPTY, EVALUATE).values())).all()


def test_classes_count_alike_and_absent_ones_not_at_all():
    generator = np.random.default_rng(0)
    target, prediction = generator.integers(3, size=(2, 8, 8)).astype(np.uint8)
    expected = f1_score(target.ravel(), prediction.ravel(), labels=[1, 2], average="macro")
    assert score(Masks(5), target, prediction, EVALUATE)["dice"] == pytest.approx(expected)


def test_class_that_only_the_prediction_holds_scores_zero():
    prediction = draw_square()
    prediction[0, 0] = 2
    assert score(THREE, draw_square(), prediction, EVALUATE)["dice"] == pytest.approx(1 / 2)


@pytest.mark.parametrize(("metric", "threshold"), [("dice", 0.5), ("v_info", 0.2), ("v_rand", 0.2)])
def test_a_threshold_for_cells_closes_the_gap_that_one_for_pixels_leaves(
    metric: ThresholdMetric, threshold: float
) -> None:
    """A cross of membrane, .2 at one pixel; 4 pixels of a cell are taken for membrane at .3."""
    cross = np.zeros((9, 9), np.uint8)
    cross[4], cross[:, 4] = 1, 1
    probabilities = np.where(cross, 0.9, 0.0)
    probabilities[2, 4], probabilities[:2, :2] = 0.2, 0.3
    assert BINARY.choose_threshold([(cross, probabilities[..., None])], metric) == threshold


def test_membranes_are_scored_by_the_cells_that_they_part() -> None:
    """Without any membrane found four cells are one: 2 * 4 / (4 + 16), and nothing is known of which is which."""
    cross = np.zeros((9, 9), np.uint8)
    cross[4], cross[:, 4] = 1, 1
    evaluate = EvaluateParams(metrics=("v_rand", "v_info"))
    assert score(BINARY, cross, cross, evaluate) == {"v_rand": 1.0, "v_info": 1.0}
    assert score(BINARY, cross, np.zeros_like(cross), evaluate) == pytest.approx({"v_rand": 0.4, "v_info": 0.0})
