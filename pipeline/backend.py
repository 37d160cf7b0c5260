"""Keras backend, device, threads, precision and seeds: set before Keras is imported."""

import csv
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

BFLOAT16_CAPABILITY = 8.0  # NVIDIA Ampere, the first with bfloat16 tensor cores
CHATTER = "^(I[0-9]{4} |WARNING: All log messages before absl::InitializeLog)"


@contextmanager
def claim_device() -> Iterator[str]:
    """Hold one GPU for this process and hide the others; yields `gpu N`, or `cpu` where there is none.

    Waits while other processes hold them all; a lock is freed when its process dies. Stays within
    CUDA_VISIBLE_DEVICES where a scheduler has set it.
    """
    devices = _visible_gpus()
    if not devices:
        yield "cpu"
        return
    folder = Path(tempfile.gettempdir()) / "foldwise-gpus"
    folder.mkdir(exist_ok=True)
    while True:
        for device in devices:
            lock = FileLock(folder / f"{device}.lock")
            try:
                lock.acquire(timeout=1.0)
            except Timeout:
                continue
            with lock:
                os.environ["CUDA_VISIBLE_DEVICES"] = device
                yield f"gpu {device}"
                return


def withhold_gpus() -> None:
    """Compute on the CPU, so that no fit waits for what a moment's work would hold."""
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"


@contextmanager
def open_backend(is_needed: bool, threads: int, precision: str, seed: int) -> Iterator[tuple[str, str]]:
    """Claim a device and start Keras where it is needed; yields the names of backend and device."""
    if not is_needed:
        yield "numpy", "cpu"
        return
    with claim_device() as device:
        start_backend(threads, precision, seed)
        yield os.environ["KERAS_BACKEND"], device


def start_backend(threads: int, precision: str, seed: int) -> None:
    """Choose the backend (KERAS_BACKEND, default TensorFlow), bind its threads, make it deterministic.

    One and two threads give different weights, so a fit's threads are part of its parameters.
    """
    backend = os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ["OMP_NUM_THREADS"] = str(threads)
    if backend == "tensorflow":
        _start_tensorflow(threads)
    elif backend == "jax":
        os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
        os.environ["PJRT_NPROC"] = str(threads)  # of XLA's pool, which heeds no OMP_NUM_THREADS
    elif backend == "torch":
        import torch

        torch.set_num_threads(threads)
    import keras

    keras.utils.set_random_seed(seed)
    keras.config.set_dtype_policy(_best_precision() if precision == "auto" else precision)


def memory_errors() -> tuple[type[Exception], ...]:
    """The exceptions by which the backend reports that memory ran out (JAX: among others)."""
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    if backend == "jax":
        import jax

        return (MemoryError, jax.errors.JaxRuntimeError)
    if backend == "torch":
        import torch

        return (MemoryError, torch.OutOfMemoryError)
    import tensorflow

    return (MemoryError, tensorflow.errors.ResourceExhaustedError)


def _start_tensorflow(threads: int) -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _without_chatter():
        import tensorflow

    tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
    tensorflow.config.threading.set_inter_op_parallelism_threads(threads)
    for gpu in tensorflow.config.list_physical_devices("GPU"):
        tensorflow.config.experimental.set_memory_growth(gpu, True)
    tensorflow.config.experimental.enable_op_determinism()


@contextmanager
def _without_chatter() -> Iterator[None]:
    """Keep back what TensorFlow says about itself before it reads its log level, not what it warns of or dies of.

    By a process of its own: a Python that is aborted would keep its last words to itself.
    """
    stderr, (outlet, inlet) = os.dup(2), os.pipe()
    with subprocess.Popen(["grep", "-vE", CHATTER], stdin=outlet, stdout=stderr):
        os.close(outlet)
        os.dup2(inlet, 2)
        os.close(inlet)
        try:
            yield
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)


def _visible_gpus() -> list[str]:
    chosen = os.environ.get("CUDA_VISIBLE_DEVICES")
    if chosen is not None:
        return [device for device in chosen.split(",") if device not in ("", "-1")]
    return [row[0] for row in _query_gpus("index")]


def _best_precision() -> str:
    """What the visible GPUs are fast at; float32 where there is none, or none may be used."""
    if not _visible_gpus():
        return "float32"
    capabilities = [float(row[0]) for row in _query_gpus("compute_cap")]
    return "mixed_bfloat16" if capabilities and min(capabilities) >= BFLOAT16_CAPABILITY else "float32"


def _query_gpus(field: str) -> list[list[str]]:
    """One row a GPU, asked of nvidia-smi, which costs far less than importing a framework."""
    if shutil.which("nvidia-smi") is None:
        return []
    answer = subprocess.run(
        ["nvidia-smi", f"--query-gpu={field}", "--format=csv,noheader"], capture_output=True, text=True, check=False
    )
    return list(csv.reader(answer.stdout.splitlines())) if answer.returncode == 0 else []
