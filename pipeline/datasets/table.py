"""Finds the samples that a table names: samples.csv in the raw folder."""

import difflib
import math
from collections import Counter
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pandas as pd

from pipeline.datasets.pairing import Found, RawSample

TABLE = "samples.csv"
COLUMNS = ("images", "mask", "sequence", "time", "group", "subset")
SUBSETS = ("", "train", "validation", "test", "unlabelled")


def find_in_table(raw: Path) -> Found:
    """The samples of raw/samples.csv: images (joined by ";"), and optionally mask, sequence, time, group and subset."""
    found = Found()
    try:
        table = pd.read_csv(raw / TABLE, dtype=str, keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as fault:
        found.faults.append(f"'{raw / TABLE}' cannot be read ({fault}): save it as CSV in UTF-8 with a header")
        return found
    found.faults.extend(_check_columns(raw, list(table.columns)))
    if found.faults:
        return found
    rows = table.reindex(columns=list(COLUMNS), fill_value="").to_dict("records")
    if not rows:
        found.faults.append(f"'{raw / TABLE}' has no rows: name one sample a row")
    texts = [{str(column): str(value).strip() for column, value in row.items()} for row in rows]
    names = _name_samples([row["images"].split(";")[0].strip() for row in texts])
    times: list[float] = []
    for number, (row, sample_id) in enumerate(zip(texts, names, strict=True), 2):
        found.faults.extend(f"'{raw / TABLE}' line {number}: {fault}" for fault in _check_row(row))
        times.append(_read_time(row["time"], number))
        images = tuple(name.strip() for name in row["images"].split(";"))
        subset = row["subset"] if row["mask"] else "unlabelled"
        group = row["group"] or row["sequence"] or sample_id
        found.samples.append(RawSample(sample_id, images, row["mask"], row["sequence"], 0, group, subset))
    twins = [sample_id for sample_id, count in Counter(names).items() if count > 1 and sample_id]
    found.faults.extend(f"'{raw / TABLE}': sample {twin} is named twice: remove one of the rows" for twin in twins)
    found.samples[:] = _order(found, times, raw)
    return found


def _check_columns(raw: Path, columns: list[str]) -> list[str]:
    faults = []
    for column in columns:
        if column not in COLUMNS:
            near = difflib.get_close_matches(column, COLUMNS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(COLUMNS)}"
            faults.append(f"'{raw / TABLE}' has an unknown column {column}: {hint}")
    if "images" not in columns:
        faults.append(f"'{raw / TABLE}' has no column images: name each sample's image file in it")
    return faults


def _check_row(row: dict[str, str]) -> list[str]:
    faults = []
    for name in (*row["images"].split(";"), row["mask"] or "mask"):
        path = PurePosixPath(name.strip())
        if not name.strip() or path.is_absolute() or ".." in path.parts:
            faults.append(f"'{name}' is no file of the data set: give its path relative to the table")
    if row["subset"] not in SUBSETS:
        faults.append(f"subset {row['subset']} is unknown: choose one of {', '.join(SUBSETS[1:])}, or leave it empty")
    elif not row["mask"] and row["subset"] not in ("", "unlabelled"):
        faults.append(f"a {row['subset']} sample needs a mask: name it, or set subset to unlabelled")
    elif row["mask"] and row["subset"] == "unlabelled":
        faults.append(f"an unlabelled sample has the mask '{row['mask']}': leave mask or subset empty")
    if row["time"] and not row["sequence"]:
        faults.append(f"time {row['time']} without a sequence: name the sequence, or leave time empty")
    if row["time"] and math.isnan(_read_time(row["time"], 0)):
        faults.append(f"time {row['time']} is not a number: give the frame's number or seconds")
    return faults


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
        f"'{raw / TABLE}': {count} samples of sequence {sequence} have the time {time:g}: give each its own"
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
    """Stems where they tell the samples apart, else paths without suffix."""
    stems = [PurePosixPath(file).stem for file in files]
    if len(set(stems)) == len(stems):
        return stems
    return [str(PurePosixPath(file).with_suffix("")) if file else "" for file in files]
