"""Files that belong together although nothing else says so: groups.csv in the raw folder, beside any layout."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from pipeline.datasets.faults import DataError, Fault
from pipeline.datasets.raw.listing import GROUPS
from pipeline.datasets.reading.references import parse_reference

COLUMNS = ("file", "group")
SHOWN = 20
Integers = NDArray[np.int64]


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
    files, groups = table["file"].str.strip(), table["group"].str.strip()
    twice = files[files.duplicated()].unique()
    if len(twice):
        told = f"'{path}' names '{twice[0]}'{f' and {len(twice) - 1} more' if len(twice) > 1 else ''} in two rows"
        raise DataError(_fault(f"{told}: give each file one row, and files that belong together one group"))
    return dict(zip(files, groups, strict=True))


def check_groups(raw: Path, files: Iterable[str], *, are_all: bool = True) -> list[Fault]:
    """Faults of groups.csv, where the samples' image files are these; unless they `are_all`, any file there is may be one."""
    try:
        groups, known = read_groups(raw), set(files)
    except DataError as fault:
        return list(fault.faults)
    unknown = [file for file in groups if file not in known and (are_all or not (raw / file).exists())]
    faults = [
        _fault(f"'{raw / GROUPS}' gives '{file}' no group: name one, or remove the row")
        for file, group in groups.items()
        if not group
    ]
    for file in unknown[:SHOWN]:  # a near name takes long to find among many
        near = difflib.get_close_matches(file, known, n=1)
        mend = f"did you mean '{near[0]}'?" if near else "remove the row"
        faults.append(_fault(f"'{raw / GROUPS}' names '{file}', which is no image file of a sample: {mend}"))
    if len(unknown) > SHOWN:
        faults.append(_fault(f"'{raw / GROUPS}' names {len(unknown) - SHOWN} more that are none: remove their rows"))
    return faults


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
    if faults := check_groups(raw, [file for names in files for file in names]):
        raise DataError(*faults)
    if are_parts:
        parts = manifest["parts"].groupby(codes).first()
        joined = [_join_parts(text, names, groups) for text, names in zip(parts, files, strict=True)]
        return manifest.assign(parts=pd.Series(joined).take(codes).to_numpy())
    named = [(code, groups[file]) for code, names in enumerate(files) for file in names if file in groups]
    return manifest.assign(group=_connect(manifest["group"], codes, named))


def _join_parts(parts: str, files: list[str], groups: Mapping[str, str]) -> str:
    kinds = [part.partition("/")[0] for part in parts.split(";")]
    pairs = zip(parts.split(";"), kinds, files, strict=True)
    return ";".join(f"{kind}/{groups[file]}" if file in groups else part for part, kind, file in pairs)


def _connect(group: "pd.Series[str]", images: Integers, named: Sequence[tuple[int, str]]) -> list[str]:
    """The first group of each set of groups that share a name of groups.csv, directly or through others.

    `images` numbers the images of each sample; `named` has numbers of images and a name for each.
    """
    codes, names = pd.factorize(group)
    marks, marked = pd.factorize(np.array([name for _, name in named], dtype=object))
    nodes = len(names) + len(marked)  # then a node for each number of images
    size = nodes + int(images.max()) + 1
    starts = np.concatenate([codes, len(names) + marks])
    ends = nodes + np.concatenate([images, np.array([number for number, _ in named], np.int64)])
    links = csr_array((np.ones(len(starts)), (starts, ends)), shape=(size, size))
    _, component = connected_components(links, directed=False)
    first = pd.Series(names).groupby(component[: len(names)]).transform("first")
    return first.take(codes).tolist()


def _fault(message: str) -> Fault:
    return Fault("groups", message, GROUPS)
