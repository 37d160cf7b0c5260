"""Order of file names as people read them: 2.png before 10.png."""

import re


def natural_key(name: str) -> tuple[tuple[int, str], ...]:
    """Sorts runs of digits by their number and the text between them by letter, capitals and small ones alike."""
    parts = re.split(r"(\d+)", name)
    return (*((int(part), part) if part.isdecimal() else (-1, part.casefold()) for part in parts), (-1, name))
