"""Labels that out-of-fold predictions doubt: worked numbers, and spoilt masks among good ones."""

import numpy as np
import pandas as pd
import pytest

from pipeline.suspicion import SUSPECT_COLUMNS, choose_judges, judge_sample, rank_suspects
from tests.benchmarks.labels import find_spoilt, foretell_twice


def judge(target: object, predicted: object, head: str) -> dict:
    (row,) = judge_sample({head: np.asarray(target)}, {head: np.asarray(predicted, float)}, 0.5)
    return row


def test_a_label_is_held_against_what_the_prediction_expects() -> None:
    right, wrong = (judge(number, [0.9, 0.1], "label") for number in (0, 1))
    assert wrong["loss"] == pytest.approx(-np.log(0.1)) and right["loss"] == pytest.approx(-np.log(0.9))
    assert right["expected"] == pytest.approx(-0.9 * np.log(0.9) - 0.1 * np.log(0.1))
    assert wrong["suspicion"] > 1.9 > 0 > right["suspicion"]


def test_a_wrong_mask_is_more_suspicious_than_a_hard_one() -> None:
    """The same Dice, once where the model was sure and once where it was not."""
    target = np.array([[1, 1, 0, 0]], np.uint8)
    sure = judge(target, np.array([[0.01, 0.01, 0.99, 0.99]])[..., None], "mask")
    unsure = judge(target, np.array([[0.45, 0.45, 0.55, 0.55]])[..., None], "mask")
    assert sure["loss"] == unsure["loss"] == pytest.approx(1 - 1 / 5)
    assert sure["suspicion"] > unsure["suspicion"] + 0.2


def test_ignored_pixels_do_not_count() -> None:
    target, ignored = np.array([[1, 0, 0]], np.uint8), np.array([[1, 0, 255]], np.uint8)
    probabilities = np.array([[0.9, 0.1, 0.99]])[..., None]
    assert judge(ignored, probabilities, "mask")["suspicion"] < judge(target, probabilities, "mask")["suspicion"]
    assert np.isnan(judge(np.full((1, 3), 255, np.uint8), probabilities, "mask")["suspicion"])


def test_classes_of_masks_count_alike() -> None:
    target = np.array([[0, 1, 1, 2]], np.uint8)
    predicted = np.eye(3)[[0, 1, 1, 0]][None]
    assert judge(target, predicted, "mask")["loss"] == pytest.approx(1 - (1 + 1 / 2) / 2)


def test_depth_far_from_what_was_told_is_suspicious() -> None:
    row = judge([[2.0, np.nan]], np.array([[4.0, 9.0]])[..., None], "depth")
    assert row["suspicion"] == pytest.approx(np.log(2)) and row["expected"] == 0


def test_suspects_are_ranked_by_the_median_over_models() -> None:
    def table(*values: float) -> pd.DataFrame:
        rows = {
            "sample_id": ["a", "b", "c"],
            "head": "mask",
            "fold": "0",
            "suspicion": values,
            "loss": 1.0,
            "expected": 0.0,
        }
        return pd.DataFrame(rows)

    found = rank_suspects({"x": table(0.1, 0.5, np.nan), "y": table(0.9, 0.4, np.nan), "z": table(0.2, 0.6, np.nan)})
    assert list(found.columns) == SUSPECT_COLUMNS
    assert found[["sample_id", "rank", "suspicion", "models"]].to_numpy().tolist() == [
        ["b", 1, 0.5, 3],
        ["a", 2, 0.2, 3],
    ]


def test_judges_are_the_winner_and_its_equals() -> None:
    tests = pd.DataFrame(
        [("u", "r", "dice", 0.5), ("u", "worse", "dice", 0.01), ("u", "c", "dice", np.nan), ("u", "other", "iou", 0.9)],
        columns=["model_a", "model_b", "metric", "p_holm"],
    )
    assert choose_judges(tests, "u", "dice", ["c"], 0.05) == ["u", "r"]


def test_spoilt_masks_are_among_the_first_fifth() -> None:
    """Shifted, dilated, emptied, of another sample, a part missing, and learnt from like the good ones."""
    assert find_spoilt(0) >= 0.9


@pytest.mark.slow
def test_spoilt_masks_are_among_the_first_fifth_on_average() -> None:
    assert np.mean([find_spoilt(seed) for seed in range(1, 9)]) >= 0.9


@pytest.mark.slow
def test_the_dice_of_twice_as_many_images_is_foretold() -> None:
    tries = [foretell_twice(seed) for seed in range(10)]
    assert sum(abs(told["predicted"] - told["found"]) <= 0.015 for told in tries) >= 8
