"""Whether a disk has room for what is to be written."""

import shutil
from pathlib import Path

from pipeline.datasets.faults import DataError


def check_space(folder: Path, wanted_bytes: int) -> None:
    """Raise DataError where the disk of a folder that is there has less free than wanted."""
    free = shutil.disk_usage(folder).free
    if wanted_bytes > free:
        told = f"'{folder}' has {free / 1e9:.2f} GB free, and {wanted_bytes / 1e9:.2f} GB are needed"
        raise DataError(f"{told}: make room, or choose another disk")
