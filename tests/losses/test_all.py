"""What holds of every loss: value and gradient are those of its formula, on both backends; what is ignored is ignored."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import keras
import numpy as np
import pytest

from pipeline.datasets.arrays import IGNORED
from pipeline.params import DepthLoss, LabelLoss, MaskLoss
from tests.losses.cases import CASES, Array, Case
from tests.losses.slopes import slope, value, write_all

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.usefixtures("keras_backend")


def is_ignored(y_true: Array) -> Array:
    return np.isnan(y_true) if y_true.dtype.kind == "f" else np.isin(y_true, [IGNORED, -1])


def ignored_like(y_true: Array) -> Array:
    return np.full_like(y_true, {1: -1, 3: IGNORED}[y_true.ndim] if y_true.dtype.kind == "i" else np.nan)


def finite_differences(case: Case) -> Array:
    """The slope of the formula in NumPy, in float64, at a hundred or two of the logits; NaN at the others."""
    logits = case.y_pred.astype("float64")
    found = np.full_like(logits, np.nan)
    for place in list(np.ndindex(logits.shape))[:: 1 + logits.size // 200]:
        step = np.zeros_like(logits)
        step[place] = 1e-5
        rise = case.reference(case.y_true, logits + step) - case.reference(case.y_true, logits - step)
        found[place] = rise / 2e-5
    return found


def test_every_loss_has_its_case() -> None:
    names = {tuple(name.split()[:2]) for name in CASES}
    for head, losses in {"mask": MaskLoss, "depth": DepthLoss, "label": LabelLoss}.items():
        assert {(head, name) for name in get_args(losses)} == {pair for pair in names if pair[0] == head}


@pytest.mark.parametrize("name", CASES)
def test_value_is_that_of_the_formula(name: str) -> None:
    case = CASES[name]
    expected = case.reference(case.y_true, case.y_pred.astype("float64"))
    assert value(case.loss, case.y_true, case.y_pred) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("name", CASES)
def test_slope_is_that_of_the_formula(name: str) -> None:
    case = CASES[name]
    found = slope(case.loss, case.y_true, case.y_pred)
    expected = finite_differences(case)
    np.testing.assert_allclose(np.where(np.isnan(expected), np.nan, found), expected, rtol=1e-3, atol=2e-6)
    assert np.abs(found).max() > 1e-4
    assert not found[is_ignored(case.y_true)].any()


@pytest.mark.parametrize("name", CASES)
def test_what_is_ignored_changes_nothing(name: str) -> None:
    case = CASES[name]
    moved = case.y_pred + 20 * is_ignored(case.y_true)[..., None]
    whole = value(case.loss, case.y_true, case.y_pred)
    assert value(case.loss, case.y_true, moved) == pytest.approx(whole, rel=1e-5)


@pytest.mark.parametrize("name", CASES)
def test_nothing_counted_is_no_loss(name: str) -> None:
    case = CASES[name]
    y_true = ignored_like(case.y_true)
    assert value(case.loss, y_true, case.y_pred) == pytest.approx(0, abs=1e-5)
    assert not slope(case.loss, y_true, case.y_pred).any()


@pytest.mark.parametrize("name", CASES)
def test_slopes_are_finite_where_a_network_is_sure(name: str) -> None:
    case = CASES[name]
    for y_pred in (60 * case.y_pred, -60 * case.y_pred):
        assert np.isfinite(value(case.loss, case.y_true, y_pred))
        assert np.isfinite(slope(case.loss, case.y_true, y_pred)).all()


def perfect(y_true: Array, channels: int) -> Array:
    """Logits of the truth."""
    if y_true.dtype.kind == "f":
        return np.log(np.expm1(np.nan_to_num(y_true, nan=1.0)))[..., None]
    classes = [1] if channels == 1 else range(channels)
    return np.stack([np.where(y_true == index, 30.0, -30.0) for index in classes], axis=-1)


@pytest.mark.parametrize("name", [name for name in CASES if "weighted" not in name])
def test_a_perfect_prediction_costs_nothing(name: str) -> None:
    case = CASES[name]
    y_pred = perfect(case.y_true, case.y_pred.shape[-1])
    assert value(case.loss, case.y_true, y_pred) == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize("name", CASES)
def test_losses_are_float32_of_shorter_logits(name: str) -> None:
    case = CASES[name]
    logits: Any = keras.ops.cast(case.y_pred, "bfloat16")
    found = case.loss(case.y_true, logits)
    rounded = keras.ops.convert_to_numpy(keras.ops.cast(logits, "float32"))
    assert keras.backend.standardize_dtype(found.dtype) == "float32"
    assert float(keras.ops.convert_to_numpy(found)) == value(case.loss, case.y_true, rounded)


def test_jax_gives_the_same_values_and_slopes(tmp_path: Path, keras_backend: str) -> None:
    if keras_backend != "tensorflow":
        pytest.skip("the comparison starts from TensorFlow")
    pytest.importorskip("jax")
    write_all(tmp_path / "ours.npz")
    done = subprocess.run(
        [sys.executable, "-m", "tests.losses.slopes", str(tmp_path / "theirs.npz")],
        cwd=ROOT,
        env=os.environ
        | {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu", "XLA_FLAGS": "--xla_backend_optimization_level=0"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    with np.load(tmp_path / "ours.npz") as ours, np.load(tmp_path / "theirs.npz") as theirs:
        assert len(ours.files) == 2 * len(CASES)
        for name in ours.files:
            np.testing.assert_allclose(theirs[name], ours[name], rtol=1e-4, atol=2e-6, err_msg=name)
