"""The step from raw files to manifest, and what it says of bad data."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from pipeline.datasets.faults import DataError
from pipeline.datasets.manifest import read_dataset, read_manifest
from pipeline.params import DataParams
from pipeline.steps.validate import validate
from tests.raws import draw_image, draw_mask, write_picture, write_raw


def run(raw: Path, **data: Any) -> tuple[Any, Any]:
    """The manifest and the data set's facts."""
    manifest, dataset = raw.parent / "out" / "manifest.csv", raw.parent / "out" / "dataset.json"
    validate(raw, manifest, dataset, data=DataParams.model_validate(data))
    return read_manifest(manifest), read_dataset(dataset)


def faults_of(raw: Path, **data: Any) -> list[str]:
    """The lines of what is wrong; nothing may have been written."""
    with pytest.raises(DataError) as fault:
        run(raw, **data)
    assert not (raw.parent / "out").exists()
    first, *lines = str(fault.value).replace(f"{raw}/", "").splitlines()
    assert len(lines) > 200 or first == f"{len(lines)} fault{'s' if len(lines) > 1 else ''} in '{raw}':"
    return lines


def test_the_manifest_tells_size_type_foreground_and_hashes(tmp_path: Path) -> None:
    manifest, dataset = run(write_raw(tmp_path / "raw"))
    row = manifest.iloc[2]
    assert (row.sample_id, row.images, row["mask"]) == ("10", "images/10.png", "masks/10.png")
    assert (row.height, row.width, row.channels, row["dtype"], row.foreground) == (8, 10, 1, "uint8", 0.25)
    assert manifest["content_hash"].nunique() == 3
    assert manifest["mask_hash"].nunique() == 1
    assert (dataset.channels, dataset.mask_values, dataset.class_names) == (1, (0, 255), ("0", "1"))


def test_the_foreground_may_be_dark_and_is_counted_outside_ignored_regions(tmp_path: Path) -> None:
    region = {"top": 0, "left": 0, "height": 4, "width": 5}
    manifest, dataset = run(write_raw(tmp_path / "raw"), mask_values=[255, 0], class_names=["inside", "membrane"])
    assert manifest["foreground"].tolist() == [0.75] * 3
    assert dataset.class_names == ("inside", "membrane")
    manifest, _ = run(tmp_path / "raw", mask_values=[255, 0], ignore_regions=[region])
    assert manifest["foreground"].tolist() == [1.0] * 3


def test_any_two_values_are_binary_and_more_are_classes(tmp_path: Path) -> None:
    raw = write_raw(tmp_path / "raw", ["1", "2"])
    write_picture(raw / "masks" / "1.png", draw_mask(9, 3))
    write_picture(raw / "masks" / "2.png", draw_mask(9, 3))
    assert run(raw)[1].mask_values == (3, 9)
    write_picture(raw / "masks" / "2.png", draw_mask(7, 3))
    _, dataset = run(raw)
    assert dataset.mask_values == (3, 7, 9)
    assert any("7 in 1, 9 in 1 masks" in warning for warning in dataset.warnings)


def test_colour_and_grey_folders_add_up_to_channels(tmp_path: Path) -> None:
    raw = write_raw(tmp_path / "raw", ["1"], channels=("images", "depth"))
    write_picture(raw / "images" / "1.png", draw_image(0, 4))
    assert run(raw, channels=["images", "depth"])[1].channels == 4


def test_unlabelled_samples_have_no_foreground(tmp_path: Path) -> None:
    write_raw(tmp_path / "raw" / "train")
    write_raw(tmp_path / "raw" / "test", ["1"], masks="")
    manifest, _ = run(tmp_path / "raw")
    assert manifest["subset"].tolist() == ["train"] * 3 + ["unlabelled"]
    assert np.isnan(manifest["foreground"].iloc[3])


def test_the_data_hash_follows_pixels_and_not_files(tmp_path: Path) -> None:
    raw = write_raw(tmp_path / "raw")
    before = run(raw)[1].data_hash
    shutil.move(raw / "images" / "1.png", raw / "images" / "aside.png")
    write_picture(raw / "images" / "1.bmp", draw_image(0))
    (raw / "images" / "aside.png").unlink()
    assert run(raw)[1].data_hash == before
    write_picture(raw / "images" / "1.bmp", draw_image(5))
    assert run(raw)[1].data_hash != before


def _change(name: str, pixels: np.ndarray) -> Callable[[Path], object]:
    return lambda raw: write_picture(raw / name, pixels)


def _remove(name: str) -> Callable[[Path], object]:
    return lambda raw: (raw / name).unlink()


