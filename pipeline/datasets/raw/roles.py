"""The folders of one root by what they hold: images, masks in any form, depth."""

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from pipeline.datasets.faults import DataError, Fault
from pipeline.datasets.raw.listing import Files, Key, list_files, list_folders, sort_key
from pipeline.datasets.raw.pairing import Folder, tell_nearest
from pipeline.datasets.reading import POLYGONS, SUFFIXES, Role, list_coco
from pipeline.params import DataParams

KEYS = {"image": "channels", "mask": "masks", "depth": "depth.folder"}
"""Key of section data that names the folder of a role."""


def list_roles(raw: Path, root: Path, may_lack: bool, data: DataParams, faults: list[Fault]) -> list[Folder]:
    """Image folders, then those of the masks and of depth, with their files; adds to `faults`.

    Where targets `may_lack`, a folder of them that is missing is left out.
    """
    folders = [_list(raw, "image", root / name, faults, data.axes) for name in data.channels]
    if data.masks is not None and ((root / data.masks).exists() or not may_lack):
        masks = _list_masks(raw, root / data.masks, data, faults)
        if data.instances is None and _are_objects(folders[0], masks):
            told = f"folder '{masks.path}' has a folder for each image, with {len(masks.files)} files in them"
            mend = "set data.instances to files if each is one object, else keep one mask an image"
            faults.append(Fault("instances_unset", f"{told}: {mend}", masks.path.relative_to(raw).as_posix()))
            masks = replace(masks, files={})
        folders.append(_align(raw, folders[0], masks, faults))
    if data.depth is not None and ((root / data.depth.folder).exists() or not may_lack):
        folders.append(_list(raw, "depth", root / data.depth.folder, faults, data.axes))
    return folders


def _list(raw: Path, role: Role, folder: Path, faults: list[Fault], axes: str | None, polygons: bool = False) -> Folder:
    suffixes = (*SUFFIXES, *POLYGONS) if polygons else SUFFIXES
    if not folder.is_dir():
        told = f"folder '{folder}' is missing: {tell_nearest(folder, KEYS[role])}"
        faults.append(Fault("folder_missing", told, folder.relative_to(raw).as_posix()))
        return Folder(role, folder, {})
    known = len(faults)
    files = list_files(raw, folder, role, faults, suffixes=suffixes, axes=axes)
    if not files and len(faults) == known:
        told = f"folder '{folder}' holds no images: put files of {', '.join(suffixes)} into it"
        faults.append(Fault("folder_empty", told, folder.relative_to(raw).as_posix()))
    return Folder(role, folder, files)


def _list_masks(raw: Path, path: Path, data: DataParams, faults: list[Fault]) -> Folder:
    if path.suffix == ".json":
        return Folder("mask", path, _list_entries(raw, path, faults))
    if data.instances == "files" and path.is_dir():
        return Folder("mask", path, _list_instances(raw, path, faults))
    return _list(raw, "mask", path, faults, data.axes, polygons=True)


def _list_entries(raw: Path, path: Path, faults: list[Fault]) -> Files:
    """The entries of a COCO file; two for images of one name add to `faults`."""
    file = path.relative_to(raw).as_posix()
    found: Files = {}
    try:
        names = list_coco(path)
    except DataError as fault:
        faults.extend(replace(single, file=file) for single in fault.faults)
        return {}
    if not names:
        told = f"COCO file '{path}' lists no images: export it again with them, or set data.masks to null"
        faults.append(Fault("coco_empty", told, file))
    for name in names:
        first = found.setdefault(_key(Path(name)), f"{file}#{name}").partition("#")[2]
        if first != name:
            told = f"COCO file '{path}' has two entries for one image, '{first}' and '{name}'"
            mend = "put their outlines into one, or give each image a name of its own"
            faults.append(Fault("entry_twice", f"{told}: {mend}", file))
    return found


def _list_instances(raw: Path, folder: Path, faults: list[Fault]) -> Files:
    """A folder of files for each image, in a further folder for each sequence; none at all adds to `faults`."""
    found: Files = {}
    for path in list_folders(folder):
        for inner in list_folders(path) or [path]:
            parent = "" if inner == path else path.name
            found[parent, inner.name] = f"{inner.relative_to(raw).as_posix()}/"
    if not found:
        told = f"folder '{folder}' holds no folder of an image's objects: put those of each image into one of its name"
        mend = "set data.instances to null if each file is a whole mask"
        faults.append(Fault("folder_empty", f"{told}, or {mend}", folder.relative_to(raw).as_posix()))
    return found


def _align(raw: Path, images: Folder, masks: Folder, faults: list[Fault]) -> Folder:
    """Masks in a folder named as a film or stack, by their order its frames'."""
    frames: dict[str, list[Key]] = defaultdict(list)
    singles: dict[str, list[Key]] = defaultdict(list)
    for key, reference in images.files.items():
        if "#" in reference:
            frames[key[0]].append(key)
    for key, reference in masks.files.items():
        if "#" not in reference and key[0] in frames:
            singles[key[0]].append(key)
    files = dict(masks.files)
    for name, keys in singles.items():
        held = {key: files.pop(key) for key in sorted(keys, key=sort_key)}
        if len(held) != len(frames[name]):
            file = images.files[frames[name][0]].partition("#")[0]
            told = f"'{raw / file}' has {len(frames[name])} frames, and '{masks.path / name}' {len(held)} masks"
            faults.append(Fault("frames_differ", f"{told}: give each frame a mask, named in the frames' order", file))
            for key in frames[name]:
                images.files.pop(key)
            continue
        files |= dict(zip(frames[name], held.values(), strict=True))
    return Folder("mask", masks.path, files)


def _are_objects(images: Folder, masks: Folder) -> bool:
    """Whether the masks lie in folders that are named as single images."""
    singles = {key[1] for key, reference in images.files.items() if key[0] == "" and "#" not in reference}
    return bool(masks.files) and {key[0] for key in masks.files} <= singles


def _key(path: Path) -> Key:
    return ("" if path.parent == Path() else path.parent.name, path.stem)
