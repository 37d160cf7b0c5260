"""Names of files that cannot stay, and names that were meant to be alike."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from pipeline.datasets.faults import Fault

Named = TypeVar("Named")

MARKS = {
    ";": ("semicolon", "has a semicolon in its name, which parts names in the manifest"),
    "#": ("hash_sign", "has a # in its name, which tells the frame of a film"),
    "\n": ("line_break", "has a line break in its name, which parts rows in tables"),
    "\\": ("backslash", "has a backslash in its name, which parts folders on Windows"),
}
"""Characters that a name cannot have: the kind of fault, and why."""


def check_name(raw: Path, path: Path) -> Fault | None:
    """A fault where the name of a file or folder has a character that it cannot have."""
    kind, told = next((told for mark, told in MARKS.items() if mark in path.name), ("", ""))
    if not is_text(path.name):
        kind, told = "name_bytes", "has bytes in its name that are no text in UTF-8, so that it cannot be written down"
    if not kind:
        return None
    shown = str(path) if path.name.isprintable() else str(path).encode("unicode_escape").decode()
    noun = "folder" if path.is_dir() else "file"
    return Fault(kind, f"{noun} '{shown}' {told}: rename it", path.relative_to(raw).as_posix())


def is_text(name: str) -> bool:
    """Whether a name can be written in UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def fold(name: str) -> str:
    """What is left of a name where capitals and forms of Unicode do not count, as on Windows and macOS."""
    return unicodedata.normalize("NFC", name).casefold()


def tell_difference(name: str, other: str) -> str:
    """In what two names differ that fold alike but for leading zeros."""
    if unicodedata.normalize("NFC", name) == unicodedata.normalize("NFC", other):
        return "Unicode form"
    return "case" if fold(name) == fold(other) else "leading zeros"


def find_namesakes(lone: Iterable[str], others: Iterable[str]) -> dict[str, str]:
    """Names of the first kind, each with the only other one that differs in case, Unicode form or leading zeros alone."""
    first, second = (_group(names) for names in (lone, others))
    both = {key: (first[key], second[key]) for key in first.keys() & second.keys()}
    return {left[0]: right[0] for left, right in both.values() if len(left) == len(right) == 1}


def strip_affixes(names: Mapping[str, Named]) -> dict[str, Named]:
    """What names are told apart by, without the text that all begin and all end with, such as `_mask`."""
    if len(names) < 2:
        return {}
    start = re.sub(r"\d+$", "", _find_common_start(names))
    end = re.sub(r"\d+$", "", _find_common_start([name[::-1] for name in names]))[::-1]
    return {name[len(start) : len(name) - len(end)]: held for name, held in names.items()}


def _find_common_start(names: Collection[str]) -> str:
    first, last = min(names), max(names)
    length = next(
        (place for place, (left, right) in enumerate(zip(first, last, strict=False)) if left != right), len(first)
    )
    return first[:length]


def _group(names: Iterable[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(re.sub(r"\d+", lambda digits: str(int(digits[0])), fold(name)), []).append(name)
    return groups
