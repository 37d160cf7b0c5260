"""The step evaluate: predictions and targets in, one row of scores a sample out."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.datasets.manifest import Dataset, write_dataset
from pipeline.datasets.pixels import Pixels
from pipeline.datasets.predictions import write_predictions
from pipeline.datasets.scores import SAMPLE_COLUMNS, read_scores
from pipeline.datasets.storing import write_arrays
from pipeline.metrics.pooled import POOLED
from pipeline.params import EvaluateParams, PredictParams
from pipeline.steps.evaluate import evaluate

MASK = np.zeros((8, 8), np.uint8)
MASK[2:6, 2:6] = 1


def write_inputs(folder: Path, labels: tuple[str, ...] = ("",) * 4) -> dict[str, list[Path] | Path]:
    """Frames dog/0 to dog/3, of which the last has no foreground, and the predictions of two folds."""
    masks = [MASK, MASK, MASK, np.zeros_like(MASK)]
    index = pd.DataFrame(
        {
            "sample_id": [f"dog/{time}" for time in range(4)],
            "sequence": "dog",
            "time": range(4),
            "group": "dog",
            "subset": "",
        }
    ).assign(
        height=8,
        width=8,
        channels=1,
        original_height=8,
        original_width=8,
        has_mask=True,
        has_depth=False,
        label=labels,
        dtype="uint8",
    )
    paths = (folder / "prepared" / name for name in ("images.npy", "masks.npy", "depths.npy", "index.csv"))
    write_arrays(*paths, index, [Pixels(mask[..., None], mask) for mask in masks])
    write_dataset(folder / "dataset.json", Dataset(1, "uint8", (0, 255), ("0", "1"), "", "", tuple(sorted({*labels}))))
    predictions = [folder / "predictions" / "unet" / f"{fold}.npz" for fold in (0, 1)]
    half = 0.4 * MASK[..., None]
    write_predictions(predictions[0], 0.3, [("dog/2", {"mask": half}), ("dog/3", {"mask": 0 * half})])
    write_predictions(
        predictions[1], 0.5, [("dog/0", {"mask": half}), ("dog/1", {"mask": np.roll(2 * half, 2, axis=0)})]
    )
    scores = [folder / "scores" / "unet" / f"{fold}.csv" for fold in (0, 1)]
    tables = {"dataset": folder / "dataset.json", "index": folder / "prepared" / "index.csv"}
    return {**tables, "predictions": predictions, "scores": scores}


def test_evaluate_writes_a_row_a_sample_for_every_fold(tmp_path):
    inputs = write_inputs(tmp_path)
    evaluate(
        **inputs,
        task="segmentation",
        scoring=EvaluateParams(metrics=("dice", "pixel_accuracy")),
        predict=PredictParams(),
    )
    first, second = (pd.read_csv(path, keep_default_na=False) for path in inputs["scores"])
    assert first.to_dict("split")["data"] == [
        ["dog/2", "dog", "dog", 2, 0, 1, 1, ""],
        ["dog/3", "dog", "dog", 3, 0, 1, 1, "both"],
    ]
    assert first.columns.tolist() == [*SAMPLE_COLUMNS, "fold", "dice", "pixel_accuracy", "empty"]
    assert second["dice"].tolist() == pytest.approx([0, 0.5])


@pytest.mark.parametrize("policy", ["one_if_both_empty", "skip"])
def test_evaluate_scores_empty_masks_alike_whatever_becomes_of_them(tmp_path, policy):
    inputs = write_inputs(tmp_path)
    evaluate(
        **inputs,
        task="segmentation",
        scoring=EvaluateParams(metrics=("dice",), empty_masks=policy),
        predict=PredictParams(),
    )
    assert inputs["scores"][0].read_text().splitlines()[-1] == "dog/3,dog,dog,3,0,1.0,both"


def test_evaluate_writes_beside_the_scores_what_pooled_metrics_need(tmp_path):
    """Fold 1: dog/0 has no pixel above .5, dog/1 has 16, of which 8 are true."""
    inputs = write_inputs(tmp_path)
    settings = EvaluateParams(metrics=("dice", "mean_iou", "flicker"))
    evaluate(**inputs, task="segmentation", scoring=settings, predict=PredictParams())
    table = read_scores(inputs["scores"], settings.sample_metrics).set_index("sample_id")
    counts = ["intersection_0", "intersection_1", "union_0", "union_1"]
    assert table.loc[["dog/0", "dog/1"], counts].to_numpy().tolist() == [[48, 0, 64, 16], [40, 8, 56, 24]]
    assert POOLED["mean_iou"].compute(table[2:]) == pytest.approx((88 / 120 + 8 / 40) / 2)
    assert table["flicker"].isna().tolist() == [True, False, True, False]
    assert table["flicker"]["dog/1"] == pytest.approx(16 / 24)  # all that is predicted is new; the truth is at rest


def test_evaluate_writes_classes_from_which_pooled_metrics_are_computed(tmp_path):
    """Two cats and two dogs; the second of each is taken for the other, the dog by a larger margin."""
    inputs = write_inputs(tmp_path, labels=("cat", "cat", "dog", "dog"))
    dogs = {"dog/0": 0.25, "dog/1": 0.625, "dog/2": 0.75, "dog/3": 0.125}
    for path, ids in zip(inputs["predictions"], (("dog/2", "dog/3"), ("dog/0", "dog/1")), strict=True):
        write_predictions(path, 0.5, [(name, {"label": np.array([1 - dogs[name], dogs[name]])}) for name in ids])
    settings = EvaluateParams(metrics=("accuracy", "auc", "calibration_error"))
    evaluate(**inputs, task="classification", scoring=settings, predict=PredictParams())
    table = read_scores(inputs["scores"], settings.sample_metrics).set_index("sample_id").sort_index()
    assert table[["accuracy", "label", "probability_1"]].to_numpy().tolist() == [
        [1, 0, 0.25], [0, 0, 0.625], [1, 1, 0.75], [0, 1, 0.125]
    ]  # fmt: skip
    assert POOLED["auc"].compute(table) == 2 / 4
    # probabilities .75 twice, right, and .625 and .875, wrong, each in a bin of its own
    assert POOLED["calibration_error"].compute(table) == pytest.approx((2 * 0.25 + 0.625 + 0.875) / 4)


@pytest.mark.parametrize("step", ["evaluate", "compare"])
def test_step_does_without_heavy_imports(step):
    code = f"import sys, pipeline.steps.{step}; print({{'keras', 'tensorflow', 'mlflow', 'matplotlib'}} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
