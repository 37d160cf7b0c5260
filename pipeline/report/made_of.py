"""What a page was made of, kept in the page itself, so that it can be made again."""

import json
import re
from pathlib import Path
from typing import Any

from pipeline.params import Params, parse_params, write_section
from pipeline.report.experiment import Experiment

KEPT = re.compile(r'<script type="application/json" id="made-of">(.*?)</script>', re.DOTALL)


def describe_files(experiment: Experiment) -> dict[str, Any]:
    """Parameters, and the paths of all files that were read, for JSON."""
    files = {
        name: [str(path) for path in given] if isinstance(given, list) else str(given)
        for name, given in experiment.files.items()
    }
    return {"params": write_section(experiment.params), "files": files}


def read_made_of(page: str) -> tuple[dict[str, Any], Params] | None:
    """Paths and parameters kept in a page; None where it keeps none."""
    found = KEPT.search(page)
    if not found:
        return None
    kept = json.loads(found[1])
    files = {
        name: [Path(path) for path in given] if isinstance(given, list) else Path(given)
        for name, given in kept["files"].items()
    }
    return files, parse_params(kept["params"])


def list_files(files: dict[str, Any]) -> list[Path]:
    """All the paths."""
    return [path for given in files.values() for path in (given if isinstance(given, list) else [given])]
