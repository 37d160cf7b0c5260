"""Copies a raw folder beside itself: whole files, so that no later edit of the copy reaches the original."""

import os
import shutil
from pathlib import Path

from tqdm import tqdm

from pipeline.datasets.faults import DataError, Fault
from pipeline.datasets.raw.listing import tell_unreadable


def copy_folder(raw: Path, out: Path) -> int:
    """Copy all files, links followed, and say how many; links that lead nowhere stay links.

    Raises DataError, with nothing left behind, where files cannot be read, the disk is too small, or `out` exists.
    """
    check_free(out)
    folders, files, links = _list(raw)
    unreadable = [path for path in (*folders, *files) if not os.access(path, os.R_OK)]
    if unreadable:
        raise DataError(*(tell_unreadable(raw, path) for path in unreadable))
    _check_disk(out, sum(path.stat().st_size for path in files))
    part = out.with_name(f".{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        for folder in folders:
            (part / folder.relative_to(raw)).mkdir(parents=True, exist_ok=True)
        for path in tqdm(files, desc="copy", unit="file", disable=None):
            shutil.copy2(path, part / path.relative_to(raw))
        for path in links:
            (part / path.relative_to(raw)).symlink_to(path.readlink())
        part.rename(out)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return len(files)


def check_free(out: Path) -> None:
    """Raise DataError where `out` exists, be it a link that leads nowhere."""
    if os.path.lexists(out):
        raise DataError(f"'{out}' is there already: remove it, or name another with --out")


def _list(raw: Path) -> tuple[list[Path], list[Path], list[Path]]:
    """Folders, files and links that lead nowhere or back."""
    folders, files, links = [raw], [], []
    pending = [raw]
    while pending:
        folder = pending.pop()
        for path in folder.iterdir() if os.access(folder, os.R_OK | os.X_OK) else ():
            if _leads_astray(path):
                links.append(path)
            elif path.is_dir():
                folders.append(path)
                pending.append(path)
            elif path.is_file():
                files.append(path)
    return folders, files, links


def _leads_astray(path: Path) -> bool:
    if not path.is_symlink():
        return False
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):  # a loop is the one in Python 3.13, the other before
        return True
    return target in (path.parent.resolve(), *path.parent.resolve().parents)


def _check_disk(out: Path, size: int) -> None:
    free = shutil.disk_usage(out.parent).free
    if size > free:
        told = f"a copy takes {size / 1e9:.1f} GB, and '{out.parent}' has {free / 1e9:.1f} GB free"
        raise DataError(Fault("disk", f"{told}: make room, or mend the original by hand"))
