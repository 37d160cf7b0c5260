"""Keeps groups.csv in step with the files of the copy; one that cannot be read stays as it is, for validate to tell."""

from collections.abc import Iterable, Mapping

import pandas as pd

from pipeline.datasets.faults import DataError
from pipeline.datasets.files import aside
from pipeline.datasets.raw.grouping import COLUMNS, read_groups
from pipeline.datasets.raw.listing import GROUPS
from pipeline.mending.workplace import Workplace


def rename_in_groups(place: Workplace, old: str, new: str) -> None:
    """Write the new name of a file, or of a folder that files lie in."""
    groups = _read(place)
    renamed = {_rename(file, old, new): group for file, group in groups.items()}
    if renamed.keys() != groups.keys():
        _write(place, renamed)


def replace_in_groups(place: Workplace, lost: str, kept: str) -> None:
    """Let one file stand for another of the same pixels: where both have a group, the two groups become one."""
    groups = _read(place)
    if lost not in groups:
        return
    group = groups.pop(lost)
    other = groups.setdefault(kept, group)
    _write(place, {file: other if name == group else name for file, name in groups.items()})


def drop_from_groups(place: Workplace, names: Iterable[str]) -> str:
    """Leave out the rows of files and say so, each on a line of its own; "" where there are none."""
    groups = _read(place)
    lost = [name for name in names if name in groups]
    if lost:
        _write(place, {file: group for file, group in groups.items() if file not in lost})
    return "".join(f"\n{GROUPS}: the row of '{name}' left out" for name in lost)


def _rename(file: str, old: str, new: str) -> str:
    is_meant = file == old or file.startswith(f"{old}/")
    return f"{new}{file[len(old) :]}" if is_meant else file


def _read(place: Workplace) -> dict[str, str]:
    try:
        return read_groups(place.raw)
    except DataError:
        return {}


def _write(place: Workplace, groups: Mapping[str, str]) -> None:
    with aside(place.raw / GROUPS) as part:
        pd.DataFrame(list(groups.items()), columns=list(COLUMNS)).to_csv(part, index=False, lineterminator="\n")
