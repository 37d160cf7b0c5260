"""Finds the samples that a table names: samples.csv in the raw folder."""

import csv
import difflib
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pandas as pd

from pipeline.datasets.faults import Fault
from pipeline.datasets.raw.pairing import Found, RawSample
from pipeline.datasets.reading.references import Reference, parse_reference

TABLE = "samples.csv"
COLUMNS = ("images", "mask", "depth", "label", "sequence", "time", "group", "parts", "subset")
TARGETS = ("mask", "depth", "label")
DELIMITERS = {";": "';'", "\t": "tabs", "|": "'|'"}
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How the files of XLSX and ODS, and of XLS, begin."""
SUBSETS = ("", "train", "validation", "test", "unlabelled")


def find_in_table(raw: Path) -> Found:
    """The samples of raw/samples.csv: images (joined by ";"), and optionally targets, sequence, time, group, parts and subset."""
    if fault := _check_text(raw):
        return Found(faults=[fault])
    try:
        table = pd.read_csv(raw / TABLE, dtype=str, keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as fault_of_text:
        told = f"'{raw / TABLE}' cannot be read ({fault_of_text}): save it as CSV in UTF-8 with a header"
        return Found(faults=[Fault("table_unreadable", told, TABLE)])
    found = Found(faults=_check_columns(raw, list(table.columns)))
    if found.faults:
        return found
    rows = table.reindex(columns=list(COLUMNS), fill_value="").to_dict("records")
    if not rows:
        found.faults.append(Fault("table_empty", f"'{raw / TABLE}' has no rows: name one sample a row", TABLE))
    texts = [{str(column): str(value).strip() for column, value in row.items()} for row in rows]
    found.faults.extend(_check_times(raw, texts))
    named = [name for name in TARGETS if name in table]
    targets = [name for name in named if any(row[name] for row in texts)] or named
    names = _name_samples([row["images"].split(";")[0].strip() for row in texts])
    times: list[float] = []
    for number, (row, sample_id) in enumerate(zip(texts, names, strict=True), 2):
        wrong = list(_check_row(row, targets))
        found.faults.extend(Fault(kind, f"'{raw / TABLE}' line {number}: {told}", TABLE) for kind, told in wrong)
        if not any(kind.startswith("path_") for kind, _ in wrong):
            times.append(_read_time(row["time"], number))
            found.samples.append(_build_sample(row, sample_id, targets))
    twins = [sample_id for sample_id, count in Counter(names).items() if count > 1 and sample_id]
    found.faults.extend(
        Fault("row_twice", f"'{raw / TABLE}': sample {twin} is named twice: remove one of the rows", TABLE)
        for twin in twins
    )
    found.samples[:] = _order(found, times, raw)
    return found


def _check_text(raw: Path) -> Fault | None:
    """A fault where the file is no comma-separated text in UTF-8."""
    held = (raw / TABLE).read_bytes()
    if held.startswith(WORKBOOKS):
        told = "is a workbook of Excel or LibreOffice, not text: save it as CSV from there"
        return Fault("table_unreadable", f"'{raw / TABLE}' {told}", TABLE)
    try:
        header = held.decode().partition("\n")[0]
    except UnicodeDecodeError as fault:
        told = f"is not UTF-8 (byte {held[fault.start]:#x} in line {held[: fault.start].count(10) + 1})"
        return Fault("table_encoding", f"'{raw / TABLE}' {told}: save it as CSV in UTF-8", TABLE)
    for mark, name in DELIMITERS.items():
        if mark in header and "," not in header:
            told = f"'{raw / TABLE}' has its columns parted by {name}, not by ',': save it as CSV with commas"
            return Fault("table_delimiter", told, TABLE)
    return _check_length(raw)


def _check_length(raw: Path) -> Fault | None:
    """A fault where rows have more cells than the header: pandas would take the first column for names of rows."""
    with (raw / TABLE).open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        try:
            width = len(next((row for row in rows if row), []))
            long = [(rows.line_num, len(row)) for row in rows if len(row) > width]
        except csv.Error as fault:
            told = f"'{raw / TABLE}' cannot be read ({fault}): save it as CSV in UTF-8 with a header"
            return Fault("table_unreadable", told, TABLE)
    if not long or not width:
        return None
    (line, cells), more = long[0], f" and {len(long) - 1} more have" if len(long) > 1 else " has"
    told = f"'{raw / TABLE}' line {line}{more} {cells} cells where the header has {width} columns"
    mend = "remove the comma at its end, or put quotes around a text with commas"
    return Fault("row_length", f"{told}: {mend}", TABLE)


def _build_sample(row: dict[str, str], sample_id: str, targets: list[str]) -> RawSample:
    film = parse_reference(row["images"].split(";")[0].strip())
    return RawSample(
        sample_id,
        tuple(name.strip() for name in row["images"].split(";")),
        mask=row["mask"],
        depth=row["depth"],
        label=row["label"],
        sequence=row["sequence"],
        group=row["group"] or row["sequence"] or (film.name if film.frame is not None else sample_id),
        parts=row["parts"],
        subset=row["subset"] if any(row[name] for name in targets) else "unlabelled",
    )


def _check_columns(raw: Path, columns: list[str]) -> list[Fault]:
    faults = []
    for column in columns:
        if column not in COLUMNS:
            near = difflib.get_close_matches(column, COLUMNS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(COLUMNS)}"
            faults.append(Fault("column_unknown", f"'{raw / TABLE}' has an unknown column {column}: {hint}", TABLE))
    if "images" not in columns:
        told = f"'{raw / TABLE}' has no column images: name each sample's image file in it"
        faults.append(Fault("column_missing", told, TABLE))
    return faults


def _check_row(row: dict[str, str], targets: list[str]) -> Iterator[tuple[str, str]]:
    """Kind and text of each fault; a row has all of the `targets` or none."""
    for name in (*row["images"].split(";"), row["mask"] or "mask", row["depth"] or "depth"):
        path = PurePosixPath(name.strip())
        if "\\" in name:
            straight = name.replace("\\", "/")
            yield (
                "path_backslash",
                f"'{name}' has backslashes, which Windows alone takes for folders: write '{straight}'",
            )
        elif not name.strip() or path.is_absolute() or ".." in path.parts:
            yield "path_outside", f"'{name}' is no file of the data set: give its path relative to the table"
    lacking = [name for name in targets if not row[name]]
    if row["subset"] not in SUBSETS:
        known = f"choose one of {', '.join(SUBSETS[1:])}, or leave it empty"
        yield "unknown_subset", f"subset {row['subset']} is unknown: {known}"
    elif lacking and (len(lacking) < len(targets) or row["subset"] not in ("", "unlabelled")):
        yield (
            "target_missing",
            f"a {row['subset'] or 'labelled'} sample needs a {lacking[0]}: name it, or set subset to unlabelled",
        )
    elif not lacking and row["subset"] == "unlabelled":
        yield (
            "target_unused",
            f"an unlabelled sample has the {targets[0]} '{row[targets[0]]}': leave {targets[0]} or subset empty",
        )
    if row["time"] and not row["sequence"]:
        yield "time_alone", f"time {row['time']} without a sequence: name the sequence, or leave time empty"
    if row["time"] and not math.isfinite(_read_time(row["time"], 0)):
        yield "time_unreadable", f"time {row['time']} is not a number: give the frame's number or seconds"


def _check_times(raw: Path, rows: list[dict[str, str]]) -> Iterator[Fault]:
    """A fault for each sequence some of whose rows have a time: where the others belong is not known."""
    sizes = Counter(row["sequence"] for row in rows if row["sequence"])
    timed = Counter(row["sequence"] for row in rows if row["sequence"] and row["time"])
    told: set[str] = set()
    for number, row in enumerate(rows, 2):
        sequence = row["sequence"]
        if timed[sequence] and not row["time"] and sequence not in told:
            told.add(sequence)
            where = f"'{raw / TABLE}' line {number}: sequence {sequence} has times for {timed[sequence]} of its"
            mend = "give each its own, or leave all empty"
            yield Fault("time_missing", f"{where} {sizes[sequence]} rows, and this one has none: {mend}", TABLE)


def _read_time(text: str, line: int) -> float:
    """The time, or the line where none is given; NaN where the text is not a number."""
    try:
        return float(text) if text else float(line)
    except ValueError:
        return math.nan


def _order(found: Found, times: list[float], raw: Path) -> list[RawSample]:
    """The samples with their time replaced by the position in their sequence, by sequence and time."""
    twins = Counter((s.sequence, t) for s, t in zip(found.samples, times, strict=True) if s.sequence)
    found.faults.extend(
        Fault(
            "time_twice",
            f"'{raw / TABLE}': {count} samples of sequence {sequence} have the time {time:g}: give each its own",
            TABLE,
        )
        for (sequence, time), count in twins.items()
        if count > 1
    )
    first: dict[str, int] = {}
    for place, sample in enumerate(found.samples):
        first.setdefault(sample.sequence or sample.sample_id, place)
    pairs = sorted(
        zip(found.samples, times, strict=True), key=lambda pair: (first[pair[0].sequence or pair[0].sample_id], pair[1])
    )
    counts: Counter[str] = Counter()
    ordered = []
    for sample, _ in pairs:
        ordered.append(replace(sample, time=counts[sample.sequence] if sample.sequence else 0))
        counts[sample.sequence] += 1
    return ordered


def _name_samples(files: list[str]) -> list[str]:
    """Stems where they tell the samples apart, else paths without suffix, and with it where two files share one.

    A frame is named as in folders: f.gif#2 is f/0002.
    """
    references = [parse_reference(str(PurePosixPath(file)) if file else "") for file in files]
    stems = [PurePosixPath(held.name).stem + _tell_frame(held) for held in references]
    if len(set(stems)) == len(stems):
        return stems
    paths = [PurePosixPath(held.name) for held in references]
    owners = defaultdict[PurePosixPath, set[PurePosixPath]](set)
    for path in paths:
        owners[path.parent / path.stem].add(path)
    names = [path if len(owners[path.parent / path.stem]) > 1 else path.parent / path.stem for path in paths]
    return [f"{name}{_tell_frame(held)}" if held.name else "" for name, held in zip(names, references, strict=True)]


def _tell_frame(held: Reference) -> str:
    return "" if held.frame is None else f"/{held.frame:04d}"
