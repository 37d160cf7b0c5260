"""NPY, NPZ, Zarr arrays and OME-Zarr groups."""

import json
import math
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import numpy as np

from pipeline.datasets.reading.axes import UNKNOWN, find_axes, name_axes
from pipeline.datasets.reading.refusal import Refusal
from pipeline.datasets.reading.stored import Array, Role, Stored, store_array

NUMPY = (".npy", ".npz")
ZARR = (".zarr",)
OLD_OME_AXES = ("t", "c", "z", "y", "x")
"""The axes of OME-Zarr before they had names (0.1 and 0.2)."""
KEPT_BYTES = 2**28
"""Chunks of several frames are kept decoded up to this size, so that frames in order decode them once."""


def open_npy(path: Path, given: str | None, role: Role) -> Stored:
    """The frames of an NPY file, mapped into memory; `given` is data.axes."""
    with path.open("rb") as file:
        shape, by_columns, dtype = _read_header(file)
        start = file.tell()
    size, needed = path.stat().st_size, start + math.prod(shape) * dtype.itemsize
    if needed > size:
        raise Refusal("undecodable", f"is cut short ({size} of {needed} bytes): export it again")
    axes = find_axes(shape, UNKNOWN * len(shape), given, role)
    return store_array(np.memmap(path, dtype, "r", start, shape, "F" if by_columns else "C"), axes)


def open_npz(path: Path, given: str | None, role: Role) -> Stored:
    """The frames of the one array of an NPZ file, which is read whole at the first frame; `given` is data.axes."""
    with path.open("rb") as opened, zipfile.ZipFile(opened) as file:
        names = [name.removesuffix(".npy") for name in file.namelist()]
        if len(names) != 1:
            raise Refusal("arrays", f"holds {len(names)} arrays ({', '.join(names)}): save one array a file")
        with file.open(f"{names[0]}.npy") as entry:
            shape, _, dtype = _read_header(entry)
    stored = store_array(_Unpacked(path, names[0], shape), find_axes(shape, UNKNOWN * len(shape), given, role))
    return replace(stored, kept_bytes=math.prod(shape) * dtype.itemsize)


class _Unpacked:
    """An array of an NPZ file that is read when it is first indexed."""

    def __init__(self, path: Path, name: str, shape: tuple[int, ...]) -> None:
        self._path, self._name, self.shape = path, name, shape
        self._array: Array | None = None

    def __getitem__(self, index: Any) -> Array:
        if self._array is None:
            with self._path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                self._array = file[self._name]
        return self._array[index]


def open_zarr(path: Path, given: str | None, role: Role) -> Stored:
    """The frames of a Zarr array, or of the first level of an OME-Zarr group; `given` is data.axes."""
    import zarr  # .3 s that folders of pictures do not need

    if not path.is_dir():
        raise FileNotFoundError(path) if not path.exists() else NotADirectoryError(path)
    try:
        node = zarr.open(path, mode="r")
        array, said = _find_array(node) if isinstance(node, zarr.Group) else (node, _name_own_axes(node))
    except (KeyError, FileNotFoundError, json.JSONDecodeError, zarr.errors.BaseZarrError) as fault:
        told = f"is no Zarr array or OME-Zarr group ({fault}): write it again with zarr.save_array"
        raise Refusal("undecodable", told.replace("\n", " ")) from None
    axes = find_axes(array.shape, said, given, role)
    chunks = _Chunks(array, axes)
    return replace(store_array(chunks, axes), kept_bytes=chunks.kept_bytes)


def _find_array(group: Any) -> tuple[Any, str]:
    """The array of a group that is meant, and what is said of its axes."""
    attributes: Mapping[str, Any] = dict(group.attrs)
    scales = attributes.get("ome", attributes).get("multiscales")
    if scales:
        array = group[scales[0]["datasets"][0]["path"]]
        axes = scales[0].get("axes", OLD_OME_AXES)
        return array, name_axes([axis["name"] if isinstance(axis, Mapping) else axis for axis in axes], array.ndim)
    arrays = sorted(group.arrays())
    if len(arrays) != 1:
        names = ", ".join(name for name, _ in arrays) or "none"
        raise Refusal("arrays", f"is a group of {len(arrays)} arrays ({names}): save one array a file")
    return arrays[0][1], _name_own_axes(arrays[0][1])


def _name_own_axes(array: Any) -> str:
    """By the dimension names of Zarr 3, or those of xarray in Zarr 2."""
    names = getattr(array.metadata, "dimension_names", None) or array.attrs.get("_ARRAY_DIMENSIONS", ())
    return name_axes(list(names), array.ndim)


class _Chunks:
    """A Zarr array that keeps the chunks of the last frame, for the frames beside it."""

    def __init__(self, array: Any, axes: str) -> None:
        self._array, self.shape = array, array.shape
        frames = [place for place, axis in enumerate(axes) if axis in "TZ"]
        self._axis = frames[0] if frames else 0
        deep = array.chunks[self._axis] if frames else 1
        kept = deep * (array.nbytes // max(array.shape[self._axis], 1))
        is_kept = deep > 1 and kept <= KEPT_BYTES
        self._deep: int = deep if is_kept else 1
        self.kept_bytes: int = kept if is_kept else 0
        self._kept: Array | None = None
        self._start = -1

    def __getitem__(self, index: Any) -> Array:
        if self._deep == 1:
            return np.asarray(self._array[index])
        start = index[self._axis] // self._deep * self._deep
        if self._kept is None or self._start != start:
            frames = slice(start, start + self._deep)
            self._kept = np.asarray(self._array[(*index[: self._axis], frames, *index[self._axis + 1 :])])
            self._start = start
        place = sum(isinstance(single, slice) for single in index[: self._axis])
        return self._kept.take(index[self._axis] - start, axis=place)


def _read_header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, whether columns come first, and type of an NPY file."""
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, by_columns, dtype = read(file)
    if dtype.hasobject:
        raise Refusal("undecodable", "holds Python objects, which may run programs: save numbers alone")
    return shape, by_columns, dtype
