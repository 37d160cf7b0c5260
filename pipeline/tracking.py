"""Runs, parameters, metrics and artefacts in MLflow; nothing else imports it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pipeline.params import TrackingParams
from pipeline.provenance import Record


class FitRun:
    """The run of one fit."""

    run_id: str = ""

    def log_epoch(self, row: Mapping[str, Any]) -> None:
        """Log one row of the history (epoch, loss, validation_loss, ...); an epoch already logged is skipped."""

    def finish(self, record: Record) -> None:
        """Log what is known after the fit (`provenance.complete_fit`) and mark the run as finished."""


@contextmanager
def track_fit(tracking: TrackingParams, record: Record) -> Iterator[FitRun]:
    """Open the run of a fit described by `provenance.describe_fit`, or go on with it; an exception marks it as failed."""
    yield FitRun()
