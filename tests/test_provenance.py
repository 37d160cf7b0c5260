"""The record of a fit says what it came from, and its key which fit it is."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from pipeline.params import AugmentParams, ThresholdParams, TrainParams, UNetParams
from pipeline.provenance import (
    Record,
    complete_fit,
    describe_fit,
    flatten,
    git_state,
    hash_of_files,
    parent_key,
    read_record,
    write_record,
)


def a_record(**changes: Any) -> Record:
    sections: dict[str, Any] = {"model": UNetParams(name="unet"), "train": TrainParams(), "augment": AugmentParams()}
    about: dict[str, Any] = {"experiment": "rings", "seed": 0, "data_hash": "d", "split_hash": "s", "fold": "0"}
    return describe_fit(**sections | about | changes)


def test_parameters_are_flat() -> None:
    params = flatten(model=UNetParams(name="unet", kernel_size=(3, 3, 3, 5)), train=TrainParams())
    assert params["model.kernel_size"] == [3, 3, 3, 5]
    assert params["train.optimizer.learning_rate"] == 2e-3 and params["train.loss.mask.dice"] == 1.0


def test_same_fit_has_the_same_key() -> None:
    assert a_record()["key"] == a_record(device="gpu 0", backend="jax")["key"]


@pytest.mark.parametrize(
    "change",
    [
        {"experiment": "discs"},
        {"fold": "1"},
        {"seed": 1},
        {"data_hash": "e"},
        {"split_hash": "t"},
        {"train": TrainParams(samples=5000)},
        {"augment": AugmentParams(flip_vertical=True)},
        {"model": UNetParams(name="unet", depth=2)},
        {"model": ThresholdParams(name="unet")},
    ],
)
def test_another_fit_has_another_key(change: dict[str, Any]) -> None:
    assert a_record()["key"] != a_record(**change)["key"]


def test_folds_share_a_parent_whatever_their_searches_found() -> None:
    first = a_record(fold="0", train=TrainParams(batch_size=2), searched={"train.batch_size": 2})
    second = a_record(fold="1", train=TrainParams(batch_size=4), searched={"train.batch_size": 4})
    assert parent_key(first) == parent_key(second)
    assert parent_key(first) != parent_key(a_record(seed=1, searched={"train.batch_size": 2}))


def test_budget_in_minutes_is_not_reproducible() -> None:
    assert complete_fit(a_record(), seconds=1, stopped="budget")["reproducible"]
    assert not complete_fit(a_record(), seconds=1, stopped="minutes")["reproducible"]
    assert not complete_fit(a_record(), seconds=1, stopped="budget", search_was_cut=True)["reproducible"]


def test_seconds_of_killed_processes_count() -> None:
    assert complete_fit(a_record(), seconds=5, trained_seconds=60, stopped="budget")["seconds"] == 60
    assert complete_fit(a_record(), seconds=70, trained_seconds=60, stopped="budget")["seconds"] == 70


def test_record_can_be_read_back(tmp_path: Path) -> None:
    record = complete_fit(a_record(), seconds=1.5, stopped="early_stopping", best_epoch=3, notes=["halved"])
    write_record(tmp_path / "unet/0.json", record)
    assert read_record(tmp_path / "unet/0.json") == record
    assert [path.name for path in (tmp_path / "unet").iterdir()] == ["0.json"]


def test_git_state_tells_commit_and_dirt(tmp_path: Path) -> None:
    def git(*words: str) -> str:
        identity = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
        done = subprocess.run(["git", "-C", tmp_path, *identity, *words], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    assert git_state(tmp_path) == {"git_commit": "", "git_dirty": True}
    git("init")
    (tmp_path / "code.py").write_text("1")
    git("add", "code.py")
    git("commit", "-m", "Begin")
    assert git_state(tmp_path) == {"git_commit": git("rev-parse", "HEAD"), "git_dirty": False}
    (tmp_path / "code.py").write_text("2")
    assert git_state(tmp_path)["git_dirty"]


def test_hash_of_files_heeds_order_and_borders(tmp_path: Path) -> None:
    a, b, c = (tmp_path / name for name in "abc")
    a.write_text("12")
    b.write_text("3")
    c.write_text("1")
    assert hash_of_files([a, b]) == hash_of_files([a, b]) != hash_of_files([b, a])
    assert hash_of_files([a, b]) != hash_of_files([c, a])
