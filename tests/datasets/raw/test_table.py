"""What samples.csv says of order and names, and what in it is at fault."""

from pathlib import Path

import pytest

from pipeline.datasets.raw.pairing import Found
from pipeline.datasets.raw.table import find_in_table


def find(raw: Path, *lines: str) -> Found:
    (raw / "samples.csv").write_text("\n".join([*lines, ""]))
    return find_in_table(raw)


def find_times(raw: Path, *times: str) -> Found:
    """Rows of one sequence, in the order of the names."""
    rows = (f"{number}.png,{number}.m.png,a,{time}" for number, time in enumerate(times, 1))
    return find(raw, "images,mask,sequence,time", *rows)


def test_a_sequence_has_times_for_all_its_rows_or_none(tmp_path: Path) -> None:
    (fault,) = find_times(tmp_path, "10", "", "30", "", "50", "").faults
    assert (fault.kind, fault.file) == ("time_missing", "samples.csv")
    assert "line 3: sequence a has times for 3 of its 6 rows, and this one has none" in fault.message
    assert "give each its own, or leave all empty" in fault.message


def test_rows_without_times_keep_their_order(tmp_path: Path) -> None:
    found = find_times(tmp_path, "", "", "")
    assert (found.faults, [sample.sample_id for sample in found.samples]) == ([], ["1", "2", "3"])


@pytest.mark.parametrize("time", ["inf", "-inf", "nan", "noon"])
def test_a_time_is_a_finite_number(time: str, tmp_path: Path) -> None:
    assert [fault.kind for fault in find_times(tmp_path, "1", time).faults] == ["time_unreadable"]
