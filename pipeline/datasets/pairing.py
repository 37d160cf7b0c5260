"""Pairs the files of image folders, and of masks and depth, by their names."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.datasets.faults import Fault
from pipeline.datasets.listing import Files, Key, list_folders, sort_key

__all__ = ["Folder", "Found", "Key", "RawSample", "list_folders", "pair_files", "tell_nearest"]


@dataclass(frozen=True)
class RawSample:
    """One sample as files: references relative to the raw folder; `mask`, `depth` and `label` are "" where it has none."""

    sample_id: str
    images: tuple[str, ...]
    mask: str = ""
    depth: str = ""
    label: str = ""
    sequence: str = ""
    time: int = 0
    group: str = ""
    parts: str = ""
    subset: str = ""


@dataclass
class Found:
    """Samples found in natural order, and what is wrong or worth knowing."""

    samples: list[RawSample] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Folder:
    """The files of one folder, or of one COCO file, by their keys."""

    role: str
    """image, mask or depth."""
    path: Path
    files: Files


def pair_files(raw: Path, folders: Sequence[Folder], faults: list[Fault]) -> Iterator[tuple[Key, list[str]]]:
    """Each key in natural order with its reference in every folder; a key that one of them lacks adds to `faults`."""
    if not all(folder.files for folder in folders):
        return
    for key in sorted(set().union(*(folder.files for folder in folders)), key=sort_key):
        lacking = [folder for folder in folders if key not in folder.files]
        if not lacking:
            yield key, [folder.files[key] for folder in folders]
            continue
        held = next(folder for folder in folders if key in folder.files)
        for folder in lacking:
            missing = f"{folder.path.joinpath(*key)}.*"
            mend = f"add it, or remove the {held.role}"
            told = f"{held.role} '{raw / held.files[key]}' has no {folder.role} '{missing}': {mend}"
            faults.append(Fault(f"{folder.role}_missing", told, held.files[key]))


def tell_nearest(folder: Path) -> str:
    """A hint at the folder that a missing one may be meant by."""
    names = [path.name for path in list_folders(folder.parent)] if folder.parent.is_dir() else []
    near = difflib.get_close_matches(folder.name, names, n=1)
    return f"did you mean '{near[0]}'?" if near else f"'{folder.parent}' has {', '.join(names) or 'no folders'}"
