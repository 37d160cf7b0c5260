"""Mends of samples.csv."""

import csv
import difflib
import io

import pandas as pd

from pipeline.datasets.faults import Fault
from pipeline.datasets.files import aside
from pipeline.datasets.raw.table import COLUMNS, TABLE
from pipeline.datasets.reading.references import parse_reference
from pipeline.mending.groups import drop_from_groups
from pipeline.mending.workplace import Refused, Workplace


def mend_delimiter(place: Workplace, fault: Fault) -> str:
    """Part the columns by commas."""
    text = (place.raw / TABLE).read_bytes().decode()
    mark = csv.Sniffer().sniff(text.partition("\n")[0], ";\t|").delimiter
    _write_rows(place, list(csv.reader(io.StringIO(text, newline=""), delimiter=mark)))
    return f"{TABLE}: columns parted by commas in place of {mark!r}"


def mend_encoding(place: Workplace, fault: Fault) -> str:
    """Write UTF-8 in place of UTF-16, which says so itself, or of Windows' Western letters."""
    held = (place.raw / TABLE).read_bytes()
    encoding = "utf-16" if held.startswith((b"\xff\xfe", b"\xfe\xff")) else "cp1252"
    try:
        text = held.decode(encoding)
    except UnicodeDecodeError:
        raise Refused("which letters its bytes stand for is not known: save it as CSV in UTF-8") from None
    with aside(place.raw / TABLE) as part:
        part.write_text(text, encoding="utf-8", newline="")
    words = sorted({word for word in text.replace("\n", ",").split(",") if not word.isascii()})
    return f"{TABLE}: read as {encoding} and saved as UTF-8; look whether these are right: {', '.join(words[:5])}"


def mend_length(place: Workplace, fault: Fault) -> str:
    """Remove empty cells beyond the header's, which commas at the ends of rows make."""
    with (place.raw / TABLE).open(encoding="utf-8-sig", newline="") as file:
        header, *rows = [row for row in csv.reader(file) if row]
    width = len(header)
    if any("".join(row[width:]).strip() for row in rows):
        raise Refused("which columns its further cells belong to is not known: quote texts with commas, or add columns")
    _write_rows(place, [header, *(row[:width] for row in rows)])
    return f"{TABLE}: empty cells at the ends of {sum(len(row) > width for row in rows)} rows removed"


def mend_backslashes(place: Workplace, fault: Fault) -> str:
    """Write / for backslashes in paths."""
    table = _read(place)
    paths = [column for column in ("images", "mask", "depth") if column in table]
    if not any(table[column].str.contains("\\", regex=False).any() for column in paths):
        return ""
    _write(place, table.assign(**{column: table[column].str.replace("\\", "/", regex=False) for column in paths}))
    return f"{TABLE}: backslashes in {', '.join(paths)} written as /"


def mend_column(place: Workplace, fault: Fault) -> str:
    """Correct the name of a column that is nearly a known one, where that one is not there."""
    table = _read(place)
    free = [column for column in COLUMNS if column not in table]
    near = {column: difflib.get_close_matches(column, free, n=2) for column in table if column not in COLUMNS}
    renamed = {column: words[0] for column, words in near.items() if len(words) == 1}
    if not renamed or len(set(renamed.values())) != len(renamed):
        raise Refused(f"what it means is not known: rename or remove it, known are {', '.join(COLUMNS)}")
    _write(place, table.rename(columns=renamed))
    return f"{TABLE}: {', '.join(f'column {old} renamed to {new}' for old, new in renamed.items())}"


def mend_rows(place: Workplace, fault: Fault) -> str:
    """Keep one of rows that are the same in every column."""
    table = _read(place)
    once = table.drop_duplicates()
    if len(once) == len(table):
        raise Refused("the rows differ, and which is right is not known: remove one of them")
    _write(place, once)
    return f"{TABLE}: {len(table) - len(once)} rows left out that stand there twice"


def rename_in_table(place: Workplace, old: str, new: str) -> None:
    """Write the new name of a file wherever the table names it."""
    table = _read(place)
    paths = [column for column in ("images", "mask", "depth") if column in table]

    def rename(names: str) -> str:
        return ";".join(new if name.strip() == old else name for name in names.split(";"))

    _write(place, table.assign(**{column: table[column].map(rename) for column in paths}))


def drop_rows(place: Workplace, name: str, reason: str) -> str:
    """Leave out the rows that name a file."""
    table = _read(place)
    named = [table[column].str.split(";").map(lambda names: name in map(str.strip, names)) for column in table]
    is_named = pd.concat(named, axis=1).any(axis=1)
    sequence = table.get("sequence", pd.Series("", table.index))
    if (sequence[is_named].str.strip() != "").any():
        raise Refused("it is a frame of a sequence, which would close up without it: add it, or divide the sequence")
    if not is_named.any():
        return ""
    _write(place, table[~is_named])
    left_out = drop_from_groups(place, sorted(_list_images(table[is_named]) - _list_images(table[~is_named])))
    return f"{TABLE}: {int(is_named.sum())} rows left out that name '{name}', which {reason}{left_out}"


def _list_images(table: pd.DataFrame) -> set[str]:
    return {parse_reference(name.strip()).name for names in table["images"] for name in names.split(";")}


def _read(place: Workplace) -> pd.DataFrame:
    return pd.read_csv(place.raw / TABLE, dtype=str, keep_default_na=False)


def _write(place: Workplace, table: pd.DataFrame) -> None:
    with aside(place.raw / TABLE) as part:
        table.to_csv(part, index=False, lineterminator="\n")


def _write_rows(place: Workplace, rows: list[list[str]]) -> None:
    with aside(place.raw / TABLE) as part, part.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(row for row in rows if row)
