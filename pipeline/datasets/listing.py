"""Lists the files of a folder by subfolder and stem, frames of a film or stack one by one."""

from collections.abc import Iterator
from pathlib import Path

from pipeline.datasets.faults import DataError, Fault
from pipeline.datasets.order import natural_key
from pipeline.datasets.reading import SUFFIXES, count_frames

Key = tuple[str, str]
"""Subfolder, film or stack ("" where there is none), and stem or frame of a file."""
Files = dict[Key, str]
"""References relative to the raw folder."""


def list_files(
    raw: Path, folder: Path, role: str, faults: list[Fault], *, suffixes: tuple[str, ...] = SUFFIXES, axes: str | None
) -> Files:
    """References of all files of a folder and its subfolders, in natural order; adds to `faults`."""
    files: dict[Key, Path] = {}
    for path in sorted(_walk(raw, folder, faults), key=lambda path: natural_key(path.name)):
        key = ("" if path.parent == folder else path.parent.name, path.stem)
        name = path.relative_to(raw).as_posix()
        if path.suffix.lower() not in suffixes:
            told = f"file '{path}' is none of {', '.join(suffixes)}: export it as PNG, or remove it"
            faults.append(Fault("stray_file", told, name))
            continue
        if ";" in path.name:
            told = f"file '{path}' has a semicolon in its name, which parts names in the manifest: rename it"
            faults.append(Fault("semicolon", told, name))
        if key in files:
            told = f"file '{path}' has the same name as '{files[key].name}': keep one of them"
            faults.append(Fault("same_stem", told, name))
        files.setdefault(key, path)
    return dict(_expand(raw, files, role, axes, faults))


def list_folders(folder: Path) -> list[Path]:
    """Visible subfolders in natural order; arrays that are kept as folders are none."""
    return sorted((path for path in _visible(folder) if _is_folder(path)), key=lambda path: natural_key(path.name))


def sort_key(key: Key) -> tuple[object, ...]:
    """Natural order of subfolders, then of stems."""
    return (natural_key(key[0]), natural_key(key[1]))


def _expand(
    raw: Path, files: dict[Key, Path], role: str, axes: str | None, faults: list[Fault]
) -> Iterator[tuple[Key, str]]:
    """A file of several frames is a sequence of its own: its keys have the file's name for subfolder."""
    for (parent, stem), path in files.items():
        name = path.relative_to(raw).as_posix()
        try:
            frames = count_frames(path, axes, role)
        except DataError as fault:
            faults.extend(Fault(single.kind, single.message, name) for single in fault.faults)
            continue
        if frames == 1:
            yield (parent, stem), name
        for frame in range(frames) if frames > 1 else ():
            yield (f"{parent}/{stem}" if parent else stem, f"{frame:04d}"), f"{name}#{frame}"


def _walk(raw: Path, folder: Path, faults: list[Fault]) -> Iterator[Path]:
    """Files of a folder and of its subfolders, one a sequence."""
    for path in _visible(folder):
        if not _is_folder(path):
            yield path
            continue
        for inner in _visible(path):
            if _is_folder(inner):
                told = f"folder '{inner}' lies too deep: keep one subfolder a sequence, without further ones"
                faults.append(Fault("too_deep", told, inner.relative_to(raw).as_posix()))
            else:
                yield inner


def _is_folder(path: Path) -> bool:
    return path.is_dir() and path.suffix.lower() not in SUFFIXES


def _visible(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if not path.name.startswith(".") and path.name != "Thumbs.db")
