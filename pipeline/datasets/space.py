"""Whether a disk has room for what is to be written."""

import errno
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.datasets.faults import DataError

logger = logging.getLogger(__name__)

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What systems say where a disk, a quota or the size of a file is used up."""
MEND = "make room, lower data.resize, or make the folder a link to another disk"


def check_space(folder: Path, wanted_bytes: int) -> None:
    """Say what will be taken; raise DataError where the disk of a folder, which may be yet to be made, has less free."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(there).free
    if wanted_bytes > free:
        told = f"'{folder}' needs {tell_bytes(wanted_bytes)}, and {tell_bytes(free)} are free on its disk"
        raise DataError(f"{told}: {MEND}")
    logger.info("'%s' will take %s; %s are free", folder, tell_bytes(wanted_bytes), tell_bytes(free))


@contextmanager
def telling_full(folder: Path) -> Iterator[None]:
    """Turns a disk that fills while a folder is written into a DataError."""
    try:
        yield
    except OSError as fault:
        if fault.errno not in FULL:
            raise
        raise DataError(f"the disk of '{folder}' is full ({fault.strerror}), nothing was kept: {MEND}") from None


def tell_bytes(count: float) -> str:
    """A number of bytes with two or three digits: 6.5 GB, 12 MB."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.2g} {unit}" if count < 10 else f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"
