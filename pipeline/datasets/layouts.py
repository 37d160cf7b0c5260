"""Finds the samples of a raw folder in any of the layouts: folders, subsets, sequences, classes, or a table."""

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.datasets.faults import Fault
from pipeline.datasets.labels import read_label
from pipeline.datasets.listing import Key, list_folders
from pipeline.datasets.pairing import Found, RawSample, pair_files, tell_nearest
from pipeline.datasets.roles import list_roles
from pipeline.datasets.table import TABLE, find_in_table
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
    subsets = [Root(raw / name, subset=subset) for name, subset in SUBSETS.items() if (raw / name).is_dir()]
    if subsets:
        return "subsets", [root for subset in subsets for root in _divide(subset, data)], Found(faults=_others(raw))
    if data.channels == (".",):
        return "classes" if data.labels == "folders" else "folders", [Root(raw)], Found()
    roots = _divide(Root(raw), data)
    if any(_is_root(root.path, data) for root in roots):
        return "sequences", roots, Found()
    return "", [], Found(faults=[_tell_missing(raw, name) for name in data.channels])


def _others(raw: Path) -> list[Fault]:
    others = [folder for folder in list_folders(raw) if folder.name not in SUBSETS]
    known = ", ".join(dict.fromkeys(SUBSETS.values()))
    return [
        Fault("unknown_subset", f"folder '{path}' is none of {known}: rename it, or move it elsewhere", path.name)
        for path in others
    ]


def _tell_missing(raw: Path, name: str) -> Fault:
    return Fault("folder_missing", f"folder '{raw / name}' is missing: {tell_nearest(raw / name)}", name)


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
        sequence = _name_sequence(root, key, raw, data)
        sample = RawSample(sample_id, images, files.get("mask", ""), files.get("depth", ""), label, sequence)
        subset = root.subset if is_labelled else UNLABELLED
        found.samples.append(replace(sample, group=sequence or sample_id, subset=subset))
    _warn_of_unused(root, data, found)


def _warn_of_unused(root: Root, data: DataParams, found: Found) -> None:
    used = {*data.channels, data.masks, data.depth and data.depth.folder}
    unused = [path.name for path in list_folders(root.path) if path.name not in used]
    if unused and _is_root(root.path, data):
        found.warnings.append(f"'{root.path}' has folders that are not used: {', '.join(unused)} (see data.channels)")


def _name_sequence(root: Root, key: Key, raw: Path, data: DataParams) -> str:
    parent = "" if data.labels == "folders" else key[0]
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
