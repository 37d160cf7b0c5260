"""A run that is found again by its key, and never holds the same epoch twice."""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pipeline.tracking.store import Store, locked

if TYPE_CHECKING:
    from mlflow.entities import DatasetInput
    from mlflow.entities import Run as MlflowRun

KEY = "foldwise.key"
SUPERSEDED = "foldwise.superseded"
BATCH = 90  # MLflow takes 100 parameters or tags, and 1,000 metrics, a call
UNCOMPARED = {"seconds"}  # differs between two fits that are otherwise the same

Row = dict[str, float]


@dataclass(frozen=True)
class Label:
    """What a run is created with; `key` says which run is meant, `started` is in seconds since 1970."""

    key: str
    name: str
    tags: Mapping[str, Any] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    parent: str = ""
    started: float | None = None
    inputs: Sequence["DatasetInput"] = ()


class Run:
    """A run of the store, created or found again."""

    def __init__(self, store: Store, label: Label) -> None:
        self.store = store
        self.label = label
        self._open()
        found = store.client.get_run(self.run_id)
        self.tags: dict[str, str] = found.data.tags
        self.status: str = found.info.status

    @cached_property
    def rows(self) -> dict[int, Row]:
        """The numbers logged so far by epoch."""
        rows: dict[int, Row] = {}
        for name in self.store.client.get_run(self.run_id).data.metrics:
            for metric in self.store.client.get_metric_history(self.run_id, name):
                rows.setdefault(metric.step, {})[name] = metric.value
        return rows

    def log_row(self, step: int, values: Mapping[str, Any], seconds: float | None = None) -> None:
        """Log the numbers of one epoch, unless they are there; numbers that contradict them open a run of their own.

        `seconds` since 1970 is when; the old run stays, tagged as superseded.
        """
        row = numbers(values)
        known = self.rows.get(step)
        if known is not None and not _agree(known, row):
            self._supersede(step)
            known = None
        new = row if known is None else {name: value for name, value in row.items() if name not in known}
        self._log({step: new}, seconds)
        self.rows[step] = (known or {}) | row

    def log_values(self, values: Mapping[str, Any]) -> None:
        """Log single numbers; a number that changed takes the place of the old one."""
        log_values(self.store, self.run_id, values)

    def set_tags(self, tags: Mapping[str, Any]) -> None:
        """Set tags; None is left out."""
        from mlflow.entities import RunTag

        found = [RunTag(name, text(value)) for name, value in tags.items() if value is not None]
        for start in range(0, len(found), BATCH):
            self.store.client.log_batch(self.run_id, tags=found[start : start + BATCH])

    def close(self, status: str) -> None:
        """Set the status: FINISHED, FAILED or KILLED."""
        self.store.client.set_terminated(self.run_id, status)

    def reopen(self) -> None:
        """Show the run as going on."""
        self.store.client.update_run(self.run_id, status="RUNNING")

    def _open(self) -> None:
        # all under the lock: MLflow fails where two processes write the same data set, or a run's tags, for the first time
        with locked(self.store.uri):
            self.run_id = self._find() or self._create()
            self._write_label()
            if self.label.inputs:
                self.store.client.log_inputs(self.run_id, list(self.label.inputs))

    def _find(self) -> str | None:
        found = find_runs(self.store, self.label.key)
        return str(found[0].info.run_id) if found else None

    def _create(self) -> str:
        tags = {KEY: self.label.key} | ({"mlflow.parentRunId": self.label.parent} if self.label.parent else {})
        started = round(1000 * (self.label.started or time.time()))
        run = self.store.client.create_run(self.store.experiment_id, started, tags, self.label.name)
        return str(run.info.run_id)

    def _write_label(self) -> None:
        from mlflow.entities import Param

        params = [Param(name, text(value)) for name, value in self.label.params.items()]
        for start in range(0, len(params), BATCH):
            self.store.client.log_batch(self.run_id, params=params[start : start + BATCH])
        self.set_tags(self.label.tags)

    def _log(self, rows: Mapping[int, Row], seconds: float | None = None) -> None:
        log_rows(self.store, self.run_id, rows, seconds)

    def _supersede(self, step: int) -> None:
        self.set_tags({KEY: f"{self.label.key} superseded", SUPERSEDED: True})
        self.close("KILLED")
        # of the epochs alone: step 0 holds what came of the old fit
        self.rows = {earlier: row for earlier, row in self.rows.items() if 0 < earlier < step}
        self._open()
        self._log(self.rows)


def find_runs(store: Store, key: str) -> "list[MlflowRun]":
    """The run of a key, or none."""
    return list(store.client.search_runs([store.experiment_id], f"tags.`{KEY}` = '{key}'", max_results=1))


def log_values(store: Store, run_id: str, values: Mapping[str, Any]) -> None:
    """Log single numbers of a run; a number that changed takes the place of the old one."""
    latest = store.client.get_run(run_id).data.metrics
    log_rows(store, run_id, {0: {name: value for name, value in numbers(values).items() if latest.get(name) != value}})


def log_rows(store: Store, run_id: str, rows: Mapping[int, Row], seconds: float | None = None) -> None:
    """Log the numbers of several epochs at once; `seconds` since 1970 is when."""
    from mlflow.entities import Metric

    when = round(1000 * (seconds or time.time()))
    metrics = [Metric(name, value, when, step) for step, row in rows.items() for name, value in row.items()]
    for start in range(0, len(metrics), BATCH):
        store.client.log_batch(run_id, metrics=metrics[start : start + BATCH])


def numbers(values: Mapping[str, Any]) -> Row:
    """The finite numbers of a row; empty cells and words are left out."""
    found: Row = {}
    for name, value in values.items():
        try:
            number = float(value)
        except (TypeError, ValueError):
            continue
        if math.isfinite(number):
            found[name] = number
    return found


def text(value: Any) -> str:
    """A value as MLflow shows it: true and false in lower case, as in params.yaml."""
    return str(value).lower() if isinstance(value, bool) or value is None else str(value)


def _agree(known: Row, row: Row) -> bool:
    shared = known.keys() & row.keys() - UNCOMPARED
    return all(math.isclose(known[name], row[name], rel_tol=1e-4, abs_tol=1e-6) for name in shared)