FAULTS: dict[str, tuple[Callable[[Path], object], dict[str, Any], str]] = {
    "no mask": (
        _remove("masks/2.png"),
        {},
        "image 'images/2.png' has no mask 'masks/2.*': add it, or remove the image",
    ),
    "no image": (
        _remove("images/2.png"),
        {},
        "mask 'masks/2.png' has no image 'images/2.*': add it, or remove the mask",
    ),
    "size": (
        _change("masks/2.png", np.tile(draw_mask(), (2, 1))),
        {},
        "mask 'masks/2.png' is 10x16, its image is 10x8: export it again at the image's size, or remove the pair",
    ),
    "type": (
        _change("images/2.png", draw_image(0, 0, "uint16")),
        {},
        "image 'images/2.png' has uint16, 2 others have uint8: save all with the same bits a channel",
    ),
    "channels": (
        _change("images/2.png", draw_image(0, 3)),
        {},
        "image 'images/2.png' has 3 channels, 2 others have 1 channel: save all in grey or all in colour",
    ),
    "no bytes": (
        lambda raw: (raw / "images" / "2.png").write_bytes(b""),
        {},
        "image 'images/2.png' is empty (0 bytes): export it again",
    ),
    "cut short": (
        lambda raw: (raw / "images" / "2.png").write_bytes((raw / "images" / "2.png").read_bytes()[:60]),
        {},
        "image 'images/2.png' cannot be decoded (",
    ),
    "unknown value": (
        _change("masks/2.png", draw_mask(254)),
        {"mask_values": [0, 255]},
        "mask 'masks/2.png' has 20 pixels of value 254, which is none of data.mask_values [0, 255]: mend the mask or",
    ),
    "unknown values": (
        _change("masks/2.png", np.arange(80, dtype=np.uint8).reshape(8, 10)),
        {"mask_values": [0, 255]},
        "mask 'masks/2.png' has 80 values, 79 pixels of them between data.mask_values [0, 255]: export it without",
    ),
    "lossy mask": (
        lambda raw: Image.open(raw / "masks/2.png").save((raw / "masks/2.png").rename(raw / "masks/2.jpg")),
        {},
        "mask 'masks/2.jpg' is a JPEG, which changes values: export it from its source as PNG",
    ),
    "smoothed mask": (
        _change("masks/2.png", np.arange(80, dtype=np.uint8).reshape(8, 10)),
        {},
        "masks have 81 different values, most in 'masks/2.png' (80): export them without smoothing",
    ),
    "same stem": (
        _change("images/2.bmp", draw_image(0)),
        {},
        "file 'images/2.png' has the same name as '2.bmp': keep one of them",
    ),
    "other file": (
        lambda raw: (raw / "images" / "notes.txt").write_text("x"),
        {},
        "file 'images/notes.txt' is none of .png, .jpg, .jpeg, .bmp, .webp, .tif, .tiff, .npy, .npz, .zarr, .gif, .mp4, ",
    ),
    "too deep": (
        _change("images/a/b/1.png", draw_image(0)),
        {},
        "folder 'images/a/b' lies too deep: keep one subfolder a sequence, without further ones",
    ),
    "empty folder": (
        lambda raw: [path.unlink() for path in (raw / "images").iterdir()],
        {},
        "folder 'images' holds no images: put files of .png",
    ),
    "missing folder": (lambda raw: None, {"channels": ["image"]}, "folder 'image' is missing: did you mean 'images'?"),
    "region": (
        lambda raw: (raw / "images" / "1.png").unlink() or (raw / "masks" / "1.png").unlink(),
        {"ignore_regions": [{"top": 4, "left": 0, "height": 5, "width": 2}]},
        "image 'images/2.png' is 10x8, an ignored region from 0, 4 to 2, 9: change data.ignore_regions",
    ),
    "all ignored": (
        _change("masks/2.png", draw_mask(0)),
        {"ignore_value": 0},
        "mask 'masks/2.png' has no pixel that counts: remove the pair, or ignore less",
    ),
    "no foreground": (
        lambda raw: [write_picture(path, draw_mask(0)) for path in (raw / "masks").iterdir()],
        {},
        "hold nothing but background (0): add masks with foreground, or change data.mask_values",
    ),
    "class names": (
        lambda raw: None,
        {"class_names": ["a", "b", "c"]},
        "data.class_names has 3 names, the masks have 2 values (0, 255), most in 'masks/1.png' (2): name the classes",
    ),
    "semicolon": (
        lambda raw: (raw / "images" / "2.png").rename(raw / "images" / "2;.png"),
        {},
        "file 'images/2;.png' has a semicolon in its name",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_told_with_place_value_and_mend(name: str, tmp_path: Path) -> None:
    harm, data, expected = FAULTS[name]
    raw = write_raw(tmp_path / "raw")
    harm(raw)
    assert any(expected in line for line in faults_of(raw, **data)), faults_of(raw, **data)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    raw = write_raw(tmp_path / "raw", list("abcdef"))
    (raw / "masks" / "a.png").unlink()
    (raw / "images" / "b.png").write_bytes(b"")
    write_picture(raw / "images" / "c.png", draw_image(0, 3))
    write_picture(raw / "masks" / "d.png", draw_mask(7))
    lines = faults_of(raw, mask_values=[0, 255])
    assert [line.split("'")[1] for line in lines] == ["images/a.png", "images/b.png", "images/c.png", "masks/d.png"]


def test_channels_of_unequal_size_or_type_are_told(tmp_path: Path) -> None:
    raw = write_raw(tmp_path / "raw", ["1", "2"], channels=("images", "depth"))
    write_picture(raw / "depth" / "1.png", draw_image(0)[:4])
    write_picture(raw / "depth" / "2.png", draw_image(0, 0, "uint16"))
    small, deep = faults_of(raw, channels=["images", "depth"])
    assert small.startswith("image 'depth/1.png' is 10x4, 'images/1.png' is 10x8: ")
    assert deep.startswith("image 'depth/2.png' is uint16, 'images/2.png' is uint8: ")


def test_a_missing_data_set_is_told_with_the_nearest(tmp_path: Path) -> None:
    write_raw(tmp_path / "embryos")
    with pytest.raises(DataError, match=r"embryo' is missing: did you mean 'embryos'\?"):
        run(tmp_path / "embryo")


def test_an_empty_data_set_is_told(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    assert faults_of(tmp_path / "raw")[0].startswith("folder 'images' is missing")


def test_a_folder_beside_the_subsets_is_told(tmp_path: Path) -> None:
    write_raw(tmp_path / "raw" / "train")
    write_raw(tmp_path / "raw" / "valdation")
    assert faults_of(tmp_path / "raw") == [
        "folder 'valdation' is none of train, validation, test: rename it, or move it elsewhere"
    ]


ROWS = {
    "images,masc\nimages/1.png,": "has an unknown column masc: did you mean mask?",
    "mask\nmasks/1.png": "has no column images",
    "images,mask\n": "has no rows",
    "": "cannot be read",
    "images,mask\n/images/1.png,masks/1.png": "line 2: '/images/1.png' is no file of the data set",
    "images,mask\nimages/1.png,masks/7.png": "mask 'masks/7.png' is missing",
    "images,mask,subset\nimages/1.png,masks/1.png,val": "line 2: subset val is unknown",
    "images,mask,subset\nimages/1.png,,train": "line 2: a train sample needs a mask",
    "images,mask,subset\nimages/1.png,masks/1.png,unlabelled": "line 2: an unlabelled sample has the mask",
    "images,mask,time\nimages/1.png,masks/1.png,1": "line 2: time 1 without a sequence",
    "images,mask,sequence,time\nimages/1.png,masks/1.png,a,noon": "line 2: time noon is not a number",
    "images,mask,sequence,time\nimages/1.png,masks/1.png,a,1\nimages/2.png,masks/2.png,a,1": "2 samples of sequence a",
    "images,mask\nimages/1.png,masks/1.png\nimages/1.png,masks/1.png": "sample images/1 is named twice",
}


@pytest.mark.parametrize("text", ROWS)
def test_each_fault_of_a_table_is_told(text: str, tmp_path: Path) -> None:
    raw = write_raw(tmp_path / "raw")
    (raw / "samples.csv").write_text(text)
    lines = faults_of(raw)
    assert any(ROWS[text] in line for line in lines), lines


def test_what_is_written_is_documented(tmp_path: Path) -> None:
    run(write_raw(tmp_path / "raw"))
    assert set(json.loads((tmp_path / "out" / "dataset.json").read_text())) == {
        "channels",
        "dtype",
        "mask_values",
        "class_names",
        "data_hash",
        "layout",
        "label_names",
        "targets",
        "warnings",
    }


def test_faults_alike_are_counted_from_the_two_hundredth_on(tmp_path: Path) -> None:
    lines = faults_of(write_raw(tmp_path / "raw", [str(number) for number in range(203)]), mask_values=[0, 1])[:202]
    assert lines[199].startswith("mask 'masks/199.png' has 20 pixels of value 255")
    assert lines[-1] == "and 3 more faults like the last of kind value_unknown"


def test_faults_of_groups_are_told_with_all_others(tmp_path: Path) -> None:
    raw = write_raw(tmp_path / "raw")
    (raw / "groups.csv").write_text("file,group\nimages/2.png,site\nimages/3.png,site\n")
    (raw / "masks" / "2.png").unlink()
    assert [line.split("'")[1] for line in faults_of(raw)] == ["images/2.png", "groups.csv"]
