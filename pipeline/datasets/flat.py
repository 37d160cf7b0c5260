"""A flat array in a .npy file, read where it is asked for."""

import mmap
import os
import weakref
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
KEPT_BYTES = 64 * 2**20
AROUND_BYTES = 64 * 2**10
"""What Linux maps around each page that is looked at: less than this is cheaper to copy."""


class FlatFile:
    """Slices of the file, read-only: small ones are read, of large ones only what is looked at, and little stays in memory."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            np.lib.format.read_magic(file)
            (size,), _, self._dtype = np.lib.format.read_array_header_1_0(file)
            self._start = file.tell()
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._file = os.dup(file.fileno())
        weakref.finalize(self, os.close, self._file)
        self._array = np.frombuffer(self._map, self._dtype, size, self._start)
        self._handed_out = 0

    def __getitem__(self, part: slice) -> Array:
        size = (part.stop - part.start) * self._dtype.itemsize
        if size <= AROUND_BYTES:
            place = self._start + part.start * self._dtype.itemsize
            return np.frombuffer(os.pread(self._file, size, place), self._dtype)
        self._handed_out += size + AROUND_BYTES
        if self._handed_out > KEPT_BYTES:
            # pages of a map stay counted as this process's until it is told that they are not needed
            self._map.madvise(mmap.MADV_DONTNEED)
            self._handed_out = 0
        return self._array[part]
