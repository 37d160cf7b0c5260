"""What is wrong with a data set."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MOST_ALIKE = 200
"""Faults of one kind that are told one by one: 400,000 lines that say the same are read by nobody."""


@dataclass(frozen=True)
class Fault:
    """One mistake: what was found where, what was expected, and how to mend it."""

    kind: str
    """Name of the mistake, such as mask_missing; `mend` goes by it."""
    message: str
    """One line that says it all."""
    file: str = ""
    """The file or folder, relative to the raw folder, "" where no single one is at fault."""

    def __str__(self) -> str:
        return self.message


class DataError(ValueError):
    """What is wrong with a data set, one line a fault."""

    def __init__(self, *faults: Fault | str) -> None:
        """Text that names no kind of mistake is a fault all the same."""
        self.faults = tuple(fault if isinstance(fault, Fault) else Fault("", fault) for fault in faults)
        super().__init__("\n".join(map(str, self.faults)))


def count_faults(raw: Path, faults: Sequence[Fault]) -> DataError:
    """All faults of a data set, MOST_ALIKE of a kind one by one, with a line before them that tells how many."""
    counts: Counter[str] = Counter()
    shown = []
    for fault in faults:
        counts[fault.kind] += 1
        if counts[fault.kind] <= MOST_ALIKE:
            shown.append(fault)
    more = [(kind, count - MOST_ALIKE) for kind, count in counts.items() if count > MOST_ALIKE]
    shown += [Fault(kind, f"and {count} more faults like the last of kind {kind}") for kind, count in more]
    return DataError(Fault("", f"{len(faults)} fault{'s' if len(faults) > 1 else ''} in '{raw}':"), *shown)
