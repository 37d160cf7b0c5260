"""A fit that was killed and gone on with ends as one that was not."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from pipeline.fitting.checkpoint import Progress, checkpoint_key, load_checkpoint, save_checkpoint
from tests.fitting.killed import BUDGET, STOPPED, Killed, fit_small, kill_at

pytestmark = pytest.mark.usefixtures("keras_backend")
Outcome = tuple[dict[str, np.ndarray], list[dict[str, float]], int, str]


@pytest.fixture(scope="module")
def uninterrupted(keras_backend: str) -> Outcome:
    return fit_small(None, is_diagnosed=True)


def assert_equal(found: Outcome, expected: Outcome) -> None:
    assert found[1:] == expected[1:]
    for name, weight in expected[0].items():
        np.testing.assert_array_equal(found[0][name], weight, err_msg=name)


def test_killed_fit_goes_on_to_the_same_end(uninterrupted: Outcome, tmp_path: Path) -> None:
    checkpoint = tmp_path / "0.npz"
    with pytest.raises(Killed):
        fit_small(checkpoint, kill_at(2), is_diagnosed=True)
    rows: list[dict[str, float]] = []
    assert_equal(fit_small(checkpoint, rows.append, is_diagnosed=True), uninterrupted)
    assert [row["epoch"] for row in rows] == [1, 2, 3, 4]


@pytest.mark.usefixtures("eager_steps")
def test_early_stopping_goes_on_counting(tmp_path: Path) -> None:
    whole = fit_small(None, train=STOPPED)
    assert (len(whole[1]), whole[2], whole[3]) == (4, 1, "early_stopping")
    with pytest.raises(Killed):
        fit_small(tmp_path / "0.npz", kill_at(3), STOPPED)
    assert_equal(fit_small(tmp_path / "0.npz", train=STOPPED), whole)


@pytest.mark.usefixtures("eager_steps")
def test_a_finished_fit_is_not_done_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    train = BUDGET.model_copy(update={"samples": 16})
    with pytest.raises(Killed):
        fit_small(tmp_path / "0.npz", kill_at(2), train)
    before = (tmp_path / "0.npz").stat().st_mtime_ns
    assert_equal(fit_small(tmp_path / "0.npz", train=train), fit_small(None, train=train))
    assert (tmp_path / "0.npz").stat().st_mtime_ns == before


@pytest.mark.slow
def test_a_real_kill_leaves_what_the_next_process_goes_on_from(uninterrupted: Outcome, tmp_path: Path) -> None:
    checkpoint = tmp_path / "0.npz"
    command = [sys.executable, "-m", "tests.fitting.killed", str(checkpoint)]
    killed = subprocess.run(command, check=False, cwd=Path(__file__).parents[2], capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    assert_equal(fit_small(checkpoint, is_diagnosed=True), uninterrupted)


@pytest.mark.usefixtures("eager_steps")
def test_training_goes_on_from_its_own_weights_not_the_averaged_ones() -> None:
    """Averaging decides what is validated and kept, and nothing of how the weights move."""
    plain = BUDGET.model_copy(update={"optimizer": BUDGET.optimizer.model_copy(update={"average": 0.0})})
    averaged, alone = fit_small(None)[1], fit_small(None, train=plain)[1]
    assert [row["loss"] for row in averaged] == [row["loss"] for row in alone]
    assert averaged[-1]["validation_loss"] != alone[-1]["validation_loss"]


def saved(path: Path, key: str = "a") -> list[Any]:
    variables = [
        keras.Variable(np.full((2, 3), 7.0, "float32")),
        keras.Variable(np.array([1, 2], "int32"), dtype="int32"),
    ]
    progress = Progress(key, epoch=2, best_loss=0.25, best_epoch=1, seconds=3.5, history=[{"epoch": 1.0}])
    save_checkpoint(path, progress, variables, [np.arange(3.0)])
    for variable in variables:
        variable.assign(np.zeros(variable.shape, variable.dtype))
    return variables


def test_checkpoint_holds_progress_variables_and_best(tmp_path: Path) -> None:
    variables = saved(tmp_path / "0.npz")
    progress, best = load_checkpoint(tmp_path / "0.npz", "a", variables)
    assert progress == Progress("a", 2, 0.25, 1, 3.5, [{"epoch": 1.0}])
    np.testing.assert_array_equal(best[0], np.arange(3.0))
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(variables[0]), np.full((2, 3), 7.0))
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(variables[1]), [1, 2])


@pytest.mark.parametrize("fault", ["missing", "other key", "cut", "torn", "empty", "text", "other shapes"])
def test_any_other_checkpoint_is_a_fresh_start(fault: str, tmp_path: Path) -> None:
    path = tmp_path / "0.npz"
    variables = saved(path, "b" if fault == "other key" else "a")
    content = bytearray(path.read_bytes())
    if fault == "missing":
        path.unlink()
    elif fault == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif fault == "torn":  # a byte of the last weights, which are read when the first have been
        content[content.rindex(np.arange(3.0).tobytes())] ^= 1
        path.write_bytes(content)
    elif fault in ("empty", "text"):
        path.write_text("" if fault == "empty" else "no archive")
    elif fault == "other shapes":
        variables = [keras.Variable(np.zeros((3, 3), "float32")), variables[1]]
    assert load_checkpoint(path, "a", variables) == (Progress("a"), [])
    assert not any(keras.ops.convert_to_numpy(variable).any() for variable in variables)


def test_checkpoint_key_tells_fits_apart() -> None:
    keys = {checkpoint_key("a", 4), checkpoint_key("a", 8), checkpoint_key("b", 4)}
    assert len(keys) == 3 and checkpoint_key("a", 4) in keys


def test_a_checkpoint_is_written_whole(tmp_path: Path) -> None:
    saved(tmp_path / "0.npz")
    before = (tmp_path / "0.npz").read_bytes()
    with pytest.raises(TypeError):
        save_checkpoint(tmp_path / "0.npz", Progress("a", history=[{"epoch": object()}]), [], [])  # type: ignore[dict-item]
    assert (tmp_path / "0.npz").read_bytes() == before
