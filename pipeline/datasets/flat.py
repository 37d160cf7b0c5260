"""A flat array in a .npy file, read where it is asked for."""

import mmap
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
KEPT_BYTES = 64 * 2**20
AROUND_BYTES = 64 * 2**10
"""What Linux maps around each page that is looked at."""


class FlatFile:
    """Slices of the file, memory-mapped: only pages that are looked at are read, and few stay in this process's memory."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            np.lib.format.read_magic(file)
            (size,), _, dtype = np.lib.format.read_array_header_1_0(file)
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._array = np.frombuffer(self._map, dtype, size, file.tell())
        self._handed_out = 0

    def __getitem__(self, part: slice) -> Array:
        self._handed_out += (part.stop - part.start) * self._array.itemsize + AROUND_BYTES
        if self._handed_out > KEPT_BYTES:
            # pages of a map stay counted as this process's until it is told that they are not needed
            self._map.madvise(mmap.MADV_DONTNEED)
            self._handed_out = 0
        return self._array[part]
