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


@pytest.mark.parametrize("extra", ["", "x"])
def test_a_row_has_no_more_cells_than_the_header(extra: str, tmp_path: Path) -> None:
    (fault,) = find(tmp_path, "images,mask", *(f"{key}.png,{key}.m.png,{extra}" for key in "123")).faults
    assert (fault.kind, fault.file) == ("row_length", "samples.csv")
    assert "line 2 and 2 more have 3 cells where the header has 2 columns" in fault.message
    assert "remove the comma at its end" in fault.message


def test_a_row_may_lack_its_last_cells_and_hold_commas_in_quotes(tmp_path: Path) -> None:
    found = find(tmp_path, "images,mask,group", '"1,a.png",1.m.png', "", "2.png,2.m.png,b")
    assert (found.faults, [sample.group for sample in found.samples]) == ([], ["1,a", "b"])


def find_names(raw: Path, *images: str) -> tuple[list[str], list[str]]:
    """Names of the samples, and kinds of faults."""
    found = find(raw, "images", *images)
    return [sample.sample_id for sample in found.samples], [fault.kind for fault in found.faults]


def test_frames_are_named_as_in_folders(tmp_path: Path) -> None:
    assert find_names(tmp_path, "f.gif#0", "f.gif#11", "a/g.gif#0") == (["f/0000", "f/0011", "g/0000"], [])


def test_a_name_is_as_long_as_it_must_be(tmp_path: Path) -> None:
    assert find_names(tmp_path, "a/1.png", "2.png") == (["1", "2"], [])
    assert find_names(tmp_path, "a/1.png", "b/1.png") == (["a/1", "b/1"], [])
    assert find_names(tmp_path, "1.png", "1.bmp", "2.png") == (["1.png", "1.bmp", "2"], [])
    assert find_names(tmp_path, "f.gif#0", "f.mp4#0") == (["f.gif/0000", "f.mp4/0000"], [])


def test_one_file_in_two_rows_is_a_fault(tmp_path: Path) -> None:
    assert find_names(tmp_path, "1.png", "./1.png", "2.png")[1] == ["row_twice"]
