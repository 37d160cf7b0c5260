"""Raw data under DVC travel through a folder and through an S3 server, and are the same at the other end."""

import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.raws import write_raw
from tests.workflows import OWN, commit, copy_project, git, run, snakemake

pytestmark = pytest.mark.slow

Remote = tuple[str, dict[str, str]]
"""Its address, and its settings."""


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Remote]:
    """An empty bucket of a server on 127.0.0.1."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nobody")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    url = "http://{}:{}".format(*server.get_host_and_port())
    boto3.client("s3", endpoint_url=url).create_bucket(Bucket="store")
    yield "s3://store/foldwise", {"endpointurl": url}
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def remote(request: pytest.FixtureRequest, tmp_path: Path) -> Remote:
    if request.param == "folder":
        return str(tmp_path / "store"), {}
    found: Remote = request.getfixturevalue("bucket")
    return found


def test_raw_data_travel_by_dvc(tmp_path: Path, remote: Remote) -> None:
    project, clone = copy_project(tmp_path / "project", OWN), tmp_path / "clone"
    write_raw(project / "data/raw/own", names=("1", "2", "3", "4"))
    git(project, "init", "--quiet")
    address, settings = remote
    run(project, "dvc", "remote", "add", "--default", "store", address)
    for name, value in settings.items():
        run(project, "dvc", "remote", "modify", "store", name, value)

    run(project, "dvc", "add", "data/raw/own")
    run(project, "dvc", "push")
    commit(project, "Add raw data")
    git(project, "clone", "--quiet", ".", str(clone))
    assert "type dvc pull data/raw/own.dvc" in snakemake(clone, "--dry-run").stdout
    run(clone, "dvc", "pull", "data/raw/own.dvc")
    assert validate(clone) == validate(project)


def validate(project: Path) -> str:
    """The data hash that a run finds."""
    dataset = "data/experiments/tiny/dataset.json"
    done = snakemake(project, dataset)
    assert done.returncode == 0, done.stdout + done.stderr
    return str(json.loads((project / dataset).read_text())["data_hash"])
