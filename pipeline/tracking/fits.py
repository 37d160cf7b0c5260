"""The run of a fit: opened before it, fed by epoch, closed with its record."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pipeline.params import TrackingParams, parse_fold
from pipeline.provenance import Record, hash_of, parent_key
from pipeline.tracking.runs import Label, Run
from pipeline.tracking.store import Store, connect

if TYPE_CHECKING:
    from mlflow.entities import DatasetInput

BASELINE = "numpy"  # the backend of what is no network
DIGEST = 36  # MLflow's longest digest
RUN_OF = "foldwise.run_of"
"""The tag that says what a run is of: fit, model, comparison; extra fit, extra fits."""
BEFORE = (
    "experiment",
    "model",
    "fold",
    "seed",
    "git_commit",
    "git_dirty",
    "data_hash",
    "split_hash",
    "params_hash",
    "rule",
)
MACHINE = ("device", "backend")
AFTER = ("seconds", "peak_memory_mb", "batch_size", "stopped", "reproducible")
VALUES = ("best_epoch", "samples_seen", "peak_memory_mb", "batch_size")


class FitRun:
    """The run of one fit; without a run, that of a baseline, nothing is logged yet."""

    def __init__(self, run: Run | None) -> None:
        self.run = run
        self.finished = False

    def log_epoch(self, row: Mapping[str, Any]) -> None:
        """Log one row of the history (epoch, loss, validation_loss, ...); an epoch already logged is skipped."""
        if self.run:
            self.run.log_row(int(row["epoch"]), {name: value for name, value in row.items() if name != "epoch"})

    def finish(self, record: Record) -> None:
        """Log what is known after the fit (`provenance.complete_fit`) and mark the run as finished."""
        if self.run:
            log_outcome(self.run, record)
            self.run.close("FINISHED")
        self.finished = True


@contextmanager
def track_fit(tracking: TrackingParams, record: Record) -> Iterator[FitRun]:
    """Open the run of a fit described by `provenance.describe_fit`, or go on with it; leaving without `finish` marks it as failed.

    A baseline is fitted before MLflow is imported: it has no epochs to follow, and gets its run from its files (`track_files`).
    """
    if record["backend"] == BASELINE:
        yield FitRun(None)
        return
    run = open_fit(connect(tracking, record["experiment"]), record)
    run.reopen()
    fit = FitRun(run)
    try:
        yield fit
    finally:
        if not fit.finished:
            run.close("FAILED")


def open_fit(store: Store, record: Record) -> Run:
    """The run of a fit, below the run of its model; both are created when they are not there."""
    parent = open_parent(store, record)
    label = Label(
        key=record["key"],
        name=f"{record['model']}/{record['fold']}",
        tags=_tags(record),
        params=record["params"],
        parent=parent.run_id,
        started=record.get("started"),
        inputs=[_dataset(record)],
    )
    return Run(store, label)


def open_parent(store: Store, record: Record) -> Run:
    """The run of a model over all its folds, or that over all its fits of parts and other seeds."""
    left_out = {*record.get("searched", {}), *(["seed"] if is_extra(record) else [])}
    params = {name: value for name, value in record["params"].items() if name not in left_out}
    named = (
        ("experiment", "model", "data_hash") if is_extra(record) else ("experiment", "model", "data_hash", "split_hash")
    )
    shared = {name: record[name] for name in named}
    tags = {f"foldwise.{name}": value for name, value in shared.items()}
    started = record.get("started")
    if is_extra(record):
        tags[RUN_OF] = "extra fits"
        return Run(
            store,
            Label(hash_of(shared | {"params": params}), f"{record['model']} extra", tags, params, started=started),
        )
    tags[RUN_OF] = "model"
    return Run(store, Label(parent_key(record), record["model"], tags, params, started=started))


def is_extra(record: Record) -> bool:
    """Whether a fit is none of those that are compared, but of a part of the training subset or with another seed."""
    return parse_fold(record["fold"]).base != record["fold"]


def log_outcome(run: Run, record: Record) -> None:
    """Log what is known after a fit."""
    run.log_values({name: record.get(name) for name in VALUES} | {"fit_seconds": record.get("seconds")})
    run.set_tags({f"foldwise.{name}": record.get(name) for name in AFTER} | {"mlflow.note.content": _note(record)})


def _tags(record: Record) -> dict[str, Any]:
    tags = {f"foldwise.{name}": record.get(name) for name in (*BEFORE, *MACHINE)}
    tags |= {f"foldwise.{name}": value for name, value in parse_fold(record["fold"])._asdict().items()}
    tags[RUN_OF] = "extra fit" if is_extra(record) else "fit"
    versions = {f"foldwise.version.{name}": value for name, value in record.get("versions", {}).items()}
    return tags | versions | {"mlflow.source.git.commit": record["git_commit"], "mlflow.source.name": "pipeline train"}


def _note(record: Record) -> str | None:
    return "\n".join(f"- {note}" for note in record.get("notes", ())) or None


def _dataset(record: Record) -> "DatasetInput":
    from mlflow.entities import Dataset, DatasetInput, InputTag

    source = json.dumps({"data_hash": record["data_hash"], "split_hash": record["split_hash"], "fold": record["fold"]})
    dataset = Dataset(record["experiment"], record["data_hash"][:DIGEST], "foldwise", source)
    return DatasetInput(dataset=dataset, tags=[InputTag("mlflow.data.context", "training")])
