"""The baseline that sees brightness alone."""

import numpy as np
import pytest
from skimage.filters import threshold_otsu

from pipeline.models import Model, build_model
from pipeline.models.threshold import otsu_thresholds
from pipeline.params import ThresholdParams
from tests.drawn import describe, draw_arrays, gather
from tests.models.test_contract import dice_of, fit


def build(classes: int = 2, channels: int = 1) -> Model:
    entry = ThresholdParams(name="threshold", method="otsu", smoothing_px=0)
    return build_model(entry, describe(channels, classes), "segmentation", seed=0)


def test_otsu_parts_every_image_by_its_own_brightness() -> None:
    """One threshold for both images would miss one of them: what is bright in the first is dark in the second."""
    mask = np.zeros((16, 16), "uint8")
    mask[4:9, 4:9] = 1
    arrays = gather([((20 + 40 * mask + base)[..., None].astype("uint8"), mask) for base in (0, 120)])
    model = build()
    fit(model, arrays)
    assert dice_of(model, arrays) == 1


def test_otsu_finds_dark_foreground_in_the_channel_that_shows_it() -> None:
    mask = np.zeros((16, 16), "uint8")
    mask[4:9, 4:9] = 1
    noise = np.random.default_rng(0).integers(0, 255, (16, 16))
    arrays = gather([(np.stack([noise, 200 - 90 * mask], axis=-1).astype("uint8"), mask)])
    model = build(channels=2)
    fit(model, arrays)
    assert dice_of(model, arrays) == 1


def test_otsu_tells_three_classes() -> None:
    arrays = draw_arrays(classes=3, samples=4)
    model = build(classes=3)
    fit(model, arrays)
    assert dice_of(model, arrays) > 0.95


def test_otsu_agrees_with_scikit_image_on_two_classes() -> None:
    values = np.random.default_rng(0).normal([[0], [5]], 1, (2, 500))
    assert otsu_thresholds(values, 2) == pytest.approx(threshold_otsu(values), abs=0.1)


def test_otsu_of_an_even_image_parts_nothing() -> None:
    assert build().predict(np.full((1, 8, 8, 1), 7, "uint8"))["mask"].shape == (8, 8, 1)
    assert len(otsu_thresholds(np.full((8, 8), 7.0), 2)) == 0
