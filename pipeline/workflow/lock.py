"""A lock that no crash leaves behind."""

import contextlib
import fcntl
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO

LOCK = "foldwise.lock"


@contextlib.contextmanager
def hold_lock(folder: Path) -> Iterator[None]:
    """Hold the project's lock together with all others that work in it; without its folder there is nothing to hold."""
    if not folder.is_dir():
        yield
        return
    with (folder / LOCK).open("a") as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        yield


def clear_stale_lock(folder: Path) -> IO[str]:
    """Remove Snakemake's own lock where its holder, and every job of it, was killed; then hold ours until the file is closed."""
    folder.mkdir(exist_ok=True)
    held = (folder / LOCK).open("a")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:  # somebody is alive: Snakemake's own lock decides
        pass
    else:
        shutil.rmtree(folder / "locks", ignore_errors=True)
    fcntl.flock(held, fcntl.LOCK_SH)
    return held
