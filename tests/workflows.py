"""Copies of the project that tests may run and edit."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import DEVNULL

from pipeline.workflow import ROOT

BASELINES = """
experiment: tiny
dataset: sample
sample: {sequences: 6, frames: 4, size: 32}
data: {channels: [treated, raw]}
split: {kind: group_k_fold, folds: 2, validation_fraction: 0.34}
models: [{kind: constant}, {kind: threshold}]
"""
OWN = """
experiment: tiny
dataset: own
split: {kind: k_fold, folds: 2, validation_fraction: 0.34}
models: [{kind: constant}, {kind: threshold}]
"""
LABELS = """
experiment: tiny
dataset: own
task: null
models: []
data: {channels: [.], masks: null, labels: folders}
split: {kind: stratified_k_fold, folds: 2}
"""
EVERYTHING = """
experiment: tiny
dataset: sample
data: {channels: [treated, raw]}
split: {kind: group_k_fold, folds: 2}
models: [{kind: constant}, {kind: unet, filters: 4, depth: 1}, {kind: conv_lstm_unet, filters: 4, depth: 1, clip: 2}]
train: {samples: 64, epoch_samples: 32, batch_size: 8}
search: {trials: 2, space: [{parameter: train.optimizer.learning_rate, low: 0.001, high: 0.01}]}
"""


def copy_project(folder: Path, params: str) -> Path:
    """The project with other parameters, without data, in a new folder."""
    for name in ("pipeline", "profiles", ".dvc"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "tmp", "cache"))
    for name in ("Snakefile", "dvc.yaml", ".dvcignore", ".gitignore"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "data/raw").mkdir(parents=True)
    shutil.copy(ROOT / "data/raw/.gitignore", folder / "data/raw/.gitignore")
    (folder / "params.yaml").write_text(params)
    return folder


def snakemake(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the Snakefile that lies in a folder."""
    command = [sys.executable, "-m", "snakemake", "--cores", "2", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def due(folder: Path, *arguments: str) -> dict[str, int]:
    """Jobs of each rule that Snakemake would run now, the rule `all` left out."""
    told = snakemake(folder, "--dry-run", *arguments)
    assert told.returncode == 0, told.stdout + told.stderr
    table = (told.stdout + told.stderr).partition("Job stats:")[2].partition("\n\n")[0]
    counts = {name: int(count) for name, count in re.findall(r"^(\w+) +(\d+)$", table, re.MULTILINE)}
    return {name: count for name, count in counts.items() if name not in ("all", "total")}


def run(folder: Path, program: str, *arguments: str, status: int = 0) -> str:
    """What a program of this environment says in a folder; it must end with a status."""
    done = subprocess.run([sys.executable, "-m", program, *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


def shell_commands(folder: Path, *arguments: str) -> list[list[str]]:
    """Arguments of `python -m pipeline` in every job of a dry run."""
    told = snakemake(folder, "--dry-run", "--printshellcmds", "--forceall", *arguments)
    assert told.returncode == 0, told.stdout + told.stderr
    lines = [line.partition("python -m pipeline ")[2] for line in (told.stdout + told.stderr).splitlines()]
    plain = [re.sub(r"\$\(.*?\)", "", line.partition(" &> ")[0]) for line in lines if line]
    return [shlex.split(line) for line in plain]


def kill_in_the_middle(folder: Path, is_there: Callable[[], bool], *arguments: str) -> None:
    """Start Snakemake, and kill it with all its children as soon as something is there."""
    command = [sys.executable, "-m", "snakemake", "--cores", "2", *arguments]
    with subprocess.Popen(command, cwd=folder, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True) as process:
        for _ in range(6000):
            if is_there() or process.poll() is not None:
                break
            time.sleep(0.05)
        assert process.poll() is None, "it ended before it could be killed"
        os.killpg(process.pid, signal.SIGKILL)
