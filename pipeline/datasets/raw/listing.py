"""Lists the files of a folder by subfolder and stem, frames of a film or stack one by one."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.datasets.faults import DataError, Fault
from pipeline.datasets.raw.names import check_name, fold, tell_difference
from pipeline.datasets.raw.order import natural_key
from pipeline.datasets.reading import POLYGONS, SUFFIXES, Role, count_frames
from pipeline.datasets.reading.stacks import ZARR

Key = tuple[str, str]
"""Subfolder, film or stack ("" where there is none), and stem or frame of a file."""
Files = dict[Key, str]
"""References relative to the raw folder."""
GROUPS = "groups.csv"
"""Names files that belong together, in the raw folder; it is no sample itself."""
LEFT_BEHIND = ("thumbs.db", "desktop.ini")
"""Files that systems put into folders, in lower case; names with a dot in front are passed over as well."""


def list_files(
    raw: Path, folder: Path, role: Role, faults: list[Fault], *, suffixes: tuple[str, ...] = SUFFIXES, axes: str | None
) -> Files:
    """References of all files of a folder and its subfolders, in natural order; adds to `faults`."""
    files: Files = {}
    above = [path for path in (folder, *folder.parents) if raw in path.parents]
    if wrong := [fault for path in above if (fault := check_name(raw, path))]:
        faults.extend(fault for fault in wrong if fault not in faults)
        return {}
    films: dict[str, str] = {}
    for inner, paths in _walk(raw, folder, faults):
        parent = "" if inner == folder else inner.name
        if parent in films:
            faults.append(_tell_twice(raw, inner, films[parent]))
            continue
        found = dict(_expand(raw, parent, _name_files(raw, paths, suffixes, faults), role, axes, faults))
        films |= {key[0]: name.partition("#")[0] for key, name in found.items() if "#" in name}
        files |= found
    return files


def _tell_twice(raw: Path, folder: Path, film: str) -> Fault:
    where = f"folder '{folder}' and the frames of '{raw / film}' are one sequence '{folder.name}'"
    return Fault("sequence_twice", f"{where}: rename one of them", folder.relative_to(raw).as_posix())


def list_folders(folder: Path) -> list[Path]:
    """Visible subfolders in natural order; arrays that are kept as folders are none."""
    return sorted((path for path in _visible(folder) if _is_folder(path)), key=lambda path: natural_key(path.name))


def sort_key(key: Key) -> tuple[str, str]:
    """Natural order of subfolders, then of stems."""
    return (natural_key(key[0]), natural_key(key[1]))


def _name_files(raw: Path, paths: Sequence[Path], suffixes: tuple[str, ...], faults: list[Fault]) -> dict[str, Path]:
    """The files of one folder by their stems, in natural order; adds to `faults`."""
    files: dict[str, Path] = {}
    twins: dict[tuple[str, str], Path] = {}
    for path in sorted(paths, key=lambda path: natural_key(path.name)):
        fault = _check_name(raw, path, suffixes)
        if fault is not None:
            faults.append(fault)
            continue
        first = files.setdefault(path.stem.removesuffix(".ome"), path)  # a.ome.tif goes with a.png
        if first is not path:
            told = f"file '{path}' has the same name as '{first.name}': keep one of them, or give one file a name"
            faults.append(Fault("same_stem", told, path.relative_to(raw).as_posix()))
        twin = twins.setdefault((fold(path.stem), path.suffix.casefold()), path)
        if twin is not path:
            where = f"file '{path}' and '{twin.name}' differ in {tell_difference(path.stem, twin.stem)} alone"
            told = f"{where}, and other systems take them for one: rename or remove one of them"
            faults.append(Fault("name_twins", told, path.relative_to(raw).as_posix()))
    return files


def _expand(
    raw: Path, parent: str, files: dict[str, Path], role: Role, axes: str | None, faults: list[Fault]
) -> Iterator[tuple[Key, str]]:
    """A file of several frames is a sequence of its own: its keys have the file's name for subfolder."""
    for stem, path in files.items():
        name = path.relative_to(raw).as_posix()
        try:
            frames = 1 if path.suffix.lower() in POLYGONS else count_frames(path, axes, role)
        except DataError as fault:
            faults.extend(Fault(single.kind, single.message, name) for single in fault.faults)
            continue
        if frames == 1:
            yield (parent, stem), name
        for frame in range(frames) if frames > 1 else ():
            yield (f"{parent}/{stem}" if parent else stem, f"{frame:04d}"), f"{name}#{frame}"


