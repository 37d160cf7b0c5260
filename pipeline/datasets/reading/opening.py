"""Opens image files of every format by their suffix and content, and keeps the last ones open."""

import io
import os
import threading
from collections import OrderedDict
from pathlib import Path

from pipeline.datasets.reading import pictures, stacks, tiffs
from pipeline.datasets.reading.refusal import Refusal, refusing
from pipeline.datasets.reading.stored import Array, Role, Stored
from pipeline.datasets.reading.values import to_known_type

GIF = (".gif",)
VIDEOS = (".mp4", ".avi", ".mov", ".mkv", ".webm", ".m4v")
SUFFIXES = (*pictures.SUFFIXES, *tiffs.SUFFIXES, *stacks.NUMPY, *stacks.ZARR, *GIF, *VIDEOS)
"""Of every file that can be read; .zarr is a folder that counts as a file."""
KEPT_OPEN = 8
"""Files that stay open: image files and targets of one sample, read in turn."""
KEPT_BYTES = 2**29
"""Pixels that all of them may keep decoded, but for the last two."""


class _Shelf(threading.local):
    """The files that one thread of one process holds open."""

    def __init__(self) -> None:
        self._process = os.getpid()
        self._stored: OrderedDict[tuple[object, ...], Stored] = OrderedDict()

    def take(self, key: tuple[object, ...]) -> Stored | None:
        """The file, if it is open in this process: a fork would share its parent's places in the files."""
        if self._process != os.getpid():
            self._process, self._stored = os.getpid(), OrderedDict()
        if key in self._stored:
            self._stored.move_to_end(key)
        return self._stored.get(key)

    def put(self, key: tuple[object, ...], stored: Stored) -> Stored:
        """Keep the file, and close those that were not read for longest where there are too many."""
        self._stored[key] = stored
        while len(self._stored) > KEPT_OPEN or (len(self._stored) > 2 and self._count_bytes() > KEPT_BYTES):
            self._stored.popitem(last=False)[1].close()
        return stored

    def _count_bytes(self) -> int:
        return sum(stored.kept_bytes for stored in self._stored.values())


_shelf = _Shelf()


def open_stored(path: Path, axes: str | None = None, role: Role = "image") -> Stored:
    """The frames of a file, of which the header alone is read; `axes` is data.axes. Raises DataError."""
    with refusing(path, _word(role)):
        return _open(path, axes, role)


def count_frames(path: Path, axes: str | None = None, role: Role = "image") -> int:
    """Frames of a file; pictures, which have one, are not opened. Raises DataError."""
    return 1 if path.suffix.lower() in pictures.SUFFIXES else open_stored(path, axes, role).frames


def read_pixels(path: Path, frame: int | None, axes: str | None, role: Role, file: str) -> Array:
    """Pixels (height, width, channels) of one of values.DTYPES; `file` is the path relative to the raw folder. Raises DataError.

    `frame` is None where the file is to hold a single image.
    """
    with refusing(path, _word(role), file):
        if frame is None and path.suffix.lower() in pictures.SUFFIXES:
            return to_known_type(_read_picture(path, axes, role))
        stored = _open(path, axes, role)
        if frame is None and stored.frames != 1:
            raise Refusal(
                "many_frames", f"has {stored.frames} frames where one image is expected: save one image a file"
            )
        if (frame or 0) >= stored.frames:
            told = f"has {stored.frames} frames, and frame {frame} is asked for (the first is 0)"
            raise Refusal("frame_missing", f"{told}: export it again, or let `validate` look anew")
        return to_known_type(stored.read(frame or 0))


def _read_picture(path: Path, axes: str | None, role: Role) -> Array:
    data = path.read_bytes()  # at once, since small files cost a call of the system each time they are asked
    head = _check_head(data[: pictures.HEAD])
    if not head.startswith(tiffs.SIGNATURES):
        return pictures.read_picture(io.BytesIO(data), head, role)
    stored = _open(path, axes, role)
    if stored.frames > 1:
        raise Refusal("wrong_suffix", f"is a TIFF of {stored.frames} pages: rename it to {path.stem}.tif")
    return stored.read(0)


def _open(path: Path, axes: str | None, role: Role) -> Stored:
    """The file as it was opened before, if it has not changed since."""
    state = path.stat()
    key = (str(path), state.st_ino, state.st_mtime_ns, state.st_size, axes, role)
    return _shelf.take(key) or _shelf.put(key, _open_anew(path, axes, role))


def _open_anew(path: Path, axes: str | None, role: Role) -> Stored:
    suffix = path.suffix.lower()
    if suffix in stacks.ZARR:
        return stacks.open_zarr(path, axes, role)
    with path.open("rb") as file:
        head = _check_head(file.read(pictures.HEAD))
    if head.startswith(tiffs.SIGNATURES):
        return tiffs.open_tiff(path, axes, role)
    if head.startswith(b"GIF8"):
        return pictures.open_gif(path, role)
    if suffix == ".npy":
        return stacks.open_npy(path, axes, role)
    if suffix == ".npz":
        return stacks.open_npz(path, axes, role)
    if suffix in VIDEOS:
        from pipeline.datasets.reading import videos  # decoders that folders of pictures do not need

        return videos.open_video(path, role)
    return Stored(1, lambda _: _read_picture(path, axes, role))


def _check_head(head: bytes) -> bytes:
    if not head:
        raise Refusal("file_empty", "is empty (0 bytes): export it again")
    if head.startswith(pictures.SIGNATURES):
        return head
    told = " ".join(head.decode(errors="ignore").split())
    if len(head) - len(told.encode()) < 8 and told.isprintable():
        raise Refusal("undecodable", f"cannot be decoded (it is text: '{told[:16]}...'): export it again, or remove it")
    return head


def _word(role: Role) -> str:
    return "mask" if role == "colours" else role
