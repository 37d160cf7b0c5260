"""DVC's stages and Snakemake's rules tell the same story."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.params import TrackingParams
from pipeline.tracking import connect
from pipeline.workflow import ROOT
from tests.raws import write_raw
from tests.workflows import BASELINES, EVERYTHING, OWN, commit, copy_project, due, git, run, snakemake

Stage = dict[str, Any]
Outputs = dict[str, list[str]]

NOT_SNAKEMAKES = "data/experiments/tiny/raw.txt"
NOT_KEPT = {"data/raw/sample", "data/experiments/tiny/published.json"}
"""Drawn again by the code; names of runs in the MLflow of one place, which sync writes for another."""


def read_stages() -> dict[str, Stage]:
    """Stages for the experiment of the tests."""
    text = (ROOT / "dvc.yaml").read_text().replace("${experiment}", "tiny").replace("${dataset}", "sample")
    stages: dict[str, Stage] = yaml.safe_load(text)["stages"]
    return stages


def outs_of(stage: Stage) -> dict[str, dict[str, Any]]:
    """Settings of everything that a stage writes, by path."""
    kinds = (stage.get(kind, []) for kind in ("outs", "metrics", "plots"))
    return {path: settings for entries in kinds for entry in entries for path, settings in entry.items()}


def holds(folders: list[str], path: str) -> bool:
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    """Inputs of every file that a run with a search and a learning curve writes, code left out."""
    settings = f"{EVERYTHING}curve: {{models: [unet], shares: [0.25, 0.5]}}\n"
    told = snakemake(copy_project(tmp_path_factory.mktemp("dvc"), settings), "--detailed-summary")
    assert told.returncode == 0, told.stderr
    rows = [line.split("\t") for line in told.stdout.splitlines() if "\t" in line][1:]
    return {row[0]: [path for path in row[4].split(",") if re.match("data/|reports/", path)] for row in rows}


def test_every_out_is_persistent() -> None:
    assert all(settings["persist"] for stage in read_stages().values() for settings in outs_of(stage).values())


def test_every_output_of_a_rule_belongs_to_one_stage(outputs: Outputs) -> None:
    for path in outputs.keys() - NOT_KEPT:
        assert len([name for name, stage in read_stages().items() if holds([*outs_of(stage)], path)]) == 1, path


def test_every_out_of_a_stage_is_written_by_a_rule(outputs: Outputs) -> None:
    for out in (out for stage in read_stages().values() for out in outs_of(stage) if out != NOT_SNAKEMAKES):
        assert any(holds([out], path) for path in outputs), out


def test_every_input_of_a_rule_is_known_to_its_stage(outputs: Outputs) -> None:
    for stage in read_stages().values():
        known = [*stage.get("deps", []), *outs_of(stage)]
        inputs = {entry for path in outputs if holds([*outs_of(stage)], path) for entry in outputs[path]}
        assert [path for path in sorted(inputs) if not holds(known, path)] == []


def test_every_target_of_a_stage_is_its_own(outputs: Outputs) -> None:
    stages = read_stages()
    del stages["sample"]
    for stage in stages.values():
        targets = re.findall(r"(?:data|reports)/\S+", stage["cmd"].partition("snakemake")[2])
        assert all(target in outs_of(stage) for target in targets)


def test_stages_see_every_parameter_and_all_code() -> None:
    stages = read_stages()
    del stages["sample"]
    for stage in stages.values():
        assert stage["params"] == [{"params.yaml": None}]
        assert {"Snakefile", "pipeline"} <= set(stage["deps"])


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own in git, with a DVC remote beside it."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    folder = copy_project(tmp_path / "project", BASELINES)
    git(folder, "init", "--quiet")
    run(folder, "dvc", "remote", "add", "--default", "store", str(tmp_path / "store"))
    return folder


@pytest.mark.slow
def test_results_travel_by_dvc_and_nothing_is_done_twice(project: Path) -> None:
    """Fits beyond those that are compared too, whose predictions are not kept."""
    (project / "params.yaml").write_text(f"{BASELINES}curve: {{models: [threshold], shares: [0.5, 0.75]}}\n")
    run(project, "dvc", "repro")
    assert due(project) == {}
    assert "up to date" in run(project, "dvc", "status")
    assert "Running stage" not in run(project, "dvc", "repro")
    run(project, "dvc", "push")
    commit(project, "Run")

    clone = project.parent / "clone"
    git(project, "clone", "--quiet", ".", str(clone))
    assert "no result was touched" in run(clone, "pipeline", "sync", status=1)
    run(clone, "dvc", "pull")
    run(clone, "pipeline", "sync")
    assert due(clone) == {}
    assert "Running stage" not in run(clone, "dvc", "repro")
    assert champion(clone) == 1


@pytest.mark.slow
def test_switching_between_versions_restores_results_without_refitting(project: Path) -> None:
    raw = write_raw(project / "data/raw/own", names=("1", "2", "3", "4", "5", "6"))
    (project / "params.yaml").write_text(OWN)
    run(project, "dvc", "add", "data/raw/own")
    results = {}
    for version in ("v1", "v2"):
        run(project, "dvc", "repro")
        commit(project, version)
        git(project, "tag", version)
        results[version] = read_results(project)
        for folder in ("images", "masks"):
            (raw / folder / "6.png").unlink(missing_ok=True)
    assert results["v1"] != results["v2"]

    for number, version in ((1, "v1"), (2, "v2")):
        git(project, "checkout", "--quiet", version)
        run(project, "dvc", "checkout")
        run(project, "pipeline", "sync")
        assert due(project) == {}
        assert "Running stage" not in run(project, "dvc", "repro")
        assert read_results(project) == results[version]
        assert champion(project) == number


def read_results(project: Path) -> dict[str, bytes]:
    folders = (project / "reports", project / "data/experiments/tiny/models")
    return {path.name: path.read_bytes() for folder in folders for path in folder.rglob("*.*")}


def champion(project: Path) -> int:
    """Version of the registered model that has the alias."""
    client = connect(TrackingParams(uri=f"sqlite:///{project}/mlflow.db"), "tiny").client
    return int(client.get_model_version_by_alias("tiny", "champion").version)
