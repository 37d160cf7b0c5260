"""Pairs the files of image folders, and of masks and depth, by their names."""

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.datasets.faults import Fault
from pipeline.datasets.raw.listing import Files, Key, list_folders
from pipeline.datasets.raw.names import find_namesakes, strip_affixes, tell_difference
from pipeline.datasets.raw.order import natural_key

__all__ = ["Folder", "Found", "Key", "RawSample", "list_folders", "pair_files", "tell_nearest"]

ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".7z", ".rar")


@dataclass(frozen=True, slots=True)
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
    told = _tell_namesakes(raw, folders, faults)
    for key in _sort_keys(set().union(*(folder.files for folder in folders))):
        lacking = [folder for folder in folders if key not in folder.files]
        if not lacking:
            yield key, [folder.files[key] for folder in folders]
            continue
        held = next(folder for folder in folders if key in folder.files)
        for folder in lacking if held.files[key] not in told else ():
            missing = f"{folder.path.joinpath(*key)}.*"
            mend = f"add it, or remove the {held.role}"
            fault = f"{held.role} '{raw / held.files[key]}' has no {folder.role} '{missing}': {mend}"
            faults.append(Fault(f"{folder.role}_missing", fault, held.files[key]))


def _sort_keys(keys: Iterable[Key]) -> Iterator[Key]:
    """Natural order of subfolders, then of stems, one subfolder in memory at a time."""
    stems: defaultdict[str, list[str]] = defaultdict(list)
    for parent, stem in keys:
        stems[parent].append(stem)
    for parent in sorted(stems, key=natural_key):
        yield from ((parent, stem) for stem in sorted(stems[parent], key=natural_key))


def _tell_namesakes(raw: Path, folders: Sequence[Folder], faults: list[Fault]) -> set[str]:
    """References of pairs whose names were meant to be alike; adds to `faults`."""
    told: set[str] = set()
    first, *others = folders
    for folder in others if not first.path.suffix else ():
        unpaired, spare = (_list_lone(held, other) for held, other in ((first, folder), (folder, first)))
        for parent in sorted(unpaired.keys() & spare.keys()) if not folder.path.suffix else ():
            left, right = unpaired[parent], spare[parent]
            alike = find_namesakes(right, left)
            for stem, other in alike.items():
                faults.append(_tell_difference(raw, folder.role, right[stem], left[other]))
                told |= {right[stem], left[other]}
            left, right = ({stem: name for stem, name in lone.items() if name not in told} for lone in (left, right))
            told |= _tell_affixes(raw, folder.role, right, left, faults)
    return told


def _list_lone(folder: Folder, other: Folder) -> dict[str, dict[str, str]]:
    """References by subfolder and stem of files whose keys the other folder lacks; frames and objects have no name to mend."""
    lone: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for key, name in folder.files.items():
        if key not in other.files and "#" not in name and not name.endswith("/"):
            lone[key[0]][key[1]] = name
    return lone


def _tell_difference(raw: Path, role: str, name: str, other: str) -> Fault:
    difference = tell_difference(Path(name).stem, Path(other).stem)
    where = f"{role} '{raw / name}' and image '{raw / other}' differ in {difference} alone"
    return Fault("name_differs", f"{where}, and pairs go by equal names: name both alike", name)


def _tell_affixes(
    raw: Path, role: str, lone: Mapping[str, str], others: Mapping[str, str], faults: list[Fault]
) -> set[str]:
    """A fault where all names of a folder have a beginning or an end that the images' lack."""
    left, right = strip_affixes(lone), strip_affixes(others)
    both = left.keys() & right.keys()
    if len(both) < max(2, len(left) / 2, len(right) / 2):
        return set()
    core = min(both, key=natural_key)
    where = f"all {len(lone)} {role}s are named like '{raw / left[core]}', and their images like '{raw / right[core]}'"
    mend = "name each as its image, or type python -m pipeline mend"
    faults.append(Fault("names_affixed", f"{where}: {mend}", left[core]))
    return {side[core] for core in both for side in (left, right)}


def tell_nearest(folder: Path, key: str = "") -> str:
    """A hint at the folder that a missing one may be meant by, or at the `key` of section data that names it."""
    names = [path.name for path in list_folders(folder.parent)] if folder.parent.is_dir() else []
    near = difflib.get_close_matches(folder.name, names, n=1)
    if near:
        return f"did you mean '{near[0]}'?" + (f" Rename it, or name it in data.{key}" if key else "")
    packed = [path.name for path in sorted(folder.parent.glob("*")) if path.suffix.lower() in ARCHIVES]
    if packed and not names:
        return f"unpack '{packed[0]}' into '{folder.parent}' first"
    told = f"'{folder.parent}' has {', '.join(names) or 'no folders'}"
    return f"{told}: rename one, or name it in data.{key}" if key and names else told
