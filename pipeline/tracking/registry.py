"""The model registry: one version for each set of fitted models, and an alias on the latest."""

import logging
import os
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.ensemble import Ensemble
from pipeline.packing import pack
from pipeline.params import PredictParams, TrackingParams
from pipeline.provenance import hash_of_files, read_record
from pipeline.tracking.fits import open_parent
from pipeline.tracking.packages import list_requirements
from pipeline.tracking.runs import log_values
from pipeline.tracking.signature import build_signature
from pipeline.tracking.store import Store, connect, open_client, tracking_uri

logger = logging.getLogger(__name__)

ALIAS = "champion"
CONTENT = "foldwise.content"
ENDS = {"mean": "", "low": "_low", "high": "_high"}


class TrackingError(ValueError):
    """What is wrong with what MLflow was asked for."""


@dataclass(frozen=True)
class Registered:
    """A version in the registry."""

    uri: str
    alias: str
    run_id: str


def register_models(
    paths: Sequence[Path],
    ensemble: Ensemble,
    predict: PredictParams,
    name: str,
    experiment: str,
    tracking: TrackingParams,
) -> Registered:
    """Put fitted models, with the code that runs them, into the registry under the alias champion.

    The same models and settings make no second version; the run of the model that they belong to holds the version.
    """
    record = read_record(paths[0].with_suffix(".json"))
    store = connect(tracking, experiment)
    run_id = open_parent(store, record).run_id
    with tempfile.TemporaryDirectory() as folder:
        packed = Path(folder) / "ensemble"
        pack(packed, paths, ensemble.threshold, predict, ensemble.data, ensemble.quantile, ensemble.temperatures)
        content = hash_of_files(sorted(packed.iterdir()))
        known = _version_of(store, name, content)
        if known is None:
            known = _log_model(store, run_id, packed, ensemble, name, list_requirements(record["backend"]))
            store.client.set_model_version_tag(name, known, CONTENT, content)
    store.client.set_registered_model_alias(name, ALIAS, known)
    logger.info("models:/%s/%s is %s", name, known, ALIAS)
    return Registered(f"models:/{name}/{known}", ALIAS, run_id)


def log_final_test(
    registered: Registered, scores: Mapping[str, Mapping[str, float | None]], experiment: str, tracking: TrackingParams
) -> None:
    """Write mean, low and high of each metric on the final test samples into the run of the registered model."""
    run = connect(tracking, experiment)
    values = {f"final_test_{name}{end}": score[key] for name, score in scores.items() for key, end in ENDS.items()}
    log_values(run, registered.run_id, values)


def download_model(uri: str, tracking: TrackingParams) -> Path:
    """The folder of a registered model's packed files; raises TrackingError when there is none."""
    open_client(tracking_uri(tracking))
    from mlflow.artifacts import download_artifacts
    from mlflow.exceptions import MlflowException

    try:
        return (
            Path(download_artifacts(artifact_uri=uri, tracking_uri=tracking_uri(tracking))) / "artifacts" / "ensemble"
        )
    except MlflowException as fault:
        raise TrackingError(f"{uri} is not in {tracking_uri(tracking)}: {fault.message}") from None


def _version_of(store: Store, name: str, content: str) -> str | None:
    for found in store.client.search_model_versions(f"name = '{name}'"):
        if found.tags.get(CONTENT) == content:
            return str(found.version)
    return None


def _log_model(store: Store, run_id: str, packed: Path, ensemble: Ensemble, name: str, requirements: list[str]) -> str:
    import numpy as np

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # MLflow warns of its own type hints
        import mlflow.pyfunc

    dataset, size = ensemble.dataset, ensemble.data.resize or (64, 64)
    with _active(store, run_id):
        logged = mlflow.pyfunc.log_model(
            name="model",
            python_model=str(Path(__file__).with_name("served.py")),
            artifacts={"ensemble": str(packed)},
            code_paths=[str(Path(__file__).parents[1])],
            signature=build_signature(ensemble),
            input_example=np.zeros((ensemble.clip, *size, dataset.channels), dataset.dtype),
            pip_requirements=requirements,
            registered_model_name=name,
        )
    return str(logged.registered_model_version)


@contextmanager
def _active(store: Store, run_id: str) -> Iterator[None]:
    """The run as MLflow's current one; the store is set by variables, for what MLflow sets by itself would stay."""
    import mlflow

    names = ("MLFLOW_TRACKING_URI", "MLFLOW_REGISTRY_URI")
    before = {name: os.environ.get(name) for name in names}
    os.environ |= dict.fromkeys(names, store.uri)
    try:
        with mlflow.start_run(run_id=run_id):
            yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            os.environ |= {name: value} if value is not None else {}
