"""Fitted models together: mean probabilities, clips, sizes and grey values."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import expit, logit

from pipeline.datasets.faults import DataError
from pipeline.datasets.manifest import Dataset
from pipeline.ensemble import Ensemble
from pipeline.models import load_model
from pipeline.packing import choose_files, load_packed, pack
from pipeline.params import DataParams, PredictParams
from tests.discs import draw_experiment

DATASET = Dataset(1, "uint8", (0, 200), ("background", "disc"), "d" * 64, "folders")


class Brightness:
    """Says of each pixel the mean brightness over the clip's frames, over 255."""

    def __init__(self, clip: int = 1) -> None:
        self.clip = clip

    def predict(self, clip: np.ndarray) -> dict[str, np.ndarray]:
        assert len(clip) == self.clip
        return {"mask": (clip.mean(axis=0) / 255).astype("float32")}


def an_ensemble(*models: Any, **changes: Any) -> Ensemble:
    return Ensemble(models, **{"dataset": DATASET, "task": "segmentation", "threshold": 0.5} | changes)


def frames(values: Sequence[int]) -> list[np.ndarray]:
    return [np.full((2, 3, 1), value, np.uint8) for value in values]


def test_probabilities_are_the_mean_of_the_models() -> None:
    maps = an_ensemble(Brightness(), Brightness(clip=2)).predict(np.stack(frames([0, 255])))["mask"]
    assert maps.shape == (2, 3, 1) and maps.dtype == np.float32 and np.allclose(maps, 0.75)


def test_beginning_of_a_sequence_repeats_the_first_frame() -> None:
    maps = an_ensemble(Brightness(clip=3)).predict_frames(frames([51, 102, 255]))
    assert np.allclose([found["mask"][0, 0, 0] for found in maps], [0.2, (51 + 51 + 102) / 765, 408 / 765])


def test_images_are_resized_in_and_maps_back() -> None:
    image = np.repeat([[0, 255]], 2, axis=0).astype(np.uint8)[None, ..., None]
    maps = an_ensemble(Brightness(), data=DataParams(resize=(4, 8))).predict(image)["mask"]
    assert maps.shape == (2, 2, 1) and (maps[:, 0] < 0.5).all() and (maps[:, 1] > 0.5).all()


@pytest.mark.parametrize(("values", "expected"), [((0, 200), [0, 200]), ((255, 0), [255, 0]), ((0, 60000), [0, 1])])
def test_masks_have_the_grey_values_of_the_files(values: tuple[int, int], expected: list[int]) -> None:
    ensemble = an_ensemble(Brightness(), dataset=Dataset(1, "uint8", values, ("a", "b"), "", ""))
    mask = ensemble.to_file(np.array([[[0.4], [0.5]]], np.float32))
    assert mask.dtype == np.uint8 and mask.tolist() == [expected]


def test_image_unlike_those_learnt_from_is_refused() -> None:
    with pytest.raises(DataError, match="has 3 channels of uint8, the model learnt from 1 channels of uint8"):
        an_ensemble(Brightness()).predict(np.zeros((1, 2, 2, 3), np.uint8))


def test_files_of_one_model_come_in_the_order_of_folds() -> None:
    paths = [Path(f"models/{model}/{fold}.npz") for model in ("a", "b") for fold in ("10", "2", "refit")]
    assert [path.as_posix() for path in choose_files(paths, "b", "ensemble")] == ["models/b/2.npz", "models/b/10.npz"]
    assert choose_files(paths, "b", "refit") == [Path("models/b/refit.npz")]
    with pytest.raises(DataError, match="no fitted refit of c"):
        choose_files(paths, "c", "refit")


def test_packed_models_are_the_same_again(tmp_path: Path) -> None:
    draw_experiment(tmp_path)
    data = DataParams(channels=("left", "right"), ordered=True, resize=(8, 8))
    pack(tmp_path / "packed", sorted(tmp_path.glob("models/*/*.npz")), 0.4, PredictParams(), data)
    ensemble = load_packed(tmp_path / "packed")
    assert (len(ensemble.models), ensemble.threshold, ensemble.data) == (2, 0.4, data)


def test_images_are_standardized_where_those_of_the_fits_were() -> None:
    image = np.random.default_rng(0).integers(0, 100, (1, 8, 8, 1)).astype("uint8")
    ensemble = an_ensemble(Brightness(), data=DataParams(standardize=True))
    assert np.array_equal(ensemble.predict(image)["mask"], ensemble.predict(image * 2)["mask"])


def test_each_model_is_brought_to_its_temperature(tmp_path: Path) -> None:
    draw_experiment(tmp_path)
    paths, clip = sorted(tmp_path.glob("models/*/*.npz")), np.full((1, 2, 2, 1), 200, np.uint8)
    (raw,) = {float(load_model(path)[0].predict(clip)["mask"].max()) for path in paths}
    pack(tmp_path / "packed", paths, 0.4, PredictParams(), DataParams(), temperatures=[{"mask": 2.0}, {"mask": 0.5}])
    found = load_packed(tmp_path / "packed").predict(clip)["mask"]
    assert np.allclose(found, np.mean([expit(logit(raw) / 2), expit(logit(raw) * 2)])) and not np.allclose(found, raw)


def test_models_packed_before_there_were_temperatures_are_as_they_were(tmp_path: Path) -> None:
    draw_experiment(tmp_path)
    pack(tmp_path / "packed", sorted(tmp_path.glob("models/*/*.npz")), 0.4, PredictParams(), DataParams())
    settings = json.loads((tmp_path / "packed/ensemble.json").read_text())
    del settings["temperatures"]
    (tmp_path / "packed/ensemble.json").write_text(json.dumps(settings))
    assert load_packed(tmp_path / "packed").temperatures == ()
