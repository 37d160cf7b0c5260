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
from pipeline.datasets.storing import write_arrays
from pipeline.params import EvaluateParams, PredictParams
from pipeline.steps.evaluate import evaluate

MASK = np.zeros((8, 8), np.uint8)
MASK[2:6, 2:6] = 1


def write_inputs(folder: Path) -> dict[str, list[Path] | Path]:
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
        label="",
        dtype="uint8",
    )
    paths = (folder / "prepared" / name for name in ("images.npy", "masks.npy", "depths.npy", "index.csv"))
    write_arrays(*paths, index, [Pixels(mask[..., None], mask) for mask in masks])
    write_dataset(folder / "dataset.json", Dataset(1, "uint8", (0, 255), ("0", "1"), "", ""))
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
        evaluate=EvaluateParams(metrics=("dice", "pixel_accuracy")),
        predict=PredictParams(),
    )
    first, second = (pd.read_csv(path) for path in inputs["scores"])
    assert first.to_dict("split")["data"] == [["dog/2", "dog", "dog", 2, 0, 1, 1], ["dog/3", "dog", "dog", 3, 0, 1, 1]]
    assert first.columns.tolist() == ["sample_id", "sequence", "group", "time", "fold", "dice", "pixel_accuracy"]
    assert second["dice"].tolist() == pytest.approx([0, 0.5])


def test_evaluate_leaves_the_cell_of_a_skipped_sample_empty(tmp_path):
    inputs = write_inputs(tmp_path)
    evaluate(
        **inputs,
        task="segmentation",
        evaluate=EvaluateParams(metrics=("dice",), empty_masks="skip"),
        predict=PredictParams(),
    )
    assert inputs["scores"][0].read_text().splitlines()[-1] == "dog/3,dog,dog,3,0,"


@pytest.mark.parametrize("step", ["evaluate", "compare"])
def test_step_does_without_heavy_imports(step):
    code = f"import sys, pipeline.steps.{step}; print({{'keras', 'tensorflow', 'mlflow', 'matplotlib'}} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
