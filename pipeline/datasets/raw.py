"""The folder of a data set's raw files: whose it is, and what to do where it is missing."""

import difflib
from pathlib import Path

STAMP = ".snakemake_timestamp"
"""By this file Snakemake tells the age of a folder that it made."""


def is_drawn(raw: Path) -> bool:
    """Whether raw files are ours to draw: the data set `sample`, unless somebody's own folder has that name."""
    return raw.name == "sample" and (not raw.exists() or (raw / STAMP).exists())


def explain_missing(raw: Path) -> str:
    """What is wrong with a raw folder that is not there, and the mend; a name much like a folder's beside it is a misspelling."""
    present = sorted(path.name for path in raw.parent.glob("[!.]*") if path.is_dir())
    near = difflib.get_close_matches(raw.name, present, n=1)
    if raw.is_symlink():
        return f"{raw} is a link to {raw.readlink()}, which is not there: link it to the folder of the images"
    if near:
        return f"{raw} is missing: did you mean dataset: {near[0]}?"
    there = f" (there is {', '.join(present)})" if present else ""
    return f"{raw} is missing{there}: put the images there, or make it a link to their folder"
