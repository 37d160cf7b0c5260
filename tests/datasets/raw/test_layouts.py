"""The layouts of raw folders."""

from pathlib import Path

import pytest

from pipeline.datasets.raw.layouts import find_samples
from pipeline.datasets.raw.pairing import RawSample
from pipeline.params import DataParams
from tests.raws import write_raw


def found(raw: Path, **data: object) -> list[RawSample]:
    _, found = find_samples(raw, DataParams.model_validate(data))
    assert found.faults == []
    return found.samples


def test_folders_pair_by_stem_in_natural_order(tmp_path: Path) -> None:
    samples = found(write_raw(tmp_path))
    assert [sample.sample_id for sample in samples] == ["1", "2", "10"]
    assert samples[2] == RawSample("10", ("images/10.png",), "masks/10.png", group="10")


def test_a_folder_without_subfolders_can_be_a_sequence(tmp_path: Path) -> None:
    samples = found(write_raw(tmp_path / "film"), ordered=True)
    assert [(sample.sequence, sample.time, sample.group) for sample in samples] == [
        ("film", n, "film") for n in range(3)
    ]


def test_image_folders_are_channels_in_the_order_asked(tmp_path: Path) -> None:
    samples = found(write_raw(tmp_path, channels=("raw", "treated")), channels=["treated", "raw"])
    assert samples[0].images == ("treated/1.png", "raw/1.png")


def test_subsets_are_taken_from_folders_and_a_test_folder_without_masks_is_unlabelled(tmp_path: Path) -> None:
    write_raw(tmp_path / "train", ["1", "2"])
    write_raw(tmp_path / "validation", ["1"])
    write_raw(tmp_path / "test", ["1"], masks="")
    samples = found(tmp_path, ordered=True)
    assert [(s.sample_id, s.subset, s.sequence) for s in samples] == [
        ("train/1", "train", "train"),
        ("train/2", "train", "train"),
        ("validation/1", "validation", "validation"),
        ("test/1", "unlabelled", "test"),
    ]


def test_a_test_folder_with_masks_is_labelled(tmp_path: Path) -> None:
    write_raw(tmp_path / "train")
    write_raw(tmp_path / "test", ["1"])
    assert found(tmp_path)[-1].subset == "test"


@pytest.mark.parametrize("names", [("images/{}", "masks/{}"), ("{}/images", "{}/masks")])
def test_subfolders_are_sequences_in_either_nesting(names: tuple[str, str], tmp_path: Path) -> None:
    for sequence in ("b", "a"):
        images, masks = (name.format(sequence) for name in names)
        write_raw(tmp_path, ["9", "10"], channels=[images], masks=masks)
    samples = found(tmp_path)
    assert [(s.sample_id, s.sequence, s.time, s.group) for s in samples] == [
        ("a/9", "a", 0, "a"),
        ("a/10", "a", 1, "a"),
        ("b/9", "b", 0, "b"),
        ("b/10", "b", 1, "b"),
    ]


def test_subsets_may_hold_sequences(tmp_path: Path) -> None:
    write_raw(tmp_path / "train" / "dog")
    write_raw(tmp_path / "test" / "images" / "cat", channels=["."], masks="")
    samples = found(tmp_path)
    assert (samples[0].sample_id, samples[0].sequence) == ("train/dog/1", "train/dog")
    assert (samples[-1].sequence, samples[-1].subset) == ("test/cat", "unlabelled")


def test_a_table_names_samples(tmp_path: Path) -> None:
    write_raw(tmp_path, ["a", "b", "c"])
    rows = ["images,mask,sequence,time,group,subset"]
    rows += ["images/a.png;images/c.png,masks/a.png,film,12.5,patient 1,train", "images/b.png,masks/b.png,film,3,,test"]
    rows += ["images/c.png,,,,,"]
    (tmp_path / "samples.csv").write_text("\n".join(rows))
    assert found(tmp_path) == [
        RawSample("b", ("images/b.png",), "masks/b.png", sequence="film", group="film", subset="test"),
        RawSample(
            "a",
            ("images/a.png", "images/c.png"),
            "masks/a.png",
            sequence="film",
            time=1,
            group="patient 1",
            subset="train",
        ),
        RawSample("c", ("images/c.png",), group="c", subset="unlabelled"),
    ]


@pytest.mark.parametrize("name", [".DS_Store", "Thumbs.db", "thumbs.DB", "desktop.ini", "Desktop.ini"])
def test_what_systems_leave_behind_is_passed_over(name: str, tmp_path: Path) -> None:
    write_raw(tmp_path)
    (tmp_path / "images" / name).write_text("x")
    assert len(found(tmp_path)) == 3


def test_groups_are_passed_over_beside_the_folders_alone(tmp_path: Path) -> None:
    write_raw(tmp_path, channels=["."], masks="")
    (tmp_path / "groups.csv").write_text("file,group\n1.png,x\n")
    assert len(found(tmp_path, channels=["."], masks=None)) == 3
    write_raw(tmp_path / "own")
    (tmp_path / "own" / "images" / "groups.csv").write_text("file,group\n1.png,x\n")
    faults = find_samples(tmp_path / "own", DataParams())[1].faults
    assert [(fault.kind, fault.file) for fault in faults] == [("groups_misplaced", "images/groups.csv")]
    assert f"move it to '{tmp_path}/own/groups.csv'" in faults[0].message


def test_a_folder_named_as_a_picture_is_a_sequence(tmp_path: Path) -> None:
    write_raw(tmp_path, ["1"], channels=["images/7.png"], masks="masks/7.png")
    assert [(s.sample_id, s.images, s.sequence) for s in found(tmp_path)] == [
        ("7.png/1", ("images/7.png/1.png",), "7.png")
    ]


def test_unused_folders_are_a_warning(tmp_path: Path) -> None:
    write_raw(tmp_path, channels=("images", "depth"))
    assert "depth" in find_samples(tmp_path, DataParams())[1].warnings[0]


def test_a_link_is_followed_and_names_the_sequence(tmp_path: Path) -> None:
    write_raw(tmp_path / "elsewhere")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    assert found(tmp_path / "link", ordered=True)[0].sequence == "link"


def test_two_spellings_of_one_subset_are_told_and_both_are_kept(tmp_path: Path) -> None:
    write_raw(tmp_path / "Train", ["1"])
    write_raw(tmp_path / "train", ["2"])
    write_raw(tmp_path / "test", ["3"])
    _, found = find_samples(tmp_path, DataParams())
    assert [(fault.kind, fault.file) for fault in found.faults] == [("subset_twice", "train")]
    assert [sample.images for sample in found.samples] == [
        ("Train/images/1.png",),
        ("train/images/2.png",),
        ("test/images/3.png",),
    ]
