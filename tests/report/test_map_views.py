"""Tiles of masks and depths show what target and prediction hold."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from pipeline.report import read_sheet
from pipeline.report.heads import MAP_VIEWS, Shown, Tile
from pipeline.report.sheet import DataSheet
from tests.experiments import draw_data, draw_params


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> DataSheet:
    """Samples of 16x16 whose upper four rows are ignored in the mask, and not measured in the depth."""
    params = draw_params(data={})
    folder = tmp_path_factory.mktemp("views")
    files = draw_data(folder, params, sequences=8, frames=2, size=16, channels=1, targets=("mask", "depth"))
    files.pop("page")
    return read_sheet(params=params, **files)


def see(tile: Tile) -> np.ndarray:
    data = base64.b64decode(tile.source.partition(",")[2])
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


def shown(place: int = 0, size_px: int = 64) -> Shown:
    return Shown(place, np.zeros((16, 16, 3), np.uint8), size_px)


def test_depth_is_told_by_one_scale_and_its_error_by_another(sheet: DataSheet) -> None:
    truth = sheet.arrays.depth(0)
    prediction = np.nan_to_num(truth)[..., None] + 0.2
    view = MAP_VIEWS["depth"](sheet, [(0, prediction)])
    depth, error = view.legend.scales
    assert (depth.low, depth.high) == pytest.approx((sheet.explored["depth"]["percentiles"]["1"], depth.high))
    assert (error.low, error.high) == pytest.approx((-0.2, 0.2), abs=1e-3)
    assert (depth.unit, error.unit) == ("m", "m")
    predicted, of_error = view.show_prediction(shown(), prediction, 0.5)
    assert (predicted.name, of_error.name) == ("depth", "error")
    picture = see(of_error)
    assert np.abs(picture[:3] - 96).max() < 12  # holes are grey
    assert (picture[5:, :, 2] > picture[5:, :, 1]).all()  # violet: predicted too far


def test_holes_have_no_part_in_the_scale_of_errors(sheet: DataSheet) -> None:
    prediction = np.full((16, 16, 1), 1000.0)
    prediction[4:] = sheet.arrays.depth(0)[4:, :, None] - 0.5
    view = MAP_VIEWS["depth"](sheet, [(0, prediction)])
    assert view.legend.scales[1].high == pytest.approx(0.5, abs=1e-3)


def test_without_a_prediction_the_scale_is_a_metre(sheet: DataSheet) -> None:
    assert MAP_VIEWS["depth"](sheet, []).legend.scales[1].high == 1.0


def test_mask_is_shown_with_its_contours(sheet: DataSheet) -> None:
    view = MAP_VIEWS["mask"](sheet, [])
    truth = see(view.show_truth(shown())[0])
    assert truth[0, 0].tolist() == [96, 96, 96]
    assert [name for name, _ in view.legend.keys] == ["contour of truth", "contour of prediction", "the same contour"]
    tiles = view.show_prediction(shown(), np.zeros((16, 16, 1), np.float16), 0.5)
    assert [(tile.name, tile.is_sharp) for tile in tiles] == [("probability", True), ("contours", False)]


@pytest.mark.parametrize("head", ["mask", "depth"])
def test_pictures_are_no_larger_than_asked(sheet: DataSheet, head: str) -> None:
    view = MAP_VIEWS[head](sheet, [])
    prediction = np.ones((16, 16, 1), np.float32)
    tiles = view.show_truth(shown(size_px=8)) + view.show_prediction(shown(size_px=8), prediction, 0.5)[:1]
    assert {see(tile).shape for tile in tiles} == {(8, 8, 3)}
