"""Samples without a mask get one, at the size of their files."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from pipeline.params import PredictParams, TrainParams
from pipeline.provenance import read_record, write_record
from pipeline.steps.segment import segment
from tests.discs import SIZE, a_disc, draw_experiment


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    draw_experiment(tmp_path)
    files = [path.as_posix() for path in tmp_path.glob("models/*/*.npz")]
    write_record(tmp_path / "registered.json", {"files": files, "threshold": 0.4, "quantile": None, "temperatures": []})
    return tmp_path


def segment_in(folder: Path) -> Path:
    models = sorted(folder.glob("models/*/*.npz"))
    sections = {"predict": PredictParams(), "train": TrainParams()}
    places = (folder / "registered.json", folder / "unlabelled", folder / "uncertainty/unlabelled.csv")
    segment(folder / "prepared/index.csv", models, *places, **sections, seed=0)
    return folder / "unlabelled"


def read_uncertainty(folder: Path) -> list[dict[str, Any]]:
    table = pd.read_csv(folder / "uncertainty/unlabelled.csv", dtype={"sample_id": str})
    return [{str(name): cell for name, cell in row.items()} for row in table.to_dict("records")]


def test_only_unlabelled_samples_are_segmented(folder: Path) -> None:
    unlabelled = segment_in(folder)
    assert sorted(path.name for path in unlabelled.iterdir()) == ["003.png", "predictions_maps.npy"]
    assert (np.asarray(Image.open(unlabelled / "003.png")) == 200 * a_disc(5)).all()
    assert np.load(unlabelled / "predictions_maps.npy").shape == (1, SIZE, SIZE)
    (row,) = read_uncertainty(folder)
    assert (row["sample_id"], row["head"], row["disagreement"]) == ("003", "mask", 0) and 0 < row["uncertainty"] < 1


def test_masks_have_the_size_of_the_files(folder: Path) -> None:
    index = pd.read_csv(folder / "prepared/index.csv", dtype={"sample_id": str})
    index.assign(original_height=2 * SIZE, original_width=3 * SIZE).to_csv(folder / "prepared/index.csv", index=False)
    mask = np.asarray(Image.open(segment_in(folder) / "003.png"))
    assert (mask == 200 * np.kron(a_disc(5), np.ones((2, 3)))).all()


def test_folder_is_empty_where_every_sample_has_a_mask(folder: Path) -> None:
    index = pd.read_csv(folder / "prepared/index.csv", dtype={"sample_id": str})
    index[index["mask_offset"] >= 0].to_csv(folder / "prepared/index.csv", index=False)
    assert not list(segment_in(folder).iterdir()) and read_uncertainty(folder) == []


def test_models_at_other_temperatures_disagree_where_that_parts_their_masks(folder: Path) -> None:
    about = read_record(folder / "registered.json")
    write_record(folder / "registered.json", about | {"temperatures": [{"mask": 0.05}, {"mask": 20.0}]})
    segment_in(folder)
    (row,) = read_uncertainty(folder)
    assert row["disagreement"] == pytest.approx(1 - 2 * a_disc(5).sum() / (a_disc(5).sum() + SIZE**2))
