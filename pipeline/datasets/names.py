"""Names of files that cannot stay, and names that were meant to be alike."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

Named = TypeVar("Named")

MARKS = {
    ";": ("semicolon", "has a semicolon in its name, which parts names in the manifest"),
    "#": ("hash_sign", "has a # in its name, which tells the frame of a film"),
    "\\": ("backslash", "has a backslash in its name, which parts folders on Windows"),
}
"""Characters that a name cannot have: the kind of fault, and why."""


def find_mark(path: Path) -> tuple[str, str] | None:
    """Kind of fault and reason where a name has a character that it cannot have."""
    return next((told for mark, told in MARKS.items() if mark in path.name), None)


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
