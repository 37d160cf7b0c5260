"""What a decoder finds wrong with one file, and how it becomes a fault of the data set."""

import errno
import logging
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tokenize import TokenError
from zipfile import BadZipFile

from PIL import UnidentifiedImageError
from PIL.Image import DecompressionBombError

from pipeline.datasets.faults import DataError, Fault

logger = logging.getLogger(__name__)

UNDECODABLE = (
    OSError,
    EOFError,
    SyntaxError,
    ValueError,
    LookupError,
    RuntimeError,  # imagecodecs' own faults are of this kind
    TypeError,
    ArithmeticError,
    AttributeError,
    AssertionError,
    MemoryError,
    TokenError,
    struct.error,
    zlib.error,
    BadZipFile,
    DecompressionBombError,
)
"""What decoders raise on files that are cut short or damaged: each was seen on files of noise or with bytes changed."""


class Refusal(Exception):
    """One mistake of one file, told without its name."""

    def __init__(self, kind: str, told: str) -> None:
        """`kind` as in Fault, `told` goes on where the sentence has named the file."""
        super().__init__(told)
        self.kind = kind
        self.told = told


@contextmanager
def refusing(path: Path, role: str, file: str = "") -> Iterator[None]:
    """Turns whatever goes wrong with the file at `path` into a DataError; `file` is its name relative to the raw folder."""
    try:
        yield
    except DataError:
        raise
    except Refusal as fault:
        raise _name(path, role, file, fault) from None
    except UNDECODABLE as fault:
        logger.debug("%s '%s'", role, path, exc_info=True)
        raise _name(path, role, file, _explain(path, fault)) from None


def _name(path: Path, role: str, file: str, fault: Refusal) -> DataError:
    return DataError(Fault(fault.kind, f"{role} '{path}' {fault.told}", file or path.as_posix()))


def _explain(path: Path, fault: Exception) -> Refusal:
    """The refusal that an exception of the operating system or of a decoder stands for."""
    if isinstance(fault, OSError) and fault.errno == errno.ELOOP:
        return Refusal("link_loop", "is a link that leads back to itself: put the file itself in its place")
    if isinstance(fault, FileNotFoundError) and path.is_symlink():
        return Refusal(
            "file_missing", f"is a link to '{path.readlink()}', which is missing: add it, or remove the link"
        )
    if isinstance(fault, FileNotFoundError):
        return Refusal("file_missing", "is missing: add it, or remove what refers to it")
    if isinstance(fault, PermissionError):
        return Refusal(
            "unreadable", f"cannot be read (permission denied): type chmod u+r '{path}', or ask its owner to"
        )
    if isinstance(fault, IsADirectoryError):
        return Refusal("folder_for_file", "is a folder: put the file itself in its place")
    if isinstance(fault, DecompressionBombError):
        pixels = int(next(iter(re.findall(r"\d+", str(fault))), "0"))
        told = f"says that it has {pixels:,} pixels, more than are read"
        return Refusal("too_large", f"{told}: cut it into tiles, or export it again if that is not its size")
    if isinstance(fault, UnidentifiedImageError):
        return Refusal(
            "undecodable", "cannot be decoded (it is no image of a known kind): export it again, or remove it"
        )
    return Refusal("undecodable", f"cannot be decoded ({_first_line(fault)}): export it again")


def _first_line(fault: Exception) -> str:
    lines = str(fault).strip().splitlines()
    return lines[0].rstrip(".:") if lines else type(fault).__name__
