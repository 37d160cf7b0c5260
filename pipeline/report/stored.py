"""Numbers that a page shows as they are stored, since what gave them is not there or takes too long, and the hashes of their files."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from pipeline.provenance import hash_of_files
from pipeline.report.experiment import Experiment
from pipeline.report.recomputing import list_advice

STORED: Mapping[str, tuple[str, ...]] = {
    "data": ("explored", "dataset"),
    "audit": ("audited",),
    "fits": ("fits", "histories"),
    "search": ("searches", "trials"),
    "model": ("registered",),
    "registered": ("registered",),
    "uncertainty": ("uncertainty",),
    "unlabelled": ("unlabelled",),
    "origin": ("benchmarks",),
}
"""Beginning of a cell's name, and the files of the step `report` that its numbers are read from: pixels were counted, fitted models
asked, clocks read. All other numbers are computed from scores, predictions and tables."""
COMPUTED = "test"
"""Of the tables of uncertainty the one that the predictions give again."""
NAMED = 2
Stored = Mapping[str, list[Path]]


def list_stored(experiment: Experiment) -> Stored:
    """By the beginning of a cell's name the files that such numbers are read from."""
    files = {area: [path for name in names for path in _listed(experiment, name)] for area, names in STORED.items()}
    advice = [path for path in experiment.files["advice"] if path.stem not in list_advice(experiment)]
    return files | {path.stem: [path] for path in advice}


def hash_stored(path: Path) -> str:
    """SHA-256 of a file's content, or of the names and sizes of all files in a folder."""
    if path.is_file():
        return hash_of_files([path])
    listed = [f"{file.relative_to(path)} {file.stat().st_size}" for file in sorted(path.rglob("*")) if file.is_file()]
    return hashlib.sha256("\n".join(listed).encode()).hexdigest()


def tell_stored(stored: Stored, hashes: Mapping[str, str]) -> dict[str, str]:
    """By the beginning of a cell's name, what a reader is told of the files that such numbers stand in."""
    told = {}
    for area, paths in stored.items():
        named = [f"{path}, SHA-256 {hashes.get(str(path), '')[:8]}" for path in paths[:NAMED]]
        more = [f"{len(paths) - NAMED} more"] if len(paths) > NAMED else []
        told[area] = "; ".join([*named, *more])
    return told


def _listed(experiment: Experiment, name: str) -> list[Path]:
    given = experiment.files[name]
    paths = given if isinstance(given, list) else [given]
    return [path for path in paths if name != "uncertainty" or path.stem != COMPUTED]
