"""Pairs the files of image and mask folders by their names."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.datasets.images import SUFFIXES
from pipeline.datasets.order import natural_key

Key = tuple[str, str]
"""Subfolder ("" where there is none) and stem of a file."""
Files = dict[Key, Path]


@dataclass(frozen=True)
class RawSample:
    """One sample as files: paths relative to the raw folder; `mask` is "" where it has none."""

    sample_id: str
    images: tuple[str, ...]
    mask: str
    sequence: str = ""
    time: int = 0
    group: str = ""
    subset: str = ""


@dataclass
class Found:
    """Samples found in natural order, and one line for each fault and each warning."""

    samples: list[RawSample] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def pair_files(channels: Sequence[Path], masks: Path | None, faults: list[str]) -> Iterator[tuple[Key, list[Path]]]:
    """Each key in natural order with its file in every channel folder and in the mask folder (unless None).

    A key that lacks a file, a folder that is missing, and whatever else is wrong adds to `faults`.
    """
    folders = [*channels, *([masks] if masks else [])]
    listed = [_list_files(folder, faults) for folder in folders]
    if not all(listed):
        return
    for key in sorted(set().union(*listed), key=lambda key: (natural_key(key[0]), natural_key(key[1]))):
        lacking = [folder for folder, files in zip(folders, listed, strict=True) if key not in files]
        if not lacking:
            yield key, [files[key] for files in listed]
            continue
        held = next(files[key] for files in listed if key in files)
        role = "mask" if held.is_relative_to(masks or "/dev/null") else "image"
        for folder in lacking:
            lost = "mask" if folder == masks else "image"
            faults.append(f"{role} '{held}' has no {lost} '{folder.joinpath(*key)}.*': add it, or remove the {role}")


def list_folders(folder: Path) -> list[Path]:
    """Visible subfolders in natural order."""
    return sorted((path for path in _visible(folder) if path.is_dir()), key=lambda path: natural_key(path.name))


def tell_nearest(folder: Path) -> str:
    """A hint at the folder that a missing one may be meant by."""
    names = [path.name for path in list_folders(folder.parent)] if folder.parent.is_dir() else []
    near = difflib.get_close_matches(folder.name, names, n=1)
    return f"did you mean '{near[0]}'?" if near else f"'{folder.parent}' has {', '.join(names) or 'no folders'}"


def _list_files(folder: Path, faults: list[str]) -> Files:
    if not folder.is_dir():
        faults.append(f"folder '{folder}' is missing: {tell_nearest(folder)}")
        return {}
    files: Files = {}
    for path in sorted(_walk(folder, faults), key=lambda path: natural_key(path.name)):
        key = ("" if path.parent == folder else path.parent.name, path.stem)
        if path.suffix.lower() not in SUFFIXES:
            faults.append(f"file '{path}' is none of {', '.join(SUFFIXES)}: export it as PNG, or remove it")
            continue
        if ";" in path.name:
            faults.append(f"file '{path}' has a semicolon in its name, which parts names in the manifest: rename it")
        if key in files:
            faults.append(f"file '{path}' has the same name as '{files[key].name}': keep one of them")
        files.setdefault(key, path)
    if not files:
        faults.append(f"folder '{folder}' holds no images: put files of {', '.join(SUFFIXES)} into it")
    return files


def _walk(folder: Path, faults: list[str]) -> Iterator[Path]:
    """Files of a folder and of its subfolders, one a sequence."""
    for path in _visible(folder):
        if not path.is_dir():
            yield path
            continue
        for inner in _visible(path):
            if inner.is_dir():
                faults.append(f"folder '{inner}' lies too deep: keep one subfolder a sequence, without further ones")
            else:
                yield inner


def _visible(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if not path.name.startswith(".") and path.name != "Thumbs.db")
