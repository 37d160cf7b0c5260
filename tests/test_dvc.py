"""DVC's stages and Snakemake's rules tell the same story."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.workflow import ROOT
from tests.workflows import BASELINES, EVERYTHING, copy_project, due, snakemake

Stage = dict[str, Any]
Outputs = dict[str, list[str]]


def read_stages() -> dict[str, Stage]:
    """Stages for the experiment of the tests."""
    text = (ROOT / "dvc.yaml").read_text().replace("${experiment}", "tiny").replace("${dataset}", "sample")
    stages: dict[str, Stage] = yaml.safe_load(text)["stages"]
    return stages | yaml.safe_load((ROOT / "data/raw/dvc.yaml").read_text())["stages"]


def outs_of(stage: Stage) -> dict[str, dict[str, Any]]:
    """Settings of everything that a stage writes, by path."""
    kinds = (stage.get(kind, []) for kind in ("outs", "metrics", "plots"))
    return {path: settings for entries in kinds for entry in entries for path, settings in entry.items()}


def holds(folders: list[str], path: str) -> bool:
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    """Inputs of every file that a run with a search writes, code left out."""
    told = snakemake(copy_project(tmp_path_factory.mktemp("dvc"), EVERYTHING), "--detailed-summary")
    assert told.returncode == 0, told.stderr
    rows = [line.split("\t") for line in told.stdout.splitlines() if "\t" in line][1:]
    return {row[0]: [path for path in row[4].split(",") if re.match("data/|reports/", path)] for row in rows}


def test_every_out_is_persistent() -> None:
    assert all(settings["persist"] for stage in read_stages().values() for settings in outs_of(stage).values())


def test_every_output_of_a_rule_belongs_to_one_stage(outputs: Outputs) -> None:
    for path in outputs:
        assert len([name for name, stage in read_stages().items() if holds([*outs_of(stage)], path)]) == 1, path


def test_every_out_of_a_stage_is_written_by_a_rule(outputs: Outputs) -> None:
    for out in (out for stage in read_stages().values() for out in outs_of(stage)):
        assert any(holds([out], path) for path in outputs), out


def test_every_input_of_a_rule_is_known_to_its_stage(outputs: Outputs) -> None:
    for stage in read_stages().values():
        known = [*stage["deps"], *outs_of(stage)]
        inputs = {entry for path in outputs if holds([*outs_of(stage)], path) for entry in outputs[path]}
        assert [path for path in sorted(inputs) if not holds(known, path)] == []


def test_every_target_of_a_stage_is_its_own(outputs: Outputs) -> None:
    for stage in read_stages().values():
        targets = re.findall(r"(?:data|reports)/\S+", stage["cmd"].partition("snakemake")[2])
        assert all(target in outs_of(stage) for target in targets)


def test_stages_see_every_parameter_and_all_code() -> None:
    for name, stage in read_stages().items():
        assert stage["params"] == [{"params.yaml": None}]
        assert name == "sample" or {"Snakefile", "pipeline"} <= set(stage["deps"])


def run(folder: Path, program: str, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", program, *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.mark.slow
def test_results_travel_by_dvc_and_nothing_is_done_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    project = copy_project(tmp_path / "project", BASELINES)
    git(project, "init", "--quiet")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "Start")
    run(project, "dvc", "remote", "add", "--default", "store", str(tmp_path / "store"))

    run(project, "dvc", "repro")
    assert "Running stage" not in run(project, "dvc", "repro")
    run(project, "dvc", "push")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "Run")

    git(tmp_path, "clone", "--quiet", str(project), "clone")
    refused = subprocess.run(
        [sys.executable, "-m", "pipeline", "sync"], cwd=tmp_path / "clone", capture_output=True, text=True
    )
    assert refused.returncode == 1
    assert "nothing was touched" in refused.stderr
    run(tmp_path / "clone", "dvc", "pull")
    run(tmp_path / "clone", "pipeline", "sync")
    assert due(tmp_path / "clone") == {}
