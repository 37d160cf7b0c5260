"""Writes, renames and removes files of the copy, and keeps its tables in step."""

import shutil
from pathlib import Path, PurePosixPath
from typing import Any

import imagecodecs
import numpy as np
import tifffile

from pipeline.datasets.files import aside
from pipeline.mending.groups import rename_in_groups
from pipeline.mending.tables import rename_in_table
from pipeline.mending.workplace import Refused, Workplace

Array = np.ndarray[Any, np.dtype[Any]]


def rewrite(place: Workplace, name: str, pixels: Array) -> str:
    """Write an array (height, width[, channels]) in place of a file without loss; the name that it has now.

    NPY stays NPY where its axes are told, float and signed types become TIFF, all else PNG. Raises Refused for channels
    that none of these names, and where the new name is taken.
    """
    plain = np.ascontiguousarray(pixels[..., 0] if pixels.ndim == 3 and pixels.shape[-1] == 1 else pixels)
    if plain.ndim == 3 and plain.shape[-1] != 3:
        raise Refused(f"no format keeps the meaning of its {plain.shape[-1]} channels: export it again")
    path = place.raw / name
    keeps_axes = path.suffix.lower() == ".npy" and (plain.ndim == 2 or place.data.axes == "YXC")
    suffix = path.suffix if keeps_axes else ".png" if plain.dtype in (np.uint8, np.uint16) else ".tif"
    target = path.with_suffix(suffix)
    if target != path and target.exists():
        raise Refused(f"it would become '{target.name}', which is there already: rename one of them")
    with aside(target) as part, part.open("wb") as file:
        if keeps_axes:
            np.save(file, plain)
        elif suffix == ".png":
            file.write(imagecodecs.png_encode(plain))
        else:
            tifffile.imwrite(file, plain, photometric="rgb" if plain.ndim == 3 else "minisblack")
    if target == path:
        return name
    path.unlink()
    return _tell_tables(place, name, str(PurePosixPath(name).with_suffix(suffix)))


def move(place: Workplace, old: str, new: str) -> None:
    """Rename a file or folder of the copy; raises Refused where the new name is taken."""
    if (place.raw / new).exists():
        raise Refused(f"'{new}' is there already: rename one of them")
    (place.raw / new).parent.mkdir(parents=True, exist_ok=True)
    (place.raw / old).rename(place.raw / new)
    _tell_tables(place, old, new)


def discard(path: Path) -> None:
    """Remove a file, link or folder of the copy."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _tell_tables(place: Workplace, old: str, new: str) -> str:
    if place.layout == "table":
        rename_in_table(place, old, new)
    rename_in_groups(place, old, new)
    return new
