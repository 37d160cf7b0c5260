"""Predictions of another tool behind the protocol of models."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from pipeline.datasets.arrays import Arrays
from pipeline.fitting.control import FitControl, FitError, FitResult
from pipeline.imported import ImportFault
from pipeline.models import build_model, load_model, save_model
from pipeline.params import AugmentParams, ParamsError, PredictionsParams, PredictParams, TrainParams
from pipeline.params.reading import parse_params
from pipeline.predicting import Pairs, choose, find_known, predict_samples
from pipeline.tasks import build_task
from tests.drawn import describe, draw_arrays

ALL = np.arange(4)


def draw() -> Arrays:
    arrays = draw_arrays(samples=4)
    sizes = {"original_height": arrays.index["height"], "original_width": arrays.index["width"]}
    arrays.index = arrays.index.assign(**sizes)
    return arrays


def write(folder: Path, arrays: Arrays, positions: np.ndarray = ALL) -> Path:
    """The true masks, of the samples at some positions, as another tool would save them."""
    folder.mkdir(parents=True)
    for position in positions:
        name = arrays.index["sample_id"].iloc[position]
        Image.fromarray(255 * arrays.mask(position)).save(folder / f"{name}.png")
    return folder


def build(folder: Path | str, arrays: Arrays, fold: str = "0") -> tuple[Any, FitResult]:
    entry = PredictionsParams.model_validate({"kind": "predictions", "folder": str(folder), "values": "nonzero"})
    model: Any = build_model(entry, describe(), "segmentation", seed=0)
    control = FitControl(fold=fold)
    return model, model.fit(arrays, ALL[:2], ALL[2:3], TrainParams(), AugmentParams(), control)


def test_every_sample_gets_what_its_file_says_after_saving_and_loading(tmp_path: Path) -> None:
    arrays = draw()
    model, _ = build(write(tmp_path / "other", arrays), arrays)
    save_model(tmp_path / "0.npz", model, describe(), "segmentation")
    loaded, _, _ = load_model(tmp_path / "0.npz")
    for position, found in zip(ALL[::-1], predict_samples(loaded, arrays, ALL[::-1]), strict=True):
        np.testing.assert_array_equal(found["mask"][..., 0], arrays.mask(position))


def test_each_fold_reads_its_own_folder(tmp_path: Path) -> None:
    arrays = draw()
    for fold in "01":
        write(tmp_path / f"fold_{fold}", arrays, np.array([int(fold)]))
    for fold in (0, 1):
        model, result = build(tmp_path / "fold_{fold}", arrays, str(fold))
        assert list(find_known(model, arrays, ALL)) == [fold]
        (found,) = predict_samples(model, arrays, np.array([fold]))
        np.testing.assert_array_equal(found["mask"][..., 0], arrays.mask(fold))
        assert "predicted fold by fold" in result.notes[1]


def test_validation_samples_without_a_file_leave_the_threshold_even(tmp_path: Path) -> None:
    arrays = draw()
    model, _ = build(write(tmp_path / "fold_0", arrays, ALL[3:]), arrays)
    task, known = build_task("segmentation", describe()), find_known(model, arrays, ALL[2:3])
    assert choose(Pairs(model, arrays, known, task), task, PredictParams(), 0).threshold == 0.5


def test_all_missing_samples_are_told_before_any_is_read(tmp_path: Path) -> None:
    arrays = draw()
    model, _ = build(write(tmp_path / "other", arrays, ALL[:1]), arrays)
    with pytest.raises(ImportFault, match=r"3 of 4 samples to test have no file.*: 001, 002, 003"):
        next(predict_samples(model, arrays, ALL))


def test_notes_tell_files_and_doubt(tmp_path: Path) -> None:
    arrays = draw()
    folder = write(tmp_path / "other", arrays)
    _, first = build(folder, arrays)
    Image.fromarray(np.zeros_like(arrays.mask(0))).save(folder / "000.png")
    _, second = build(folder, arrays)
    assert first.notes[0].startswith("4 samples predicted elsewhere") and first.notes[0] != second.notes[0]
    assert "not known" in first.notes[1] and first.stopped == "imported"


def test_new_images_are_refused(tmp_path: Path) -> None:
    arrays = draw()
    model, _ = build(write(tmp_path / "other", arrays), arrays)
    with pytest.raises(FitError, match="cannot predict new images: use that tool"):
        model.predict(arrays.image(0)[None])


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"models": [{"kind": "predictions", "folder": "x"}]}, "add a model to hold them against"),
        ({"registry": {"model": "predictions"}}, r"registry\.model: predictions holds predictions of another tool"),
        (
            {"models": [{"kind": "constant"}, {"kind": "predictions", "folder": "x", "head": "depth"}]},
            "predictions learns depth, and task segmentation asks for mask",
        ),
    ],
)
def test_what_it_cannot_do_is_told_before_anything_runs(settings: dict[str, Any], told: str) -> None:
    models = [{"kind": "constant"}, {"kind": "predictions", "folder": "x"}]
    with pytest.raises(ParamsError, match=told):
        parse_params({"experiment": "a", "dataset": "a", "models": models, **settings})


def test_classes_of_a_table_are_what_is_predicted(tmp_path: Path) -> None:
    arrays = draw()
    arrays.index = arrays.index.assign(label=["even", "odd", "even", "odd"])
    rows = pd.DataFrame({"sample_id": arrays.index["sample_id"], "odd": [0.25, 1, 0, 0.5], "even": [0.75, 0, 1, 0.5]})
    rows.to_csv(tmp_path / "predictions.csv", index=False)
    entry = PredictionsParams.model_validate({"kind": "predictions", "folder": str(tmp_path)})
    model: Any = build_model(entry, describe(), "classification", seed=0)
    result = model.fit(arrays, ALL[:2], ALL[2:3], TrainParams(), AugmentParams(), FitControl(fold="0"))
    found = [prediction["label"].tolist() for prediction in predict_samples(model, arrays, ALL[:2])]
    assert found == [[0.75, 0.25], [0, 1]]
    assert result.notes[0].startswith("4 samples predicted elsewhere")
