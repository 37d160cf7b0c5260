"""What a page was made of, and by which code, kept in the page itself, so that it can be made again."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.params import Params, parse_params, write_section
from pipeline.provenance import git_state
from pipeline.report.experiment import Experiment
from pipeline.report.stored import hash_stored, list_stored

KEPT = re.compile(r'<script type="application/json" id="made-of">(.*?)</script>', re.DOTALL)


@dataclass(frozen=True)
class MadeOf:
    """Files and parameters of a page, and the commit of the code that wrote it."""

    files: Mapping[str, Any]
    """Path, or list of paths, by the name that the step `report` gives it."""
    params: Params
    hashes: Mapping[str, str]
    """SHA-256 by the path of each file whose numbers are shown as stored."""
    commit: str
    """With a plus where files differed from it; empty outside of git."""


def describe_made_of(experiment: Experiment) -> MadeOf:
    """What a page is made of that is written now."""
    hashes = {str(path): hash_stored(path) for paths in list_stored(experiment).values() for path in paths}
    return MadeOf(experiment.files, experiment.params, hashes, tell_commit())


def tell_commit() -> str:
    """The commit of this code, with a plus where files differ from it; empty outside of git."""
    state = git_state()
    return f"{state['git_commit']}{'+' if state['git_dirty'] else ''}" if state["git_commit"] else ""


def write_made_of(made_of: MadeOf) -> dict[str, Any]:
    """For JSON."""
    files = {
        name: [str(path) for path in given] if isinstance(given, list) else str(given)
        for name, given in made_of.files.items()
    }
    kept = {"params": write_section(made_of.params), "files": files}
    return {**kept, "hashes": dict(made_of.hashes), "commit": made_of.commit}


def read_made_of(page: str) -> MadeOf | None:
    """What is kept in a page; None where it keeps nothing. Raises ParamsError where this code knows no such parameters."""
    found = KEPT.search(page)
    if not found:
        return None
    kept = json.loads(found[1])
    files = {
        name: [Path(path) for path in given] if isinstance(given, list) else Path(given)
        for name, given in kept["files"].items()
    }
    return MadeOf(
        files,
        parse_params(kept["params"], f"the page of {kept.get('commit') or 'an unknown commit'}"),
        kept.get("hashes", {}),
        kept.get("commit", ""),
    )


def list_files(files: Mapping[str, Any]) -> list[Path]:
    """All the paths."""
    return [path for given in files.values() for path in (given if isinstance(given, list) else [given])]
