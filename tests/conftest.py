"""What the tests share: one start of the Keras backend a process."""

import os
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@pytest.fixture(scope="session")
def keras_backend() -> str:
    """The backend that KERAS_BACKEND names, started once with one thread: TensorFlow takes no other number later."""
    from pipeline.backend import start_backend

    start_backend(threads=1, precision="float32", seed=0)
    return os.environ["KERAS_BACKEND"]


@pytest.fixture
def eager_steps(keras_backend: str) -> Iterator[None]:
    """Steps that TensorFlow does not compile first, which takes four times as long as one tiny step."""
    if keras_backend != "tensorflow":
        yield
        return
    import tensorflow

    tensorflow.config.run_functions_eagerly(True)
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", "Even though the `tf.config.experimental_run_functions_eagerly` option is set"
        )
        yield
    tensorflow.config.run_functions_eagerly(False)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty MLflow database, made once: that takes seconds."""
    from pipeline.tracking.store import open_client

    path = tmp_path_factory.mktemp("migrated") / "mlflow.db"
    open_client(f"sqlite:///{path}")
    return path


@pytest.fixture
def root(tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project with an empty MLflow database as the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    shutil.copy(migrated, tmp_path / "mlflow.db")
    return tmp_path
