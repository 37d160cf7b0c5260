"""Finds the samples of a raw folder in any of the layouts: folders, subsets, sequences, classes, or a table."""

import difflib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.datasets.faults import Fault
from pipeline.datasets.raw.labels import find_class, read_label
from pipeline.datasets.raw.listing import GROUPS, Key, list_folders
from pipeline.datasets.raw.pairing import Found, RawSample, pair_files, tell_nearest
from pipeline.datasets.raw.roles import list_roles
from pipeline.datasets.raw.table import TABLE, find_in_table
from pipeline.params import DataParams

SUBSETS = {
    "train": "train",
    "training": "train",
    "validation": "validation",
    "valid": "validation",
    "val": "validation",
    "test": "test",
    "testing": "test",
}
"""Names of the folders of subsets."""
UNLABELLED = "unlabelled"


@dataclass(frozen=True)
class Root:
    """A folder that holds the folders of images and masks: of a subset, of a sequence, or of the whole data set."""

    path: Path
    subset: str = ""
    sequence: str = ""


def find_samples(raw: Path, data: DataParams) -> tuple[str, Found]:
    """The layout's name, and what was found."""
    if not raw.is_dir():
        return "", Found(faults=[Fault("folder_missing", f"folder '{raw}' is missing: {tell_nearest(raw)}")])
    if (raw / TABLE).is_file():
        return "table", find_in_table(raw)
    layout, roots, found = _find_roots(raw, data)
    for root in roots:
        _add_samples(root, raw, data, found)
    return layout, replace(found, samples=_count_frames(found.samples))


def _find_roots(raw: Path, data: DataParams) -> tuple[str, list[Root], Found]:
    if _is_root(raw, data):
        return "folders", [Root(raw)], Found()
    subsets = _find_subsets(raw)
    if subsets:
        faults = [*_check_subsets(raw, subsets), *_others(raw)]
        return "subsets", [root for subset in subsets for root in _divide(subset, data)], Found(faults=faults)
    if data.channels == (".",):
        return "classes" if data.labels == "folders" else "folders", [Root(raw)], Found()
    roots = _divide(Root(raw), data)
    if any(_is_root(root.path, data) for root in roots):
        return "sequences", roots, Found(faults=_tell_misspelt(raw))
    return "", [], Found(faults=[*_tell_table(raw), *(_tell_missing(raw, name) for name in data.channels)])


def _find_subsets(raw: Path) -> list[Root]:
    """Folders of subsets, capitals or not, in the order of SUBSETS; nothing where none is spelt as one."""
    folders = list_folders(raw)
    return [Root(path, subset) for name, subset in SUBSETS.items() for path in folders if path.name.lower() == name]


def _check_subsets(raw: Path, subsets: list[Root]) -> Iterator[Fault]:
    """A fault for a second folder of one subset, whose samples would have the names of the first's."""
    first: dict[str, Path] = {}
    for root in subsets:
        held = first.setdefault(root.subset, root.path)
        if held != root.path:
            told = f"folder '{root.path}' is the subset {root.subset}, as '{held.name}' is: put both into one folder"
            yield Fault("subset_twice", told, root.path.relative_to(raw).as_posix())


def _others(raw: Path) -> list[Fault]:
    others = [folder for folder in list_folders(raw) if folder.name.lower() not in SUBSETS]
    known = ", ".join(dict.fromkeys(SUBSETS.values()))
    return [
        Fault("unknown_subset", f"folder '{path}' is none of {known}: rename it, or move it elsewhere", path.name)
        for path in others
    ]


def _tell_misspelt(raw: Path) -> list[Fault]:
    """A fault for each folder that is nearly a subset's and not a numbered sequence's."""
    near = {path: difflib.get_close_matches(path.name.lower(), SUBSETS, 1, cutoff=0.8) for path in list_folders(raw)}
    return [
        Fault(
            "unknown_subset",
            f"folder '{path}' is no subset, did you mean '{names[0]}'? Then rename it, else number it as a sequence",
            path.name,
        )
        for path, names in near.items()
        if names and path.name.isalpha()
    ]


def _tell_table(raw: Path) -> list[Fault]:
    tables = [path.name for path in raw.iterdir() if path.suffix.lower() == TABLE[-4:] and path.name != GROUPS]
    near = difflib.get_close_matches(TABLE, tables, 1)
    told = f"file '{raw / near[0]}' is not read, as a table of samples is named {TABLE}: rename it" if near else ""
    return [Fault("table_misspelt", told, near[0])] if near else []


def _tell_missing(raw: Path, name: str) -> Fault:
    return Fault("folder_missing", f"folder '{raw / name}' is missing: {tell_nearest(raw / name, 'channels')}", name)


def _divide(root: Root, data: DataParams) -> list[Root]:
    """The root itself, or its subfolders as sequences."""
    if _is_root(root.path, data) or data.channels == (".",):
        return [root]
    return [replace(root, path=folder, sequence=folder.name) for folder in list_folders(root.path)] or [root]


def _is_root(folder: Path, data: DataParams) -> bool:
    named = [*data.channels, data.masks, data.depth and data.depth.folder]
    return any((folder / name).exists() for name in named if name and name != ".")


def _add_samples(root: Root, raw: Path, data: DataParams, found: Found) -> None:
    folders = list_roles(raw, root.path, root.subset == "test", data, found.faults)
    roles = [folder.role for folder in folders]
    for key, references in pair_files(raw, folders, found.faults):
        files = dict(zip(roles, references, strict=True))
        images = tuple(reference for role, reference in zip(roles, references, strict=True) if role == "image")
        sample_id = _join(root.subset, root.sequence, *key)
        label = read_label(images[0], key, root.subset, data, found.faults)
        is_labelled = "mask" in files or "depth" in files or label != ""
        sequence = _name_sequence(root, images[0], key, raw, data)
        sample = RawSample(sample_id, images, files.get("mask", ""), files.get("depth", ""), label, sequence)
        subset = root.subset if is_labelled else UNLABELLED
        found.samples.append(replace(sample, group=sequence or sample_id, subset=subset))
    _warn_of_unused(root, data, found)


def _warn_of_unused(root: Root, data: DataParams, found: Found) -> None:
    used = {*data.channels, data.masks, data.depth and data.depth.folder}
    unused = [path.name for path in list_folders(root.path) if path.name not in used]
    if unused and _is_root(root.path, data):
        found.warnings.append(
            f"'{root.path}' has folders that are not used: {', '.join(unused)} (see data.channels, data.masks and data.depth)"
        )


def _name_sequence(root: Root, reference: str, key: Key, raw: Path, data: DataParams) -> str:
    """The folder, film or stack that an image is of; the folder of a class is none, nor one of labelled images without order."""
    is_folder = find_class(reference, key) == key[0]
    is_class = data.labels == "folders" or (data.labels is not None and not data.ordered)
    parent = "" if is_folder and is_class else key[0]
    if root.sequence or parent:
        return _join(root.subset, root.sequence, parent)
    return (root.subset or raw.name) if data.ordered else ""


def _join(*parts: str) -> str:
    return "/".join(part for part in parts if part)


def _count_frames(samples: list[RawSample]) -> list[RawSample]:
    """The samples with their time: the position in their sequence."""
    counts: Counter[str] = Counter()
    timed = []
    for sample in samples:
        timed.append(replace(sample, time=counts[sample.sequence] if sample.sequence else 0))
        counts[sample.sequence] += 1
    return timed
