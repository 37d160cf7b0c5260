"""Classes of whole images, depth, and masks of single objects, as the layouts find them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.datasets.raw import survey
from pipeline.datasets.raw.layouts import find_samples
from pipeline.datasets.raw.pairing import Found, RawSample
from pipeline.params import DataParams
from tests.raws import draw_image, draw_mask, write_picture, write_raw

PHOTOS: dict[str, Any] = {"channels": ["."], "masks": None}


def find(raw: Path, **data: Any) -> tuple[list[RawSample], list[str]]:
    """Samples, and kinds of faults."""
    _, found = find_samples(raw, DataParams.model_validate(data))
    return found.samples, [fault.kind for fault in found.faults]


def write_photos(raw: Path, *names: str) -> Path:
    for number, name in enumerate(names):
        write_picture(raw / name, draw_image(number))
    return raw


def test_the_folder_is_the_class(tmp_path: Path) -> None:
    samples, faults = find(write_photos(tmp_path, "cat/1.png", "cat/2.png", "dog/1.png"), **PHOTOS, labels="folders")
    assert not faults
    assert [(s.sample_id, s.label, s.sequence, s.group) for s in samples] == [
        ("cat/1", "cat", "", "cat/1"),
        ("cat/2", "cat", "", "cat/2"),
        ("dog/1", "dog", "", "dog/1"),
    ]


def test_classes_may_lie_in_subsets_of_several_names(tmp_path: Path) -> None:
    raw = write_photos(tmp_path, "training/cat/1.png", "val/dog/1.png", "test/cat/1.png", "test/unknown.png")
    samples, faults = find(raw, **PHOTOS, labels="folders")
    assert not faults
    assert {(s.sample_id, s.label, s.subset) for s in samples} == {
        ("train/cat/1", "cat", "train"),
        ("validation/dog/1", "dog", "validation"),
        ("test/cat/1", "cat", "test"),
        ("test/unknown", "", "unlabelled"),
    }


def test_a_pattern_finds_the_class_in_the_name(tmp_path: Path) -> None:
    raw = write_photos(tmp_path, "cat.1.png", "dog.1.png", "bird-1.png")
    samples, faults = find(raw, **PHOTOS, labels=r"^(?P<label>\w+)\.")
    assert [sample.label for sample in samples] == ["", "cat", "dog"]
    assert faults == ["label_missing"]


def test_folders_of_images_with_their_class_in_the_name_are_no_sequences(tmp_path: Path) -> None:
    raw = write_photos(tmp_path, "cat/cat.1.png", "cat/cat.2.png", "dog/dog.1.png")
    samples, faults = find(raw, **PHOTOS, labels=r"^(?P<label>\w+)\.")
    assert not faults
    assert [(sample.label, sample.sequence) for sample in samples] == [("cat", ""), ("cat", ""), ("dog", "")]
    assert len({sample.group for sample in samples}) == 3
    ordered, _ = find(raw, **PHOTOS, labels=r"^(?P<label>\w+)\.", ordered=True)
    assert [sample.sequence for sample in ordered] == ["cat", "cat", "dog"]


def test_depth_is_paired_like_a_mask(tmp_path: Path) -> None:
    raw = write_raw(tmp_path, ["1", "2"])
    write_picture(raw / "depth" / "1.png", draw_image(0, dtype="uint16"))
    samples, faults = find(raw, depth={"folder": "depth"})
    assert [(sample.mask, sample.depth) for sample in samples] == [("masks/1.png", "depth/1.png")]
    assert faults == ["depth_missing"]


def test_a_mask_may_be_a_folder_of_objects(tmp_path: Path) -> None:
    raw = write_raw(tmp_path, ["1"], masks="")
    for name in ("a", "b"):
        write_picture(raw / "masks" / "1" / f"{name}.png", draw_mask())
    samples, faults = find(raw, instances="files")
    assert (samples[0].mask, faults) == ("masks/1/", [])


def test_a_table_names_labels_parts_and_depth(tmp_path: Path) -> None:
    raw = write_photos(tmp_path, "a.png", "b.png", "c.png")
    (raw / "samples.csv").write_text("images,label,parts\na.png,cat,bg/1;fg/2\nb.png,dog,bg/1\nc.png,,\n")
    samples, faults = find(raw)
    assert not faults
    assert [(s.label, s.parts, s.subset) for s in samples] == [
        ("cat", "bg/1;fg/2", ""),
        ("dog", "bg/1", ""),
        ("", "", "unlabelled"),
    ]


def test_a_row_has_all_targets_or_none(tmp_path: Path) -> None:
    raw = write_raw(tmp_path, ["1", "2"])
    (raw / "samples.csv").write_text("images,mask,label\nimages/1.png,masks/1.png,cat\nimages/2.png,masks/2.png,\n")
    assert find(raw)[1] == ["target_missing"]


def test_the_frames_of_a_stack_are_a_sequence_with_masks_in_a_folder_or_a_stack(tmp_path: Path) -> None:
    frames = np.stack([draw_image(number) for number in range(3)])
    (tmp_path / "images").mkdir()
    np.save(tmp_path / "images" / "film.npy", frames)
    for number in range(3):
        write_picture(tmp_path / "masks" / "film" / f"frame{number + 8}.png", draw_mask())
    samples, faults = find(tmp_path, axes="TYX")
    assert not faults
    assert [(s.images, s.mask, s.sequence, s.time) for s in samples] == [
        ((f"images/film.npy#{n}",), f"masks/film/frame{n + 8}.png", "film", n) for n in range(3)
    ]
    (tmp_path / "masks" / "film" / "frame9.png").unlink()
    assert find(tmp_path, axes="TYX")[1] == ["frames_differ"]


def test_a_film_in_the_folder_of_a_class_is_a_sequence_of_that_class(tmp_path: Path) -> None:
    raw = write_photos(tmp_path, "cat/1.png")
    np.save(raw / "cat" / "film.npy", np.stack([draw_image(number) for number in range(2)]))
    samples, faults = find(raw, **PHOTOS, labels="folders", axes="TYX")
    assert not faults
    assert [(s.sample_id, s.label, s.sequence, s.time, s.group) for s in samples] == [
        ("cat/1", "cat", "", 0, "cat/1"),
        ("cat/film/0000", "cat", "cat/film", 0, "cat/film"),
        ("cat/film/0001", "cat", "cat/film", 1, "cat/film"),
    ]


def test_a_film_in_no_folder_has_no_class(tmp_path: Path) -> None:
    np.save(tmp_path / "film.npy", np.stack([draw_image(number) for number in range(2)]))
    samples, faults = find(tmp_path, **PHOTOS, labels="folders", axes="TYX")
    assert [sample.label for sample in samples] == ["", ""]
    assert set(faults) == {"label_missing"}


def write_coco(raw: Path, *names: str) -> None:
    images = [{"id": number, "file_name": name} for number, name in enumerate(names)]
    (raw / "coco.json").write_text(json.dumps({"images": images, "annotations": [], "categories": []}))


def test_two_entries_of_one_name_are_a_fault(tmp_path: Path) -> None:
    write_coco(write_raw(tmp_path, ["0"], masks=""), "0.png", "0.jpg")
    _, found = find_samples(tmp_path, DataParams(masks="coco.json"))
    told = f"COCO file '{tmp_path}/coco.json' has two entries for one image, '0.png' and '0.jpg'"
    assert [(fault.kind, fault.file) for fault in found.faults] == [("entry_twice", "coco.json")]
    assert found.faults[0].message == f"{told}: put their outlines into one, or give each image a name of its own"
    assert [sample.mask for sample in found.samples] == ["coco.json#0.png"]


def test_masks_without_folders_of_objects_are_a_fault(tmp_path: Path) -> None:
    _, found = find_samples(write_raw(tmp_path), DataParams(instances="files"))
    assert [(fault.kind, fault.file) for fault in found.faults] == [("folder_empty", "masks")]
    assert "holds no folder of an image's objects" in found.faults[0].message
    assert "set data.instances to null if each file is a whole mask" in found.faults[0].message


def test_a_coco_file_of_no_images_is_a_fault(tmp_path: Path) -> None:
    write_coco(write_raw(tmp_path, masks=""))
    _, found = find_samples(tmp_path, DataParams(masks="coco.json"))
    assert [(fault.kind, fault.file) for fault in found.faults] == [("coco_empty", "coco.json")]
    assert "lists no images: export it again" in found.faults[0].message


def test_no_samples_are_a_fault_whatever_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey, "find_samples", lambda raw, data: ("folders", Found()))
    faults = survey.survey_folder(tmp_path, DataParams()).faults
    assert [fault.kind for fault in faults] == ["no_samples"]


@pytest.mark.parametrize("name", ["0000", "9"])
def test_a_film_beside_a_folder_of_its_name_is_a_fault(name: str, tmp_path: Path) -> None:
    write_picture(tmp_path / "images" / "a" / f"{name}.png", draw_image(9))
    np.save(tmp_path / "images" / "a.npy", np.stack([draw_image(number) for number in range(2)]))
    _, found = find_samples(tmp_path, DataParams(axes="TYX", masks=None))
    raw = f"{tmp_path}/images"
    told = f"folder '{raw}/a' and the frames of '{raw}/a.npy' are one sequence 'a': rename one of them"
    assert [(fault.kind, fault.file, fault.message) for fault in found.faults] == [
        ("sequence_twice", "images/a", told),
    ]
    assert [sample.images for sample in found.samples] == [("images/a.npy#0",), ("images/a.npy#1",)]


def test_files_that_cannot_be_listed_are_told_alone(tmp_path: Path) -> None:
    for folder in ("images", "masks"):
        (tmp_path / folder).mkdir()
        np.save(tmp_path / folder / "film.npy", np.stack([draw_image(number) for number in range(3)]))
    assert find(tmp_path)[1] == ["axes", "axes"]


def test_frames_of_one_film_in_a_table_are_one_group(tmp_path: Path) -> None:
    np.save(tmp_path / "film.npy", np.stack([draw_image(number) for number in range(3)]))
    (tmp_path / "samples.csv").write_text("images,label\nfilm.npy#0,cat\nfilm.npy#2,dog\n")
    samples, faults = find(tmp_path, axes="TYX")
    assert not faults
    assert [sample.group for sample in samples] == ["film.npy", "film.npy"]
