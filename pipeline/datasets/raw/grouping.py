"""Files that belong together although nothing else says so: groups.csv in the raw folder, beside any layout."""

import difflib
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from pipeline.datasets.faults import DataError, Fault
from pipeline.datasets.raw.listing import GROUPS
from pipeline.datasets.reading.references import parse_reference

COLUMNS = ("file", "group")


def read_groups(raw: Path) -> dict[str, str]:
    """The group of each file that groups.csv names (columns file, relative to it, and group); none without that file."""
    path = raw / GROUPS
    if not path.is_file():
        return {}
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as fault:
        raise DataError(_fault(f"'{path}' cannot be read ({fault}): save it as CSV in UTF-8 with a header")) from None
    if tuple(table.columns) != COLUMNS:
        columns = ", ".join(map(str, table.columns))
        raise DataError(_fault(f"'{path}' has the columns {columns}: name them {', '.join(COLUMNS)}"))
    return dict(zip(table["file"].str.strip(), table["group"].str.strip(), strict=True))


def join_groups(raw: Path, manifest: pd.DataFrame, *, are_parts: bool) -> pd.DataFrame:
    """The manifest with one group for all samples whose image files are of one group, or were of one before.

    Where image files `are_parts` of composites, those of one group become one part. Raises DataError where groups.csv names
    a file that belongs to no sample.
    """
    groups = read_groups(raw)
    if not groups:
        return manifest
    codes, images = pd.factorize(manifest["images"])
    files = [[parse_reference(reference).name for reference in text.split(";")] for text in images]
    _check_known(raw, groups, {file for names in files for file in names})
    if are_parts:
        parts = manifest["parts"].groupby(codes).first()
        joined = [_join_parts(text, names, groups) for text, names in zip(parts, files, strict=True)]
        return manifest.assign(parts=pd.Series(joined).take(codes).to_numpy())
    named = [next((groups[file] for file in names if file in groups), "") for names in files]
    return manifest.assign(group=_connect(manifest["group"], pd.Series(named).take(codes).reset_index(drop=True)))


def _join_parts(parts: str, files: list[str], groups: Mapping[str, str]) -> str:
    kinds = [part.partition("/")[0] for part in parts.split(";")]
    pairs = zip(parts.split(";"), kinds, files, strict=True)
    return ";".join(f"{kind}/{groups[file]}" if file in groups else part for part, kind, file in pairs)


def _connect(group: "pd.Series[str]", named: "pd.Series[str]") -> list[str]:
    """The first group of each set of groups that share a name of groups.csv, directly or through others."""
    codes, names = pd.factorize(group)
    marks, _ = pd.factorize(named.where(named != "", None))
    is_named = (marks >= 0).nonzero()[0]
    size = len(names) + int(marks.max()) + 1
    links = ([1] * len(is_named), (codes[is_named], len(names) + marks[is_named]))
    _, component = connected_components(csr_array(links, shape=(size, size)), directed=False)
    first = pd.Series(names).groupby(component[: len(names)]).transform("first")
    return first.take(codes).tolist()


def _check_known(raw: Path, groups: Mapping[str, str], known: set[str]) -> None:
    faults = []
    for file, group in groups.items():
        near = difflib.get_close_matches(file, known, n=1)
        if not group:
            faults.append(_fault(f"'{raw / GROUPS}' gives '{file}' no group: name one, or remove the row"))
        elif file not in known:
            mend = f"did you mean '{near[0]}'?" if near else "remove the row"
            faults.append(_fault(f"'{raw / GROUPS}' names '{file}', which is no image file of a sample: {mend}"))
    if faults:
        raise DataError(*faults)


def _fault(message: str) -> Fault:
    return Fault("groups", message, GROUPS)
