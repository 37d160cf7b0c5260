"""In what two pages differ, number by number."""

from collections import Counter, defaultdict
from itertools import zip_longest
from typing import NamedTuple

from pipeline.report.marking import TAG, Cell, mark, read_cells

NOTHING = "nothing"
WORDS_SHOWN = 80


class Difference(NamedTuple):
    """A place in the page, what it shows there, and what the scores give."""

    place: str
    shown: str
    recomputed: str


def list_differences(page: str, again: str) -> list[Difference]:
    """Numbers altered, missing, added or unmarked; where there are none, the first other difference of the two pages."""
    differences = [*compare_cells(read_cells(page), read_cells(again)), *list_unmarked(page)]
    return differences or compare_rest(page, again)


def compare_cells(shown: list[Cell], recomputed: list[Cell]) -> list[Difference]:
    """Marked numbers that differ in what is read, or in what is kept for machines; a cell may be shown more than once."""
    places: dict[str, tuple[list[Cell], list[Cell]]] = defaultdict(lambda: ([], []))
    for side, cells in enumerate((shown, recomputed)):
        for cell in cells:
            places[cell.name][side].append(cell)
    return [
        Difference(name, _tell(one, other), _tell(other, one))
        for name, sides in places.items()
        for one, other in zip_longest(*sides)
        if one != other
    ]


def list_unmarked(page: str) -> list[Difference]:
    """Numbers of tables and sentences that no cell stands behind."""
    added = Counter(read_cells(mark(page))) - Counter(read_cells(page))
    return [Difference(cell.name, cell.shown, "not marked with its cell") for cell in added]


def compare_rest(page: str, again: str) -> list[Difference]:
    """The first place where words, pictures or markup differ."""
    for place, (one, other) in enumerate(zip_longest(TAG.split(page), TAG.split(again), fillvalue=NOTHING)):
        if one != other:
            start = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
            shown, recomputed = (part[max(start - WORDS_SHOWN // 2, 0) :][:WORDS_SHOWN] for part in (one, other))
            return [Difference("picture, code or markup" if place % 2 else "words", shown, recomputed)]
    return []


def _tell(cell: Cell | None, other: Cell | None) -> str:
    """What is read; where that is the same, also what is kept for machines."""
    if cell is None:
        return NOTHING
    return f"{cell.shown} (value {cell.value})" if other and cell.shown == other.shown else cell.shown
