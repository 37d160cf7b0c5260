"""The record of a fit: which code, data, split, parameters and machine gave it."""

import hashlib
import json
import os
import platform
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from pipeline.params import AugmentParams, ModelParams, TrainParams

Record = dict[str, Any]
Stopped = Literal["budget", "early_stopping", "minutes", "baseline", "classifier", "imported"]

CODE = Path(__file__).parent
ORIGIN = ("experiment", "model", "fold", "git_commit", "git_dirty", "data_hash", "split_hash")
PACKAGES = {"tensorflow": ["keras", "tensorflow"], "jax": ["keras", "jax"], "torch": ["keras", "torch"], "numpy": []}


def describe_fit(
    *,
    experiment: str,
    model: ModelParams,
    train: TrainParams,
    augment: AugmentParams,
    seed: int,
    data_hash: str,
    split_hash: str,
    fold: str,
    backend: str = "numpy",
    device: str = "cpu",
    rule: str = "train",
    searched: Mapping[str, Any] | None = None,
) -> Record:
    """Describe a fit before it starts, as plain values for a JSON file.

    `model`, `train` and `augment` are those that the fit uses, the best of a search filled in; `searched` is that best by
    dotted path ({"train.batch_size": 4}). `key` is the same whenever the same fit is asked for again, on whatever code or machine.
    """
    params = flatten(model=model, train=train, augment=augment) | {"seed": seed}
    params_hash = hash_of(params)
    identity = {"experiment": experiment, "model": model.name, "fold": fold, "data": data_hash, "split": split_hash}
    return {
        "key": hash_of(identity | {"params": params_hash}),
        "experiment": experiment,
        "model": model.name,
        "fold": fold,
        "seed": seed,
        "params": params,
        "searched": dict(searched or {}),
        "started": round(time.time(), 3),
        **git_state(),
        "data_hash": data_hash,
        "split_hash": split_hash,
        "params_hash": params_hash,
        "rule": rule,
        "device": device,
        "backend": backend,
        "versions": versions(backend),
    }


def complete_fit(
    record: Record,
    *,
    seconds: float,
    trained_seconds: float = 0.0,
    stopped: Stopped,
    best_epoch: int | None = None,
    samples_seen: int = 0,
    batch_size: int | None = None,
    notes: Sequence[str] = (),
    search_was_cut: bool = False,
) -> Record:
    """Add what is known after the fit; a fit or search that a budget in minutes cut is not reproducible.

    `seconds` are those of this process, `trained_seconds` those of the history, which counts earlier ones that were killed too.
    """
    return record | {
        "seconds": round(max(seconds, trained_seconds), 3),
        "peak_memory_mb": peak_memory_mb(),
        "best_epoch": best_epoch,
        "samples_seen": samples_seen,
        "batch_size": batch_size,
        "stopped": stopped,
        "reproducible": stopped != "minutes" and not search_was_cut,
        "notes": list(notes),
    }


def origin_of(record: Record) -> Record:
    """What anything learnt in a fold comes from: experiment, model, fold, code, data and split; nothing unknown is made up."""
    return {name: record[name] for name in ORIGIN if name in record}


def parent_key(record: Record) -> str:
    """The key that all folds of a model share: what a search found in a fold does not count."""
    params = {name: value for name, value in record["params"].items() if name not in record["searched"]}
    shared = {name: record[name] for name in ("experiment", "model", "data_hash", "split_hash")}
    return hash_of(shared | {"params": params})


def flatten(**sections: BaseModel) -> dict[str, Any]:
    """Parameters by dotted path, such as model.depth or train.optimizer.learning_rate; lists stay whole."""
    return {
        path: value
        for name, section in sections.items()
        for path, value in _leaves(name, section.model_dump(mode="json"))
    }


def _leaves(path: str, value: Any) -> list[tuple[str, Any]]:
    if not isinstance(value, dict):
        return [(path, value)]
    return [leaf for key, inner in value.items() for leaf in _leaves(f"{path}.{key}", inner)]


def hash_of(value: Mapping[str, Any]) -> str:
    """SHA-256 of a mapping of plain values, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def hash_of_files(paths: Sequence[Path]) -> str:
    """SHA-256 of the contents of files, in the order given."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def git_state(folder: Path = CODE) -> dict[str, Any]:
    """Commit of the code, and whether its files differ from it; an empty commit and dirty where there is no git."""
    try:
        commit = _git(folder, "rev-parse", "HEAD")
        return {"git_commit": commit, "git_dirty": bool(_git(folder, "status", "--porcelain", "--", "."))}
    except (FileNotFoundError, subprocess.CalledProcessError):
        return {"git_commit": "", "git_dirty": True}


def _git(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def versions(backend: str) -> dict[str, str]:
    """Versions of Python and of the packages whose numbers a fit depends on."""
    found = {"python": platform.python_version()}
    for name in ["numpy", "scipy", "scikit-learn", *PACKAGES.get(backend, [])]:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def peak_memory_mb() -> float:
    """Largest resident memory of this process so far in MB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def write_record(path: Path, record: Mapping[str, Any]) -> None:
    """Write a record as JSON, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_text(json.dumps(record, indent=1) + "\n")
    aside.replace(path)


def read_record(path: Path) -> Record:
    """Read what `write_record` wrote."""
    record: Record = json.loads(path.read_text())
    return record
