"""A small experiment with a fitted model, drawn for the tests of what happens to it afterwards."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.datasets.manifest import Dataset
from pipeline.datasets.pixels import Pixels
from pipeline.datasets.predictions import write_predictions
from pipeline.datasets.splits import write_splits
from pipeline.datasets.storing import write_arrays
from pipeline.models import build_model, save_model
from pipeline.params import (
    AugmentParams,
    CompareParams,
    DataParams,
    EvaluateParams,
    PredictParams,
    RegistryParams,
    SplitParams,
    ThresholdParams,
    TrackingParams,
    TrainParams,
)
from pipeline.provenance import complete_fit, describe_fit, read_record, write_record
from pipeline.steps.register import register

DATASET = Dataset(1, "uint8", (0, 200), ("background", "disc"), "d" * 64, "folders")
SIZE = 16


def a_disc(radius: int) -> np.ndarray:
    rows, columns = np.mgrid[:SIZE, :SIZE]
    return ((rows - 8) ** 2 + (columns - 8) ** 2 < radius**2).astype(np.uint8)


def draw_experiment(folder: Path) -> None:
    """Six discs, the fourth without a mask, the last two for the final test, and a threshold model fitted in two folds."""
    masks = [a_disc(radius) for radius in range(2, 8)]
    index = pd.DataFrame({"sample_id": [f"{number:03}" for number in range(6)], "sequence": "", "time": 0})
    sizes = {"height": SIZE, "width": SIZE, "original_height": SIZE, "original_width": SIZE}
    index = index.assign(
        group=index["sample_id"],
        subset="",
        channels=1,
        has_mask=index["sample_id"] != "003",
        has_depth=False,
        label="",
        dtype="uint8",
        **sizes,
    )
    paths = [folder / "prepared" / name for name in ("images.npy", "masks.npy", "depths.npy", "index.csv")]
    targets = zip(masks, index["has_mask"], strict=True)
    write_arrays(
        *paths, index, [Pixels(150 * mask[..., None], mask if has_mask else None) for mask, has_mask in targets]
    )
    rows = [("0", "000", "train"), ("0", "001", "test"), ("1", "001", "train"), ("1", "000", "test")]
    final = [("0", sample_id, "final_test") for sample_id in ("004", "005")]
    write_splits(folder / "splits.csv", pd.DataFrame([*rows, *final], columns=["fold", "sample_id", "subset"]))
    write_record(folder / "metrics.json", {"winner": "threshold"})
    for fold in ("0", "1"):
        fit_fold(folder, fold)


def fit_fold(folder: Path, fold: str) -> None:
    entry, path = ThresholdParams(name="threshold", smoothing_px=0), folder / f"models/threshold/{fold}.npz"
    model = build_model(entry, DATASET, "segmentation", 0)
    ramp = (np.arange(256) + 0.5)[:, None] / 256
    model.set_state({"channel": np.array(0), "edges": np.linspace(0, 256, 257), "shares": ramp.astype("float32")})
    save_model(path, model, DATASET, "segmentation")
    about: dict[str, Any] = {"train": TrainParams(), "augment": AugmentParams(), "seed": 0, "fold": fold}
    record = describe_fit(experiment="discs", model=entry, data_hash="d" * 64, split_hash="s" * 64, **about)
    write_record(path.with_suffix(".json"), complete_fit(record, seconds=1, stopped="budget"))
    path.with_suffix(".csv").write_text(
        "epoch,stage,samples,loss,validation_loss,validation_score,seconds\n1,1,40,0.5,0.6,0.4,0.1\n2,1,80,0.25,0.5,0.5,0.1\n"
    )
    temperatures = {"mask": 1.0 + int(fold) / 4}
    write_predictions(folder / f"predictions/threshold/{fold}.npz", 0.3 + 0.2 * int(fold), [], None, temperatures)


def register_in(folder: Path) -> dict[str, Any]:
    register(
        folder / "prepared/index.csv",
        folder / "splits.csv",
        folder / "metrics.json",
        sorted(folder.glob("models/*/*.npz")),
        sorted(folder.glob("predictions/*/*.npz")),
        folder / "registered.json",
        folder / "uncertainty/final_test.csv",
        experiment="discs",
        task="segmentation",
        seed=0,
        data=DataParams(),
        split=SplitParams(),
        train=TrainParams(),
        predict=PredictParams(),
        evaluate=EvaluateParams(),
        compare=CompareParams(),
        registry=RegistryParams(),
        tracking=TrackingParams(),
    )
    return read_record(folder / "registered.json")
