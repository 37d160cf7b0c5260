"""What lies in a raw folder, told by one small file however many files there are."""

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from pipeline.datasets.files import aside

Entry = tuple[str, int, int]
Folder = tuple[int, int]
"""Device and inode, which tell a folder by whatever name."""


def write_inventory(raw: Path, inventory: Path) -> None:
    """Write number, bytes and digest of the visible files; nothing is written where these are what they were.

    The digest is over names, sizes and times, so that an edited, added, removed or renamed file or folder changes it.
    """
    digest, files, size = hashlib.sha256(), 0, 0
    for name, file_bytes, modified in _walk(os.fspath(raw), "", frozenset()):
        digest.update(f"{name}\0{file_bytes}\0{modified}\0".encode(errors="surrogateescape"))
        files += not name.endswith("/")
        size += file_bytes
    text = json.dumps({"files": files, "bytes": size, "digest": digest.hexdigest()}) + "\n"
    if not inventory.is_file() or inventory.read_text() != text:
        with aside(inventory) as part:
            part.write_text(text)


def _walk(folder: str, name: str, above: frozenset[Folder]) -> Iterator[Entry]:
    """Name, bytes and time (ns) of every file below a folder; folders are named with a slash, without bytes and time."""
    status = Path(folder).stat()
    if (status.st_dev, status.st_ino) in above:  # a link back to a folder that it lies in
        return
    above |= {(status.st_dev, status.st_ino)}
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except PermissionError:  # validate tells it
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        status = _status(entry)
        if stat.S_ISDIR(status.st_mode):
            yield f"{name}{entry.name}/", 0, 0
            yield from _walk(entry.path, f"{name}{entry.name}/", above)
        else:
            yield name + entry.name, status.st_size, status.st_mtime_ns


def _status(entry: "os.DirEntry[str]") -> os.stat_result:
    try:
        return entry.stat()
    except OSError:  # a link that leads nowhere
        return entry.stat(follow_symlinks=False)
