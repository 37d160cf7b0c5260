"""The folder of a data set's raw files: whose it is, and what to do where it is missing."""

import difflib
from pathlib import Path

DRAWN = "sample"
"""Name of the data set that is drawn where nobody has it."""
STAMP = ".snakemake_timestamp"
"""By this file Snakemake tells the age of a folder that it made."""


def is_drawn(raw: Path) -> bool:
    """Whether raw files are ours to draw: the data set `sample`, unless somebody's own folder has that name."""
    return raw.name == DRAWN and (not raw.exists() or (raw / STAMP).exists())


def explain_missing(raw: Path) -> str:
    """What is wrong with a raw folder that is not there, and the mend: pull it, link it, spell it as another, or put it there."""
    kept = raw.with_name(f"{raw.name}.dvc")
    if kept.exists():
        return f"{raw} is missing, and {kept} keeps it: type dvc pull {kept}"
    if raw.is_symlink():
        return f"{raw} is a link to {raw.readlink()}, which is not there: link it to the folder of the images"
    folders = {path.name for path in raw.parent.glob("[!.]*") if path.is_dir()}
    known = sorted(folders | {path.stem for path in raw.parent.glob("*.dvc")} | {DRAWN})
    near = difflib.get_close_matches(raw.name, known, n=1)
    hint = f"did you mean dataset: {near[0]}?" if near else "put the images there, or make it a link to their folder"
    return f"{raw} is missing, there is {', '.join(known)}: {hint}"
