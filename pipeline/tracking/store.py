"""The MLflow store: where it is, and how many processes open it at once."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from pipeline.params import TrackingParams

if TYPE_CHECKING:
    from mlflow import MlflowClient

SQLITE = "sqlite:///"
QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "GIT_PYTHON_REFRESH": "quiet",
}


@dataclass(frozen=True)
class Store:
    """One experiment of an MLflow store."""

    uri: str
    client: "MlflowClient"
    experiment_id: str


def tracking_uri(tracking: TrackingParams) -> str:
    """The URI of the parameters, else MLFLOW_TRACKING_URI, else mlflow.db in the working directory; SQLite paths absolute."""
    uri = tracking.uri or os.environ.get("MLFLOW_TRACKING_URI") or SQLITE + "mlflow.db"
    return SQLITE + str(Path(uri.removeprefix(SQLITE)).absolute()) if uri.startswith(SQLITE) else uri


@contextmanager
def locked(uri: str) -> Iterator[None]:
    """Only one process of this machine, or of a shared working directory, at a time."""
    database = Path(uri.removeprefix(SQLITE)) if uri.startswith(SQLITE) else Path("mlflow.db").absolute()
    with FileLock(f"{database}.lock"):
        yield


def connect(tracking: TrackingParams, experiment: str) -> Store:
    """Open an experiment; the first to come makes database and experiment while the others wait."""
    uri = tracking_uri(tracking)
    client = open_client(uri)
    with locked(uri):
        found = client.get_experiment_by_name(experiment)
        if found is not None and found.lifecycle_stage == "deleted":
            client.restore_experiment(found.experiment_id)
        experiment_id = found.experiment_id if found is not None else client.create_experiment(experiment)
    return Store(uri, client, experiment_id)


def open_client(uri: str) -> "MlflowClient":
    """An MLflow client that keeps quiet; its database is made, by one process, when it is not there."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    # imported late: it costs over a second of CPU, which baselines and --help need not pay
    from mlflow import MlflowClient

    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    with locked(uri):
        return MlflowClient(uri, uri)
