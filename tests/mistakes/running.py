"""Draws a mistake in an empty project and runs what a user would."""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from pipeline.__main__ import main
from pipeline.params import ParamsError, read_params
from tests.mistakes.entry import Mistake

DATASET = "harmed"
CALLS = {
    "validate": ["--raw", "data/raw/{dataset}", "--manifest", "out/manifest.csv", "--dataset", "out/dataset.json"],
    "split": ["--manifest", "out/manifest.csv", "--splits", "out/splits.csv", "--summary", "out/splits.json"],
    "clip": ["--manifest", "out/manifest.csv", "--clipped", "out/clipped.json"],
}
"""The steps that say of data that they are wrong, as the rules of the workflow call them."""
RIGHTS = "-dac_override,-dac_read_search,-fowner"
"""Rights by which root reads what nobody may read."""


@dataclass(frozen=True)
class Told:
    """What a user sees."""

    status: int
    caught: str
    text: str

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()


def draw(root: Path, mistake: Mistake) -> None:
    """A project with the harmed data set and its params.yaml."""
    raw = root / "data/raw" / DATASET
    raw.mkdir(parents=True)
    mistake.good(raw)
    mistake.harm(raw)
    write_params(root, mistake, DATASET)


def write_params(root: Path, mistake: Mistake, dataset: str) -> None:
    settings = {
        "experiment": "mistakes",
        "dataset": dataset,
        "task": "segmentation" if mistake.models else None,
        "data": dict(mistake.data),
        "split": dict(mistake.split),
        "models": [dict(model) for model in mistake.models],
    }
    (root / "params.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True))


def check(root: Path, mistake: Mistake, dataset: str = DATASET) -> Told:
    """Run the steps before any training until one refuses; a warning is what the data set's facts hold."""
    with contextlib.chdir(root):
        for step, flags in CALLS.items():
            arguments = [step, *(flag.format(dataset=dataset) for flag in flags)]
            status, text = _run_without_rights(arguments) if mistake.without_rights else run(arguments)
            if status:
                return Told(status, "params" if _is_params() else step, text.replace(f"data/raw/{dataset}/", ""))
        warnings = json.loads(Path("out/dataset.json").read_text())["warnings"]
        return Told(0, "warning" if warnings else "nothing", "\n".join(warnings))


def mend(root: Path) -> tuple[int, str]:
    """Run the command `mend`: its exit status, and what it said."""
    with contextlib.chdir(root):
        return run(["mend"])


def run(arguments: Sequence[str]) -> tuple[int, str]:
    """The real command line in this process: exit status and standard error."""
    with contextlib.redirect_stderr(io.StringIO()) as error, contextlib.redirect_stdout(io.StringIO()) as output:
        status = main(arguments)
    return status, error.getvalue() + output.getvalue()


def list_files(folder: Path) -> Iterator[tuple[str, bytes | str]]:
    """Every file of a folder and its bytes, every link and its target."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            yield path.relative_to(folder).as_posix(), path.readlink().as_posix()
        elif path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _is_params() -> bool:
    try:
        read_params(Path("params.yaml"))
    except ParamsError:
        return True
    return False


def _run_without_rights(arguments: Sequence[str]) -> tuple[int, str]:
    """In a process of its own, without the rights of root over files."""
    limit = ["setpriv", "--bounding-set", RIGHTS, "--inh-caps", RIGHTS] if os.geteuid() == 0 else []
    command = [*limit, sys.executable, "-m", "pipeline", *arguments]
    project = Path(__file__).parents[2]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(project)})
    return done.returncode, done.stderr
