"""Sets of classes from the steps predict and evaluate to the table that apply writes."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from pipeline.commands.apply import apply
from pipeline.datasets.manifest import Dataset, write_dataset
from pipeline.datasets.pixels import Pixels
from pipeline.datasets.predictions import read_predictions
from pipeline.datasets.splits import write_splits
from pipeline.datasets.storing import write_arrays
from pipeline.models import build_model, save_model
from pipeline.packing import load_packed, pack
from pipeline.params import ConstantParams, DataParams, EvaluateParams, PredictParams, SetParams, TrainParams
from pipeline.steps.evaluate import evaluate
from pipeline.steps.predict import predict

LABELS = "aaaaaaaabc" + "abc"
"""Ten samples for validation, then three for the test."""
DATASET = Dataset(1, "uint8", (), (), "data", "drawn", ("a", "b", "c"), ("label",))
CONSTANT = ConstantParams(name="constant")
SHARES = np.array([0.7, 0.2, 0.1], "float32")


def write_inputs(folder: Path) -> dict[str, Path]:
    """Grey pictures with their labels, and a model that says .7, .2 and .1 of each."""
    ids = [f"{place:03d}" for place in range(len(LABELS))]
    index = pd.DataFrame({"sample_id": ids, "group": ids, "label": list(LABELS)})
    sizes = dict.fromkeys(("height", "width", "original_height", "original_width"), 4)
    facts = {"sequence": "", "time": 0, "subset": "", "channels": 1, "dtype": "uint8", "has_mask": False}
    index = index.assign(**sizes, **facts, has_depth=False)
    files = (folder / "prepared" / name for name in ("images.npy", "masks.npy", "depths.npy", "index.csv"))
    write_arrays(*files, index, [Pixels(np.full((4, 4, 1), 9, "uint8"), None) for _ in LABELS])
    write_dataset(folder / "dataset.json", DATASET)
    subsets = ["validation"] * 10 + ["test"] * 3
    write_splits(folder / "splits.csv", pd.DataFrame({"fold": "0", "sample_id": ids, "subset": subsets}))
    model = build_model(CONSTANT, DATASET, "classification", 0)
    model.set_state({"label": SHARES})
    save_model(folder / "models/constant/0.npz", model, DATASET, "classification")
    return {"index": folder / "prepared/index.csv", "splits": folder / "splits.csv"}


def predict_in(folder: Path, sets: SetParams | None) -> Path:
    inputs, result = write_inputs(folder), folder / "predictions/constant/0.npz"
    about: dict[str, Any] = {
        "model": CONSTANT,
        "predict": PredictParams(sets=sets, temperature=False),
        "train": TrainParams(),
        "seed": 0,
    }
    predict(**inputs, fitted=[folder / "models/constant/0.npz"], predictions=[result], **about)
    return result


def evaluate_in(folder: Path, sets: SetParams | None, metrics: tuple[Any, ...] = ("accuracy",)) -> pd.DataFrame:
    source, result = predict_in(folder, sets), folder / "scores/constant/0.csv"
    about: dict[str, Any] = {"task": "classification", "scoring": EvaluateParams(metrics=metrics)}
    places = {"dataset": folder / "dataset.json", "index": folder / "prepared/index.csv"}
    evaluate(
        **places, predictions=[source], scores=[result], **about, predict=PredictParams(sets=sets, temperature=False)
    )
    return pd.read_csv(result)


@pytest.mark.parametrize(("coverage", "quantile"), [(0.7, 0.3), (0.8, 0.8), (0.9, 0.9), (0.95, 1.0)])
def test_sets_are_calibrated_on_the_validation_subset(tmp_path: Path, coverage: float, quantile: float) -> None:
    """Scores of the ten: .3 eight times, .8 and .9; the ranks are 8, 9, 10 and 11."""
    found = read_predictions(predict_in(tmp_path, SetParams(coverage=coverage)))
    assert found.quantile == pytest.approx(quantile)


def test_no_sets_are_made_where_none_are_asked_for(tmp_path: Path) -> None:
    assert read_predictions(predict_in(tmp_path, None)).quantile is None
    assert "covered" not in evaluate_in(tmp_path / "again", None)


def test_every_sample_is_scored_by_its_set_too(tmp_path: Path) -> None:
    scores = evaluate_in(tmp_path, SetParams(coverage=0.8))
    assert scores["accuracy"].tolist() == [1, 0, 0]
    assert scores["covered"].tolist() == [1, 1, 0] and scores["set_size"].tolist() == [2, 2, 2]


def test_scores_of_sets_are_metrics_where_they_are_chosen(tmp_path: Path) -> None:
    scores = evaluate_in(tmp_path, SetParams(coverage=0.7), metrics=("set_size", "accuracy", "covered"))
    assert scores.columns[-3:].tolist() == ["set_size", "accuracy", "covered"]
    assert scores["set_size"].tolist() == [1, 1, 1]


def test_pictures_of_a_folder_get_their_set(tmp_path: Path) -> None:
    write_inputs(tmp_path)
    given = PredictParams(sets=SetParams(method="lac"))
    pack(tmp_path / "packed", [tmp_path / "models/constant/0.npz"], 0.5, given, DataParams(masks=None), 0.85)
    assert load_packed(tmp_path / "packed").quantile == 0.85
    (tmp_path / "new").mkdir()
    Image.fromarray(np.full((4, 4), 9, "uint8")).save(tmp_path / "new/x.png")
    apply(tmp_path / "new", tmp_path / "out", model=str(tmp_path / "packed"))
    assert (tmp_path / "out/predictions.csv").read_text().splitlines() == [
        "image,class,confidence,second,second_confidence,set",
        "x,a,0.7,b,0.2,a|b",
    ]


def test_set_is_the_likeliest_class_where_there_are_no_sets(tmp_path: Path) -> None:
    write_inputs(tmp_path)
    pack(tmp_path / "packed", [tmp_path / "models/constant/0.npz"], 0.5, PredictParams(sets=None), DataParams())
    assert load_packed(tmp_path / "packed").choose_set(SHARES).tolist() == [True, False, False]
