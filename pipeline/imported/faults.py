"""What can be wrong with predictions of another tool, and lists of names in its words."""

from collections.abc import Sequence

TOLD = 20
"""Names that a message lists at most."""


class ImportFault(ValueError):
    """What is wrong with predictions of another tool, one line a fault."""


def listed(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - TOLD} more" if len(names) > TOLD else ""
    return ", ".join(names[:TOLD]) + more
