"""The head of masks: its channels, masks from probabilities, scores of a sample."""

import numpy as np
import pytest
from sklearn.metrics import f1_score

from pipeline.datasets.manifest import Dataset
from pipeline.metrics import METRICS
from pipeline.metrics.membranes import THRESHOLDS
from pipeline.params import EvaluateParams, ThresholdMetric
from pipeline.params.evaluation import MetricName
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


OF_FOREGROUND = [name for name, metric in METRICS.items() if metric.is_of_foreground]
OF_SAMPLES = [name for name, metric in METRICS.items() if metric.head == "mask" and not metric.is_pooled]


@pytest.mark.parametrize("name", OF_FOREGROUND)
def test_what_counts_foreground_is_best_of_two_empty_masks_and_worst_of_one(name: MetricName) -> None:
    """No worst distance is worse than the picture's diagonal."""
    evaluate, diagonal = EvaluateParams(metrics=(name,)), np.hypot(8, 8)
    best, worst = (1.0, 0.0) if METRICS[name].higher_is_better else (0.0, diagonal)
    assert score(BINARY, EMPTY, EMPTY, evaluate) == {name: best}
    assert (
        score(BINARY, EMPTY, draw_square(), evaluate) == score(BINARY, draw_square(), EMPTY, evaluate) == {name: worst}
    )


@pytest.mark.parametrize("name", OF_SAMPLES)
def test_scores_lie_between_the_ends_that_the_registry_tells(name: MetricName) -> None:
    generator, evaluate = np.random.default_rng(0), EvaluateParams(metrics=(name,))
    target, prediction = generator.integers(2, size=(2, 8, 8)).astype(np.uint8)
    previous = target, np.eye(2, dtype=np.float32)[prediction][..., 1:]
    found = BINARY.score(target, previous[1], 0.5, evaluate, previous)[name]
    assert METRICS[name].low <= found <= METRICS[name].high


@pytest.mark.parametrize("name", OF_FOREGROUND)
def test_classes_count_alike_in_every_metric_of_foreground(name: MetricName) -> None:
    """Class 1 is found as it is and class 2 not at all: half of the best and half of the worst."""
    target = draw_square()
    target[0, 0] = 2
    found = score(THREE, target, draw_square(), EvaluateParams(metrics=(name,)))[name]
    assert found == pytest.approx(0.5 if METRICS[name].higher_is_better else np.hypot(8, 8) / 2)


def test_pixels_of_classes_are_noted_where_they_count() -> None:
    """Of 64 pixels 8 do not count, which the prediction takes for class 2."""
    target, prediction = draw_square(), draw_square()
    target[0], prediction[0], prediction[2, 2] = 255, 2, 0
    notes = note(THREE, target, prediction, "dice", "mean_iou")
    assert notes == {
        "empty": "", "intersection_0": 40, "intersection_1": 15, "intersection_2": 0,
        "union_0": 41, "union_1": 16, "union_2": 0,
    }  # fmt: skip


def test_membranes_are_noted_at_every_threshold_of_the_challenge() -> None:
    cross = np.zeros((9, 9), np.uint8)
    cross[4], cross[:, 4] = 1, 1
    evaluate = EvaluateParams(metrics=("best_v_info",))
    notes = BINARY.note(cross, np.where(cross, 0.45, 0.0)[..., None], 0.5, evaluate)
    found = [notes[f"v_rand_{at}"] for at in THRESHOLDS]
    assert found == pytest.approx([1.0] * 4 + [0.4] * 6) and len(notes) == 1 + 2 * len(THRESHOLDS)


def test_a_first_frame_does_not_flicker() -> None:
    assert np.isnan(score(BINARY, EMPTY, draw_square(), EvaluateParams(metrics=("flicker",)))["flicker"])
