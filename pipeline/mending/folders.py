"""Mends of files and folders: what is left out, renamed, or brought one folder up."""

import difflib
from pathlib import PurePosixPath

from pipeline.datasets.faults import Fault
from pipeline.datasets.raw.layouts import SUBSETS
from pipeline.datasets.raw.listing import list_folders
from pipeline.datasets.raw.table import TABLE
from pipeline.datasets.reading import SUFFIXES
from pipeline.mending.groups import drop_from_groups
from pipeline.mending.tables import drop_rows
from pipeline.mending.workplace import Refused, Workplace
from pipeline.mending.writing import discard, move

PHOTOS = (
    ".heic",
    ".heif",
    ".avif",
    ".gif",
    ".jp2",
    ".jxl",
    ".psd",
    ".svg",
    ".pdf",
    ".raw",
    ".dng",
    ".cr2",
    ".nef",
    ".arw",
)
SCANS = (".dcm", ".nii", ".mha", ".nrrd", ".mrc", ".czi", ".lif", ".nd2", ".oib", ".svs", ".ndpi", ".vsi", ".ims")
CONTAINERS = (".gz", ".h5", ".hdf5", ".mat", ".zip", ".7z", ".rar", ".tar")
OTHER_IMAGES = (*PHOTOS, *SCANS, *CONTAINERS)
"""Suffixes of files that are not read here but may hold images."""


def leave_out(place: Workplace, fault: Fault) -> str:
    """Remove a file of the copy that cannot be used; its partners lack it then, and follow."""
    name, _, entry = fault.file.partition("#")
    if entry:
        raise Refused("it is one entry of a file with many: correct that file")
    reason = fault.message.replace(f"{place.raw}/", "").partition(": ")[0].removeprefix("image ").partition("' ")[2]
    if place.layout == "table":
        return drop_rows(place, name, reason)
    if place.is_frame(name):
        raise Refused("it is a frame of a sequence, which would close up without it: add it, or divide the sequence")
    discard(place.raw / name)
    return f"{name}: left out, as it {reason or 'cannot be used'}{drop_from_groups(place, [name])}"


def leave_out_stray(place: Workplace, fault: Fault) -> str:
    """Remove a file of the copy that is no image."""
    suffix = PurePosixPath(fault.file).suffix.lower()
    if suffix in OTHER_IMAGES:
        raise Refused(f"a {suffix} file may hold an image that belongs here: export it as PNG or TIFF, or remove it")
    discard(place.raw / fault.file)
    return f"{fault.file}: left out, as it is no image"


def leave_out_link(place: Workplace, fault: Fault) -> str:
    """Remove a link of the copy that leads nowhere."""
    discard(place.raw / fault.file)
    return f"{fault.file}: link left out, as it leads nowhere{drop_from_groups(place, [fault.file])}"


def leave_out_folder(place: Workplace, fault: Fault) -> str:
    """Remove an empty subfolder of the copy."""
    discard(place.raw / fault.file)
    return f"{fault.file}: empty folder left out"


def mend_missing_folder(place: Workplace, fault: Fault) -> str:
    """Rename the one folder whose name is nearly that of a missing one."""
    wanted = PurePosixPath(fault.file)
    parent = place.raw / wanted.parent
    used = {*place.data.channels, place.data.masks, place.data.depth and place.data.depth.folder, *SUBSETS}
    free = (
        [path.name for path in list_folders(parent) if path.name not in used] if fault.file and parent.is_dir() else []
    )
    near = difflib.get_close_matches(wanted.name, free, n=2)
    if len(near) != 1:
        raise Refused("which folder is meant is not known: rename it, or name it in section data")
    move(place, str(wanted.with_name(near[0])), fault.file)
    return f"{wanted.with_name(near[0])}: renamed to '{wanted.name}'"


def mend_subset(place: Workplace, fault: Fault) -> str:
    """Rename a folder whose name is nearly a subset's, or leave one without images out."""
    path = place.raw / fault.file
    if not path.is_dir():
        raise Refused("which subset is meant is not known: correct it in the table")
    taken = {SUBSETS[folder.name.lower()] for folder in list_folders(place.raw) if folder.name.lower() in SUBSETS}
    near = difflib.get_close_matches(
        fault.file.lower(), [name for name, subset in SUBSETS.items() if subset not in taken], n=1
    )
    if near:
        move(place, fault.file, SUBSETS[near[0]])
        return f"{fault.file}: renamed to '{SUBSETS[near[0]]}'"
    if any(inner.suffix.lower() in SUFFIXES for inner in path.rglob("*")):
        raise Refused("it holds images, and which subset they belong to is not known: rename it, or move it elsewhere")
    discard(path)
    return f"{fault.file}: left out, as it holds no images"


def mend_table_name(place: Workplace, fault: Fault) -> str:
    """Name a table as tables are named."""
    move(place, fault.file, TABLE)
    return f"{fault.file}: renamed to '{TABLE}'"


def mend_depth(place: Workplace, fault: Fault) -> str:
    """Bring a folder two folders deep one up, both names in one."""
    path = PurePosixPath(fault.file)
    flat = path.parent.with_name(f"{path.parent.name}_{path.name}")
    move(place, fault.file, str(flat))
    if not any((place.raw / path.parent).iterdir()):
        discard(place.raw / path.parent)
    return f"{fault.file}: moved to '{flat}'"
