"""The Snakefile: every rule calls its step rightly, overrides reach every step, and a crash stops nothing."""

import fcntl
import inspect
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.workflow import ROOT, clear_stale_lock, code_files, hold_lock, read_merged

TINY = """
experiment: tiny
dataset: sample
data: {channels: [treated, raw]}
split: {kind: group_k_fold, folds: 2}
models: [{kind: constant}, {kind: unet, filters: 4, depth: 1}, {kind: conv_lstm_unet, filters: 4, depth: 1, clip: 2}]
train: {samples: 64, epoch_samples: 32, batch_size: 8}
search: {trials: 2, space: [{parameter: train.optimizer.learning_rate, low: 0.001, high: 0.01}]}
"""


def snakemake(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the project's Snakefile in a folder of its own."""
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile"), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def shell_commands(folder: Path, *arguments: str) -> list[list[str]]:
    """Arguments of `python -m pipeline` in every job of a dry run."""
    told = snakemake(folder, "--dry-run", "--printshellcmds", "--forceall", *arguments)
    assert told.returncode == 0, told.stderr + told.stdout
    lines = [line.partition("python -m pipeline ")[2] for line in (told.stdout + told.stderr).splitlines()]
    lines = [re.sub(r"\$\(.*?\)", "", line) for line in lines]
    return [shlex.split(line.partition(" &> ")[0].partition(" 2>&1")[0]) for line in lines if line]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "params.yaml").write_text(TINY)
    return tmp_path


def test_every_rule_names_the_files_and_sections_of_its_step(folder: Path) -> None:
    commands = shell_commands(folder)
    assert {name for name, *_ in commands} == {path.stem for path in (ROOT / "pipeline/steps").glob("[a-z]*.py")}
    for name, *arguments in commands:
        step = cli.load(name)
        given = vars(cli.build_parser(step, is_step=True).parse_args(arguments))
        sections = [
            key for key, value in inspect.signature(step).parameters.items() if value.kind is value.KEYWORD_ONLY
        ]
        assert sorted(json.loads(given["settings"] or "{}")) == sorted(sections), name
