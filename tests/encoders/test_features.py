"""Features of pictures as they are: all of them, once, none depending on another picture."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import keras
import numpy as np
import pytest

from pipeline.datasets.arrays import Arrays
from pipeline.datasets.resizing import resize_image
from pipeline.encoders import check_channels, check_pictures, keep_features, take_features
from pipeline.encoders.features import BATCH, to_encoder_range
from pipeline.fitting.control import FitError
from tests.pictures import draw_pictures, write_pictures

pytestmark = pytest.mark.usefixtures("keras_backend")
COUNT = BATCH + 3
"""More than a batch, and not a multiple of it: the last batch must not be dropped."""


@pytest.fixture
def extractor(keras_backend: str) -> keras.Model:
    keras.utils.set_random_seed(0)
    layers = [keras.layers.Conv2D(4, 3, activation="relu"), keras.layers.GlobalAveragePooling2D()]
    return keras.Sequential([keras.Input((16, 16, 3)), *layers])


def kept(folder: Path, extractor: keras.Model, pictures: list[np.ndarray], settings: str = "") -> np.ndarray:
    return keep_features(write_pictures(folder, pictures), folder, extractor, settings)


def files_of(folder: Path) -> list[Path]:
    return sorted((folder / "features").glob("*.npy"))


def test_features_are_of_every_sample_as_if_it_stood_alone(tmp_path: Path, extractor: keras.Model) -> None:
    pictures = draw_pictures(COUNT)
    features = kept(tmp_path, extractor, pictures)
    alone = [np.asarray(extractor(resize_image(picture.astype("float32"), 16, 16)[None]))[0] for picture in pictures]
    assert features.shape == (COUNT, 4)
    np.testing.assert_allclose(features, alone, rtol=1e-5)


def test_features_are_taken_once(tmp_path: Path, extractor: keras.Model) -> None:
    arrays = write_pictures(tmp_path, draw_pictures(4))
    first = keep_features(arrays, tmp_path, extractor, "")
    (path,) = files_of(tmp_path)
    written = path.stat().st_mtime_ns
    second = keep_features(arrays, tmp_path, extractor, "")
    assert files_of(tmp_path) == [path] and path.stat().st_mtime_ns == written
    np.testing.assert_array_equal(first, second)
    assert isinstance(second, np.memmap)


def test_jobs_that_ask_at_once_share_one_file(tmp_path: Path, extractor: keras.Model) -> None:
    arrays = write_pictures(tmp_path, draw_pictures(4))
    with ThreadPoolExecutor(3) as jobs:
        found = list(jobs.map(lambda _: np.array(keep_features(arrays, tmp_path, extractor, "")), range(3)))
    assert len(files_of(tmp_path)) == 1
    for features in found:
        np.testing.assert_array_equal(features, found[0])


def test_what_a_killed_job_left_is_not_taken_for_features(tmp_path: Path, extractor: keras.Model) -> None:
    pictures = draw_pictures(4)
    whole = np.array(kept(tmp_path, extractor, pictures))
    (path,) = files_of(tmp_path)
    path.unlink()
    path.with_suffix(".part").write_bytes(b"half")
    np.testing.assert_array_equal(kept(tmp_path, extractor, pictures), whole)
    assert not list((tmp_path / "features").glob("*.part"))


def test_other_pictures_weights_or_settings_have_features_of_their_own(tmp_path: Path, extractor: keras.Model) -> None:
    pictures = draw_pictures(4)
    kept(tmp_path, extractor, pictures)
    kept(tmp_path, extractor, pictures, settings="other")
    kept(tmp_path, extractor, [pictures[0] // 2, *pictures[1:]])
    extractor.set_weights([2 * weight for weight in extractor.get_weights()])
    kept(tmp_path, extractor, pictures)
    assert len(files_of(tmp_path)) == 4


def test_no_picture_changes_the_features_of_another(tmp_path: Path, extractor: keras.Model) -> None:
    pictures = draw_pictures(COUNT)
    before = kept(tmp_path / "before", extractor, pictures)
    after = kept(tmp_path / "after", extractor, [255 - pictures[0], *pictures[1:]])
    assert not np.allclose(before[0], after[0])
    np.testing.assert_array_equal(before[1:], after[1:])


@pytest.mark.parametrize(("dtype", "white"), [("uint8", 255), ("uint16", 65535), ("float32", 1)])
def test_white_is_255_whatever_the_type(dtype: str, white: float) -> None:
    picture = np.full((4, 4, 1), white, dtype)
    np.testing.assert_allclose(to_encoder_range(picture, (2, 2)), np.full((2, 2, 3), 255.0))


def test_grey_pictures_are_repeated(extractor: keras.Model) -> None:
    grey = draw_pictures(1)[0][..., :1]
    (one,), (other,) = (take_features(extractor, [picture]) for picture in (grey, np.repeat(grey, 3, axis=-1)))
    np.testing.assert_array_equal(one, other)


# fmt: off
@pytest.mark.parametrize(("picture", "fault"), [
    (np.zeros((4, 4, 3), "int16"), "pictures of int16 have no known white"),
    (np.full((4, 4, 3), 7, "float32"), "must lie in 0 to 1 for a pretrained encoder, these lie in 7 to 7"),
])
def test_pictures_that_an_encoder_cannot_take_are_told(picture: np.ndarray, fault: str, tmp_path: Path) -> None:
    arrays: Arrays = write_pictures(tmp_path, [picture])
    with pytest.raises(FitError, match=fault):
        check_pictures(arrays, np.array([0]))
# fmt: on


def test_pictures_that_are_neither_grey_nor_colour_are_told() -> None:
    with pytest.raises(FitError, match="these pictures have 4: name the folders or channels"):
        check_channels(4)
