"""Files that groups.csv joins."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.datasets.faults import DataError
from pipeline.datasets.raw.grouping import join_groups
from pipeline.datasets.raw.listing import GROUPS


def write_groups(folder: Path, *rows: str) -> Path:
    (folder / GROUPS).write_text("\n".join(["file,group", *rows, ""]))
    return folder


def draw_manifest(**columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"parts": "", **columns})


def test_files_of_one_group_are_one_group_with_all_of_their_sequences(tmp_path: Path) -> None:
    images = ["a.tif#0", "a.tif#1", "b/1.png", "b/2.png", "c.png", "d.png"]
    manifest = draw_manifest(images=images, group=["a", "a", "b", "b", "c", "d"])
    raw = write_groups(tmp_path, "a.tif,patient 1", "b/2.png,patient 1", "d.png,patient 2")
    assert join_groups(raw, manifest, are_parts=False)["group"].tolist() == ["a", "a", "a", "a", "c", "d"]


def test_groups_join_through_others(tmp_path: Path) -> None:
    manifest = draw_manifest(images=["a/1.png", "a/2.png", "b.png", "c.png"], group=["a", "a", "b", "c"])
    raw = write_groups(tmp_path, "a/1.png,x", "b.png,x", "a/2.png,y", "c.png,y")
    assert join_groups(raw, manifest, are_parts=False)["group"].nunique() == 1


def test_parts_of_one_group_are_one_part(tmp_path: Path) -> None:
    images = ["bg/1.png;fg/1.png", "bg/2.png;fg/1.png", "bg/3.png;fg/2.png"]
    parts = [f"backgrounds/{n}.png;cutouts/{k}.png" for n, k in ((1, 1), (2, 1), (3, 2))]
    manifest = draw_manifest(images=images, group=["a", "b", "c"]).assign(parts=parts)
    raw = write_groups(tmp_path, "bg/1.png,room", "bg/3.png,room")
    joined = join_groups(raw, manifest, are_parts=True)
    assert joined["parts"].tolist() == [
        "backgrounds/room;cutouts/1.png",
        "backgrounds/2.png;cutouts/1.png",
        "backgrounds/room;cutouts/2.png",
    ]
    assert joined["group"].tolist() == ["a", "b", "c"]


def test_a_sample_joins_the_groups_of_all_of_its_files(tmp_path: Path) -> None:
    images = ["one/1.png;two/1.png", "one/2.png;two/2.png", "one/3.png;two/3.png"]
    manifest = draw_manifest(images=images, group=["1", "2", "3"])
    raw = write_groups(tmp_path, "one/1.png,A", "two/1.png,B", "two/3.png,B")
    assert join_groups(raw, manifest, are_parts=False)["group"].tolist() == ["1", "2", "1"]


def test_a_file_in_two_rows_is_told(tmp_path: Path) -> None:
    manifest = draw_manifest(images=["a.png", "b.png"], group=["a", "b"])
    with pytest.raises(DataError, match=r"names 'a\.png' in two rows: give each file one row"):
        join_groups(write_groups(tmp_path, "a.png,A", "b.png,A", "a.png,B"), manifest, are_parts=False)


def test_many_thousand_files_are_joined(tmp_path: Path) -> None:
    names = [f"{number}.png" for number in range(20_000)]
    raw = write_groups(tmp_path, *(f"{name},{int(name[:-4]) // 2}" for name in names))
    assert join_groups(raw, draw_manifest(images=names, group=names), are_parts=False)["group"].nunique() == 10_000


def test_without_the_file_nothing_changes(tmp_path: Path) -> None:
    manifest = draw_manifest(images=["a.png"], group=["a"])
    assert join_groups(tmp_path, manifest, are_parts=False) is manifest


@pytest.mark.parametrize(
    ("row", "told"),
    [("aa.png,x", "names 'aa.png', which is no image file of a sample: did you mean 'a.png'?"), ("a.png,", "no group")],
)
def test_a_wrong_row_is_told(row: str, told: str, tmp_path: Path) -> None:
    manifest = draw_manifest(images=["a.png"], group=["a"])
    with pytest.raises(DataError) as fault:
        join_groups(write_groups(tmp_path, row), manifest, are_parts=False)
    assert told in str(fault.value)


def test_wrong_columns_are_told(tmp_path: Path) -> None:
    (tmp_path / GROUPS).write_text("image,group\na.png,x\n")
    with pytest.raises(DataError, match="has the columns image, group: name them file, group"):
        join_groups(tmp_path, draw_manifest(images=["a.png"], group=["a"]), are_parts=False)
