"""The step that tells how far probabilities can be believed."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.calibration import scale
from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.predictions import write_predictions
from pipeline.params import CompareParams, SplitParams
from pipeline.steps.gauge import gauge
from pipeline.uncertainty import doubt_mask
from tests.prepared import Prepared, write_prepared

TEMPERATURES = {"0": 2.0, "1": 3.0}


def told_of(mask: np.ndarray) -> np.ndarray:
    """Probabilities that are right everywhere and not sure of it."""
    return np.where(mask[..., None] == 1, 0.8, 0.1).astype("float32")


def gauge_in(folder: Path, calibrated: bool = True) -> tuple[Prepared, list[pd.DataFrame]]:
    """Two folds of one model of masks, and a model of depths alone."""
    prepared = write_prepared(folder)
    arrays, paths = open_arrays(folder / "prepared"), []
    for fold, sample_id in (("0", "004"), ("1", "005")):
        paths.append(folder / f"predictions/unet/{fold}.npz")
        (place,) = arrays.positions([sample_id])
        temperatures = {"mask": TEMPERATURES[fold]} if calibrated else {}
        prediction = {"mask": told_of(arrays.mask(int(place)))}
        write_predictions(paths[-1], 0.5, [(sample_id, prediction)], None, temperatures)
    paths.append(folder / "predictions/depths/0.npz")
    write_predictions(paths[-1], 0.5, [("004", {"depth": np.ones((16, 16, 1))})])
    results = [folder / f"{name}.csv" for name in ("calibration", "reliability", "uncertainty")]
    places = (prepared.facts["dataset"], prepared.inputs["index"], paths, *results)
    gauge(*places, task="segmentation", split=SplitParams(), compare=CompareParams(), seed=0)
    return prepared, [pd.read_csv(path, dtype={"sample_id": str, "fold": str}) for path in results]


def test_error_is_told_before_and_after_the_temperature(tmp_path: Path) -> None:
    prepared, (calibration, reliability, _) = gauge_in(tmp_path)
    assert calibration["model"].unique().tolist() == ["unet"] and len(calibration) == 4
    masks = open_arrays(prepared.folder / "prepared")
    share = np.array([(masks.mask(place) == 1).mean() for place in (4, 5)])
    errors = calibration.set_index(["state", "bins"])["error"]
    assert errors["after", "equal_width"] == pytest.approx((0.2 * share + 0.1 * (1 - share)).mean(), abs=1e-3)
    before = [1 - scale(np.array([0.8]), 1 / heat)[0] for heat in TEMPERATURES.values()]
    empty = [scale(np.array([0.1]), 1 / heat)[0] for heat in TEMPERATURES.values()]
    assert errors["before", "equal_width"] == pytest.approx((before * share + empty * (1 - share)).mean(), abs=1e-3)
    row = calibration.iloc[0]
    assert (row["temperature_low"], row["temperature"], row["temperature_high"]) == (2, 2.5, 3)
    assert (row["samples"], row["count"], row["units"]) == (2, 512, 2) and np.isnan(row["low"])
    assert (reliability.groupby(["state", "bins"])["count"].sum() == 512).all()


def test_nothing_changes_where_there_was_no_temperature(tmp_path: Path) -> None:
    _, (calibration, _, _) = gauge_in(tmp_path, calibrated=False)
    errors = calibration.set_index(["state", "bins"])["error"]
    assert errors["before", "equal_width"] == errors["after", "equal_width"] and (calibration["temperature"] == 1).all()


def test_every_test_sample_has_the_uncertainty_of_its_own_fold(tmp_path: Path) -> None:
    prepared, (_, _, uncertainty) = gauge_in(tmp_path)
    masks = open_arrays(prepared.folder / "prepared")
    assert uncertainty[["model", "fold", "sample_id", "head"]].to_numpy().tolist() == [
        ["unet", "0", "004", "mask"],
        ["unet", "1", "005", "mask"],
    ]
    expected = [doubt_mask(told_of(masks.mask(place)), 0.5) for place in (4, 5)]
    assert uncertainty["uncertainty"].to_numpy() == pytest.approx(expected, abs=1e-3)
