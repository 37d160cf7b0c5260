"""Devices, precision and the second backend, each in a process that has started none yet."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from pipeline.backend import claim_device, memory_errors
from pipeline.datasets.manifest import Dataset
from pipeline.fitting.control import FitControl, FitResult
from pipeline.models import Model, build_model, load_model, save_model
from pipeline.params import (
    AugmentParams,
    CnnParams,
    ConvLstmUNetParams,
    MlpParams,
    NetworkParams,
    OptimizerParams,
    ResidualUNetParams,
    TemporalTransformerParams,
    TrainParams,
    UNetParams,
)
from pipeline.params.tasks import TaskKind
from tests.drawn import describe, draw_arrays

ROOT = Path(__file__).parents[1]
SMALL = {"depth": 1, "filters": 2}
NETWORKS: tuple[tuple[NetworkParams, TaskKind], ...] = (
    (UNetParams(name="unet", **SMALL, normalization="group", deep_supervision=True), "mask_and_depth"),
    (ResidualUNetParams(name="residual_unet", **SMALL, padding="reflect", upsampling="bilinear"), "mask_and_depth"),
    (ConvLstmUNetParams(name="conv_lstm_unet", **SMALL, clip=2, bidirectional=True), "segmentation"),
    (TemporalTransformerParams(name="temporal_transformer", **SMALL, clip=2, blocks=1), "classification"),
    (MlpParams(name="mlp", size=(16, 16), layers=(4,), dropout=0), "classification"),
    (CnnParams(name="cnn", size=(16, 16), filters=(2, 2), dense=(), dropout=0), "classification"),
)
ON_JAX = """
import sys
for name in ("tensorflow", "mlflow", "snakemake", "dvc", "optuna", "matplotlib"):
    sys.modules[name] = None
from pathlib import Path
from pipeline.backend import start_backend
start_backend(threads=1, precision="float32", seed=0)
from tests.test_backend import learn_all
learn_all(Path(sys.argv[1]), "jax")
"""


def learn(model: Model) -> FitResult:
    """Two steps without anything random."""
    optimizer = OptimizerParams(kind="sgd", learning_rate=0.1, momentum=0.0)
    params = TrainParams(samples=8, epoch_samples=8, batch_size=4, optimizer=optimizer)
    return model.fit(draw_arrays(frames=4), np.arange(4), np.arange(4), params, AugmentParams(), FitControl())


def learn_all(folder: Path, name: str) -> None:
    """Predict by every network in a folder, before and after two steps."""
    clip = np.stack([draw_arrays().image(position) for position in range(2)])
    for entry, _ in NETWORKS:
        model, _, _ = load_model(folder / f"{entry.name}.npz")
        before = model.predict(clip[-model.clip :])
        row = learn(model).history[0]
        losses = np.array([row[column] for column in ("loss", "validation_loss", "validation_score")])
        after = model.predict(clip[-model.clip :])
        heads = {f"{head} before": part for head, part in before.items()} | {
            f"{head} after": part for head, part in after.items()
        }
        np.savez(folder / f"{entry.name}.{name}.npz", losses=losses, **heads)


@pytest.mark.usefixtures("eager_steps")
def test_jax_gives_the_same_from_the_same_weights(tmp_path: Path, keras_backend: str) -> None:
    """And networks need neither TensorFlow there, nor anything that tracks, searches, draws or schedules."""
    if keras_backend != "tensorflow":
        pytest.skip("the comparison starts from TensorFlow")
    pytest.importorskip("jax")
    dataset: Dataset = describe()
    for entry, task in NETWORKS:
        save_model(tmp_path / f"{entry.name}.npz", build_model(entry, dataset, task, seed=4), dataset, task)
    learn_all(tmp_path, "tensorflow")
    done = subprocess.run(
        [sys.executable, "-c", ON_JAX, str(tmp_path)],
        cwd=ROOT,
        env=os.environ
        | {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu", "XLA_FLAGS": "--xla_backend_optimization_level=0"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    for entry, _ in NETWORKS:
        with (
            np.load(tmp_path / f"{entry.name}.tensorflow.npz") as ours,
            np.load(tmp_path / f"{entry.name}.jax.npz") as theirs,
        ):
            for name in ours.files:
                np.testing.assert_allclose(theirs[name], ours[name], atol=2e-4, err_msg=f"{entry.name} {name}")


@pytest.fixture
def two_gpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose nvidia-smi tells of two GPUs of compute capability 9.0."""
    told = tmp_path / "nvidia-smi"
    told.write_text('#!/bin/sh\ncase "$1" in *index*) printf "0\\n1\\n";; *) printf "9.0\\n9.0\\n";; esac\n')
    told.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_two_fits_hold_two_devices(two_gpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with claim_device() as first:
        assert os.environ["CUDA_VISIBLE_DEVICES"] == "0"
        monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
        with claim_device() as second:
            assert (first, second) == ("gpu 0", "gpu 1")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
    with claim_device() as third:
        assert third == "gpu 0"


def test_devices_keep_within_what_a_scheduler_gave(two_gpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    with claim_device() as device:
        assert device == "gpu 1"
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    with claim_device() as device:
        assert device == "cpu"


@pytest.mark.parametrize(("visible", "expected"), [("0", "mixed_bfloat16"), ("", "float32")])
def test_automatic_precision_is_that_of_the_device(two_gpus: Path, visible: str, expected: str) -> None:
    code = "from pipeline.backend import _best_precision; print(_best_precision())"
    env = os.environ | {"CUDA_VISIBLE_DEVICES": visible}
    assert subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, env=env, text=True).strip() == expected


def test_memory_errors_are_those_of_the_backend(keras_backend: str) -> None:
    names = {error.__name__ for error in memory_errors()}
    expected = {"tensorflow": "ResourceExhaustedError", "jax": "JaxRuntimeError", "torch": "OutOfMemoryError"}
    assert names == {"MemoryError", expected[keras_backend]}


@pytest.mark.slow
def test_tensorflow_starts_without_chatter() -> None:
    script = (
        "import sys\nfrom pipeline.backend import start_backend\nstart_backend(1, 'float32', 0)\nsys.stderr.write('on')"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == "on"


@pytest.mark.parametrize("end", ["", "os.abort()"])
def test_what_tensorflow_warns_of_or_dies_of_is_told(end: str) -> None:
    said = r"I0000 00:01 port.cc:153] oneDNN is on\nW0000 00:02 a warning\n"
    script = f"import os\nfrom pipeline.backend import _without_chatter\nwith _without_chatter():\n    os.write(2, b'{said}')\n    {end}"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.stderr == "W0000 00:02 a warning\n"
    assert (done.returncode == 0) == (end == "")
