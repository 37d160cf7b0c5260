"""The baseline that networks have to beat."""

from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from pipeline.datasets.arrays import Arrays
from pipeline.filters import filter_features, filter_tiles
from pipeline.fitting.control import FitControl, FitError
from pipeline.models import build_model
from pipeline.models.forest import draw_pixels
from pipeline.params import AugmentParams, ForestParams, ModelParams, PredictParams, TrainParams
from pipeline.params.tasks import TaskKind
from tests.drawn import describe, draw_arrays, gather
from tests.models.test_contract import dice_of
from tests.pictures import describe_pictures, draw_pictures, write_pictures

SMALL = {"n_estimators": 8, "sigma_max": 2}


def build(
    classes: int = 2, channels: int = 1, predict: PredictParams = PredictParams(), task: TaskKind = "segmentation",
    **settings: Any,
) -> Any:  # fmt: skip
    entry = TypeAdapter[ModelParams](ModelParams).validate_python({"kind": "forest", **SMALL, **settings})
    dataset = describe(channels, classes) if task == "segmentation" else describe_pictures(channels)
    return build_model(entry, dataset, task, seed=0, predict=predict)


def fit(model: Any, arrays: Arrays, threads: int = 1) -> Any:
    everything = np.arange(len(arrays))
    params = TrainParams(threads=threads)
    return model.fit(arrays, everything, everything[:0], params, AugmentParams(), FitControl())


def draw_stripes(seed: int, size: int = 32) -> tuple[np.ndarray, np.ndarray]:
    """Fine stripes on one side of a random line, an even grey of the same mean on the other."""
    mask = np.zeros((size, size), "uint8")
    mask[:, np.random.default_rng(seed).integers(10, 22) :] = 1
    stripes = 120 + 40 * np.where(np.arange(size)[:, None] % 2, 1, -1) * mask
    return stripes[..., None].astype("uint8"), mask


def test_forest_tells_texture_that_brightness_does_not() -> None:
    model = build()
    fit(model, gather([draw_stripes(seed) for seed in range(3)]))
    assert dice_of(model, gather([draw_stripes(seed) for seed in (7, 8)])) > 0.97


def test_forest_tells_pictures_by_their_texture(tmp_path: Any) -> None:
    model = build(task="classification", channels=3, size=[16, 16])
    fit(model, write_pictures(tmp_path, draw_pictures(24)))
    found = [int(model.predict(picture[None])["label"].argmax()) for picture in draw_pictures(20, seed=1)]
    assert np.mean([label == row % 2 for row, label in enumerate(found)]) >= 0.9


@pytest.mark.parametrize(("height", "width"), [(40, 33), (12, 50)])
def test_tiles_give_what_the_whole_image_does(height: int, width: int) -> None:
    image = np.random.default_rng(0).integers(0, 255, (height, width, 2)).astype("uint8")
    entry = ForestParams(name="forest", sigma_max=4)
    whole = filter_features(image, entry)
    tiled = np.zeros_like(whole)
    for place, features in filter_tiles(image, entry, (9, 14)):
        assert max(features.shape[:2]) <= 14
        tiled[place] = features
    np.testing.assert_array_equal(tiled, whole)


def test_model_is_the_same_whatever_tiles_and_threads() -> None:
    arrays, states, maps = draw_arrays(channels=2), [], []
    for threads, tile in ((1, (512, 512)), (3, (7, 5))):
        model = build(channels=2, predict=PredictParams(tile=tile))
        fit(model, arrays, threads)
        states.append(model.state()["mask"])
        maps.append(model.predict(arrays.image(0)[None])["mask"])
    np.testing.assert_array_equal(states[0], states[1])
    np.testing.assert_array_equal(maps[0], maps[1])


def test_ignored_pixels_teach_nothing() -> None:
    """What is bright is foreground, but for half of it that is labelled background in one mask and ignored in the other."""
    mask = np.zeros((16, 16), "uint8")
    mask[:8] = 1
    image = (60 + 120 * mask)[..., None].astype("uint8")
    wrong, ignored = mask.copy(), mask.copy()
    wrong[:8, 8:], ignored[:8, 8:] = 0, 255
    corner = [build() for _ in range(2)]
    for model, labelled in zip(corner, (wrong, ignored), strict=True):
        fit(model, gather([(image, labelled)]))
    told = [float(model.predict(image[None])["mask"][:6, 10:].mean()) for model in corner]
    assert told[0] == pytest.approx(0.5, abs=0.15) and told[1] > 0.9


def test_pixels_are_drawn_alike_from_each_class_and_weigh_what_they_stand_for() -> None:
    mask = np.zeros((10, 11), "uint8")
    mask[0, :4] = 1
    mask[:, 10] = 255
    weights = draw_pixels(mask, 8, np.random.default_rng(0))
    assert sorted(weights[mask == 1]) == [1, 1, 1, 1]
    assert sorted(weights[mask == 0])[-5:] == [0, 24, 24, 24, 24]
    assert not weights[mask == 255].any()


def test_probabilities_are_those_of_the_images_unless_classes_are_balanced() -> None:
    """Noise tells nothing: the share of foreground is all there is to say."""
    random = np.random.default_rng(0)
    mask = (random.random((40, 40)) < 0.1).astype("uint8")
    arrays = gather([(random.integers(0, 255, (40, 40, 1)).astype("uint8"), mask)])
    new = random.integers(0, 255, (1, 30, 30, 1)).astype("uint8")
    means = []
    for weight in (None, "balanced"):
        model = build(class_weight=weight, pixels=2000, n_estimators=30)
        fit(model, arrays)
        means.append(float(model.predict(new)["mask"].mean()))
    assert means[0] == pytest.approx(0.1, abs=0.04) and means[1] > 0.3


def test_class_that_no_training_image_has_gets_nothing() -> None:
    model = build(classes=3)
    fit(model, draw_arrays(classes=2))
    assert not model.predict(draw_arrays(classes=3).image(0)[None])["mask"][..., 2].any()


def test_images_without_foreground_make_no_fuss() -> None:
    model = build()
    fit(model, gather([(np.full((8, 8, 1), 9, "uint8"), np.zeros((8, 8), "uint8"))]))
    assert not model.predict(np.full((1, 8, 8, 1), 9, "uint8"))["mask"].any()


def test_masks_without_a_counted_pixel_are_refused() -> None:
    with pytest.raises(FitError, match="no pixel of the 1 training masks counts"):
        fit(build(), gather([(np.zeros((8, 8, 1), "uint8"), np.full((8, 8), 255, "uint8"))]))


def test_some_of_many_images_are_learnt_from() -> None:
    few, many = build(images=2), build(images=None)
    for model in (few, many):
        fit(model, draw_arrays(samples=6))
    assert few.state()["mask"].size < many.state()["mask"].size


def test_filters_are_checked() -> None:
    with pytest.raises(ValidationError, match="no filter is on"):
        ForestParams(name="f", intensity=False, edges=False, texture=False)
    with pytest.raises(ValidationError, match=r"sigma_min 4\.0 is above sigma_max 2\.0"):
        ForestParams(name="f", sigma_min=4, sigma_max=2)
