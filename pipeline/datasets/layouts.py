"""Finds the samples of a raw folder in any of the layouts: folders, subsets, sequences, or a table."""

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.datasets.pairing import Found, Key, RawSample, list_folders, pair_files, tell_nearest
from pipeline.datasets.table import TABLE, find_in_table
from pipeline.params import DataParams

SUBSETS = ("train", "validation", "test")
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
        return "", Found(faults=[f"folder '{raw}' is missing: {tell_nearest(raw)}"])
    if (raw / TABLE).is_file():
        return "table", find_in_table(raw)
    layout, roots, found = _find_roots(raw, data)
    for root in roots:
        _add_samples(root, raw, data, found)
    return layout, replace(found, samples=_count_frames(found.samples))


def _find_roots(raw: Path, data: DataParams) -> tuple[str, list[Root], Found]:
    if _is_root(raw, data):
        return "folders", [Root(raw)], Found()
    subsets = [Root(raw / name, subset=name) for name in SUBSETS if (raw / name).is_dir()]
    if subsets:
        others = [folder for folder in list_folders(raw) if folder.name not in SUBSETS]
        faults = [
            f"folder '{folder}' is none of {', '.join(SUBSETS)}: rename it, or move it elsewhere" for folder in others
        ]
        return "subsets", [root for subset in subsets for root in _divide(subset, data)], Found(faults=faults)
    roots = _divide(Root(raw), data)
    if any(_is_root(root.path, data) for root in roots):
        return "sequences", roots, Found()
    return (
        "",
        [],
        Found(faults=[f"folder '{raw / name}' is missing: {tell_nearest(raw / name)}" for name in data.channels]),
    )


def _divide(root: Root, data: DataParams) -> list[Root]:
    """The root itself, or its subfolders as sequences."""
    if _is_root(root.path, data):
        return [root]
    return [replace(root, path=folder, sequence=folder.name) for folder in list_folders(root.path)] or [root]


def _is_root(folder: Path, data: DataParams) -> bool:
    return any((folder / name).is_dir() for name in (*data.channels, data.masks))


def _add_samples(root: Root, raw: Path, data: DataParams, found: Found) -> None:
    is_labelled = root.subset != "test" or (root.path / data.masks).is_dir()
    subset = root.subset if is_labelled else UNLABELLED
    channels = [root.path / name for name in data.channels]
    for key, files in pair_files(channels, root.path / data.masks if is_labelled else None, found.faults):
        names = [file.relative_to(raw).as_posix() for file in files]
        mask = names.pop() if is_labelled else ""
        sample_id = _join(root.subset, root.sequence, *key)
        sequence = _name_sequence(root, key, raw, data)
        found.samples.append(RawSample(sample_id, tuple(names), mask, sequence, 0, sequence or sample_id, subset))
    unused = [path.name for path in list_folders(root.path) if path.name not in (*data.channels, data.masks)]
    if unused and _is_root(root.path, data):
        found.warnings.append(f"'{root.path}' has folders that are not used: {', '.join(unused)} (see data.channels)")


def _name_sequence(root: Root, key: Key, raw: Path, data: DataParams) -> str:
    if root.sequence or key[0]:
        return _join(root.subset, root.sequence, key[0])
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
