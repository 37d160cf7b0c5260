"""Runs are found again, hold every epoch once, and survive a crowded start."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pipeline.params import AugmentParams, TrackingParams, TrainParams, UNetParams
from pipeline.provenance import Record, complete_fit, describe_fit, origin_of
from pipeline.tracking import track_fit, track_trial
from pipeline.tracking.fits import open_fit
from pipeline.tracking.runs import SUPERSEDED
from pipeline.tracking.store import Store, connect, tracking_uri

TRACKING = TrackingParams()


pytestmark = pytest.mark.usefixtures("root")


def a_record(fold: str = "0", **changes: Any) -> Record:
    sections: dict[str, Any] = {"train": TrainParams(), "augment": AugmentParams()}
    about: dict[str, Any] = {
        "experiment": "rings",
        "backend": "tensorflow",
        "seed": 0,
        "data_hash": "d" * 64,
        "split_hash": "s" * 64,
    }
    return describe_fit(model=UNetParams(name="unet"), fold=fold, **sections | about | changes)


def a_row(epoch: int, loss: float) -> dict[str, Any]:
    return {"epoch": epoch, "samples": 400 * epoch, "loss": loss, "validation_score": "", "seconds": 1.5}


def done(record: Record) -> Record:
    return complete_fit(record, seconds=3, stopped="budget", best_epoch=2)


def runs_named(name: str, experiment: str = "rings") -> list[Any]:
    store: Store = connect(TRACKING, experiment)
    return [run for run in store.client.search_runs([store.experiment_id]) if run.info.run_name == name]


def losses(run: Any) -> list[tuple[int, float]]:
    client = connect(TRACKING, "rings").client
    return [(metric.step, metric.value) for metric in client.get_metric_history(run.info.run_id, "loss")]


def test_uri_is_the_parameter_then_the_variable_then_the_root(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tracking_uri(TRACKING) == f"sqlite:///{root}/mlflow.db"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///elsewhere.db")
    assert tracking_uri(TRACKING) == f"sqlite:///{root}/elsewhere.db"
    assert tracking_uri(TrackingParams(uri="http://host:5000")) == "http://host:5000"


def test_fit_is_a_run_below_its_model() -> None:
    record = a_record()
    with track_fit(TRACKING, record) as run:
        run.log_epoch(a_row(1, 0.5))
        run.log_epoch(a_row(2, 0.25))
        run.finish(done(record))
    (fit,), (parent,) = runs_named("unet/0"), runs_named("unet")
    assert fit.info.status == "FINISHED"
    assert losses(fit) == [(1, 0.5), (2, 0.25)]
    assert fit.data.params["model.depth"] == "3" and fit.data.params["train.batch_size"] == "8"
    assert fit.data.metrics["best_epoch"] == 2 and "validation_score" not in fit.data.metrics
    assert fit.data.tags["foldwise.data_hash"] == "d" * 64 and fit.data.tags["foldwise.reproducible"] == "true"
    assert fit.data.tags["mlflow.parentRunId"] == parent.info.run_id
    assert fit.inputs.dataset_inputs[0].dataset.digest == "d" * 36


def test_folds_share_one_model_run_even_after_a_search() -> None:
    for fold, size in (("0", 2), ("1", 4)):
        record = a_record(fold, train=TrainParams(batch_size=size), searched={"train.batch_size": size})
        with track_fit(TRACKING, record) as run:
            run.finish(done(record))
    assert len(runs_named("unet")) == 1


def test_killed_fit_goes_on_in_its_own_run() -> None:
    record = a_record()
    killed = track_fit(TRACKING, record)
    killed.__enter__().log_epoch(a_row(1, 0.5))
    again = a_record()
    with track_fit(TRACKING, again) as run:
        assert runs_named("unet/0")[0].info.status == "RUNNING"
        run.log_epoch(a_row(1, 0.5))
        run.log_epoch(a_row(2, 0.25))
        run.finish(done(again))
    (fit,) = runs_named("unet/0")
    assert losses(fit) == [(1, 0.5), (2, 0.25)]


@pytest.mark.slow
def test_process_that_is_killed_goes_on_in_its_own_run() -> None:
    assert finish(start_fit("0", "killed"))[0] == -signal.SIGKILL
    assert losses(runs_named("unet/0")[0]) == [(1, 0.5)]
    assert finish(start_fit("0"))[0] == 0
    (fit,) = runs_named("unet/0")
    assert losses(fit) == [(1, 0.5), (2, 0.25)] and fit.info.status == "FINISHED"


def test_failed_fit_is_marked() -> None:
    with pytest.raises(MemoryError), track_fit(TRACKING, a_record()):
        raise MemoryError
    assert runs_named("unet/0")[0].info.status == "FAILED"


def test_other_numbers_under_the_same_key_leave_the_old_run_as_it_was() -> None:
    for loss in (0.25, 0.2):
        record = a_record()
        with track_fit(TRACKING, record) as run:
            run.log_epoch(a_row(1, 0.5))
            run.log_epoch(a_row(2, loss))
            run.finish(done(record))
    new, old = runs_named("unet/0")
    assert old.data.tags[SUPERSEDED] == "true" and losses(old) == [(1, 0.5), (2, 0.25)]
    assert SUPERSEDED not in new.data.tags and losses(new) == [(1, 0.5), (2, 0.2)]


def test_run_that_takes_a_place_begins_without_what_came_of_the_old_fit() -> None:
    record = a_record()
    with track_fit(TRACKING, record) as run:
        run.log_epoch(a_row(1, 0.5))
        run.finish(done(record))
    with pytest.raises(MemoryError), track_fit(TRACKING, a_record()) as run:
        run.log_epoch(a_row(1, 0.4))
        raise MemoryError
    new, old = runs_named("unet/0")
    assert old.data.metrics["best_epoch"] == 2
    assert new.data.metrics["loss"] == 0.4 and "best_epoch" not in new.data.metrics


def test_trial_is_written_once() -> None:
    trial: dict[str, Any] = {"study": "unet/0", "number": 3, "params": {"train.batch_size": 4}, "state": "COMPLETE"}
    trial["origin"] = origin_of(a_record())
    for _ in range(2):
        track_trial(TRACKING, experiment="rings", value=0.8, epochs=[{"epoch": 1, "validation_score": 0.7}], **trial)
    (run,) = runs_named("unet/0 3", "rings search")
    assert run.data.metrics["value"] == 0.8 and run.data.params == {"train.batch_size": "4"}
    assert run.data.tags["foldwise.data_hash"] == "d" * 64 and run.data.tags["foldwise.split_hash"] == "s" * 64


def test_fits_of_data_that_no_run_has_had_yet_open_at_once() -> None:
    """MLflow fails where two runs write a data set for the first time at once: 8 of 12 rounds of 8 threads without a lock."""
    store = connect(TRACKING, "rings")
    for digest in "ab":
        records = [a_record(str(fold), data_hash=digest * 64) for fold in range(8)]
        with ThreadPoolExecutor(8) as pool:
            runs = list(pool.map(lambda record: open_fit(store, record), records))
        assert len({run.run_id for run in runs}) == 8 and len({run.label.parent for run in runs}) == 1


@pytest.mark.parametrize(
    ("fold", "base", "share", "repeat"), [("1-part25", "1", "0.25", "0"), ("1-seed2", "1", "1.0", "2")]
)
def test_extra_fit_tells_what_is_other_about_it_and_stays_apart(fold: str, base: str, share: str, repeat: str) -> None:
    for name, split, seed in (("1", "s", 0), (fold, "e", 7)):
        record = a_record(name, split_hash=split * 64, seed=seed)
        with track_fit(TRACKING, record) as run:
            run.finish(done(record))
    (extra,), (parent,) = runs_named(f"unet/{fold}"), runs_named("unet extra")
    told = {name: extra.data.tags[f"foldwise.{name}"] for name in ("run_of", "seed", "base", "share", "repeat")}
    assert told == {"run_of": "extra fit", "seed": "7", "base": base, "share": share, "repeat": repeat}
    assert extra.data.params["seed"] == "7" and extra.data.tags["mlflow.parentRunId"] == parent.info.run_id
    assert len(runs_named("unet")) == 1 and "seed" not in parent.data.params


def test_eight_fits_start_on_a_fresh_database(root: Path) -> None:
    (root / "mlflow.db").unlink()
    starts = [start_fit(str(fold)) for fold in range(8)]
    ends = [finish(start) for start in starts]
    assert not any(code for code, _ in ends), "\n".join(complaints for code, complaints in ends if code)
    assert all(losses(runs_named(f"unet/{fold}")[0]) == [(1, 0.5), (2, 0.25)] for fold in range(8))
    assert len(runs_named("unet")) == 1


def start_fit(*arguments: str) -> "subprocess.Popen[bytes]":
    script, folder = Path(__file__).with_name("start_fit.py"), Path(__file__).parents[1]
    return subprocess.Popen(
        [sys.executable, str(script), *arguments], env={"PYTHONPATH": str(folder)}, stderr=subprocess.PIPE
    )


def finish(start: "subprocess.Popen[bytes]") -> tuple[int, str]:
    """Exit status and complaints of a process, waited for."""
    complaints = start.communicate()[1].decode()
    return start.returncode, complaints