def _check_name(raw: Path, path: Path, suffixes: tuple[str, ...]) -> Fault | None:
    name = path.relative_to(raw).as_posix()
    if path.name == GROUPS:
        told = f"file '{path}' is not read here: move it to '{raw / GROUPS}', and name files as seen from there"
        return Fault("groups_misplaced", told, name)
    if path.suffix.lower() not in suffixes:
        told = f"file '{path}' is none of {', '.join(suffixes)}: export it as PNG, or remove it"
        return Fault("stray_file", told, name)
    if fault := check_name(raw, path):
        return fault
    if not os.access(path, os.R_OK):
        return tell_unreadable(raw, path)
    return None


def _walk(raw: Path, folder: Path, faults: list[Fault]) -> Iterator[tuple[Path, list[Path]]]:
    """A folder and its subfolders, one a sequence, each with its files; links that lead nowhere add to `faults`."""
    held = list(_without_links(raw, folder, faults))
    folders = {path for path in held if _is_folder(path)}
    yield folder, [path for path in held if path not in folders]
    for subfolder in sorted(folders, key=lambda path: natural_key(path.name)):
        if fault := check_name(raw, subfolder):
            faults.append(fault)
            continue
        yield subfolder, list(_list_subfolder(raw, subfolder, faults))


def _list_subfolder(raw: Path, folder: Path, faults: list[Fault]) -> Iterator[Path]:
    if os.access(folder, os.R_OK) and not any(_visible(folder)):
        told = f"folder '{folder}' holds no images: put files into it, or remove the folder"
        faults.append(Fault("subfolder_empty", told, folder.relative_to(raw).as_posix()))
    for inner in _without_links(raw, folder, faults):
        if _is_folder(inner):
            told = f"folder '{inner}' lies too deep: keep one subfolder a sequence, without further ones"
            faults.append(Fault("too_deep", told, inner.relative_to(raw).as_posix()))
        else:
            yield inner


def _without_links(raw: Path, folder: Path, faults: list[Fault]) -> Iterator[Path]:
    """What a folder holds but for links that lead nowhere or back, which add to `faults`."""
    for path in _visible(folder, raw, faults):
        if fault := _check_link(raw, path):
            faults.append(fault)
        else:
            yield path


def _check_link(raw: Path, path: Path) -> Fault | None:
    """A fault where a link leads nowhere, or into a folder that it lies in."""
    if not path.is_symlink():
        return None
    name, target = path.relative_to(raw).as_posix(), path.readlink()
    try:
        if path.resolve(strict=True) not in path.parent.resolve().parents and path.resolve() != path.parent.resolve():
            return None
    except FileNotFoundError:
        told = f"'{path}' is a link to '{target}', which is not there: link it again, or remove the link"
        return Fault("link_dangling", told, name)
    except PermissionError:
        return tell_unreadable(raw, path)
    except (OSError, RuntimeError):  # a loop is the one in Python 3.13, the other before
        pass
    return Fault("link_loop", f"'{path}' is a link to '{target}', which leads back to itself: remove the link", name)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and path.suffix.lower() not in ZARR


def tell_unreadable(raw: Path, path: Path) -> Fault:
    """The fault of a file or folder that its owner keeps from us."""
    right = "u+rx" if path.is_dir() else "u+r"
    told = f"'{path}' cannot be read (permission denied): type chmod {right} '{path}', or ask its owner to"
    return Fault("unreadable", told, path.relative_to(raw).as_posix())


def _visible(folder: Path, raw: Path | None = None, faults: list[Fault] | None = None) -> Iterator[Path]:
    """What a folder holds but for GROUPS in `raw` and what systems leave behind; a folder that cannot be read adds to `faults`."""
    try:
        held = list(folder.iterdir())
    except PermissionError:
        if raw is not None and faults is not None:
            faults.append(tell_unreadable(raw, folder))
        return
    own = [raw / GROUPS] if raw is not None else []
    yield from (path for path in held if not _is_left_behind(path.name) and path not in own)


def _is_left_behind(name: str) -> bool:
    return name.startswith(".") or name.lower() in LEFT_BEHIND
