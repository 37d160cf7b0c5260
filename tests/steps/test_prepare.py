"""The step from raw files to arrays."""

import re
import resource
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.datasets.arrays import IGNORED, Arrays, open_arrays
from pipeline.datasets.faults import DataError
from pipeline.params import DataParams
from pipeline.steps.prepare import prepare
from pipeline.steps.validate import validate
from tests.raws import draw_image, draw_mask, write_picture, write_raw


def run(raw: Path, **settings: Any) -> Arrays:
    """The store of a raw folder."""
    data, out = DataParams.model_validate(settings), raw.parent / "out"
    validate(raw, out / "manifest.csv", out / "dataset.json", data=data)
    return _prepare(raw, data)


def _prepare(raw: Path, data: DataParams) -> Arrays:
    out = raw.parent / "out"
    files = [out / "prepared" / name for name in ("images.npy", "masks.npy", "depths.npy", "index.csv")]
    prepare(raw, out / "manifest.csv", out / "dataset.json", *files, data=data)
    return open_arrays(out / "prepared")


def test_images_of_all_channel_folders_are_stacked(tmp_path: Path) -> None:
    arrays = run(write_raw(tmp_path / "raw", channels=("treated", "raw")), channels=["treated", "raw"])
    np.testing.assert_array_equal(arrays.image(1), np.stack([draw_image(1), draw_image(101)], axis=-1))


def test_masks_are_class_indices_with_what_does_not_count_ignored(tmp_path: Path) -> None:
    region = {"top": 6, "left": 0, "height": 2, "width": 10}
    arrays = run(write_raw(tmp_path / "raw"), mask_values=[255, 0], ignore_regions=[region])
    expected = (draw_mask() == 0).astype(np.uint8)
    expected[6:] = IGNORED
    np.testing.assert_array_equal(arrays.mask(0), expected)


def test_samples_of_many_sizes_keep_them(tmp_path: Path) -> None:
    raw = write_raw(tmp_path / "raw")
    write_picture(raw / "images" / "2.png", draw_image(1)[:3, :4])
    write_picture(raw / "masks" / "2.png", draw_mask()[:3, :4])
    arrays = run(raw)
    assert [arrays.image(n).shape for n in range(3)] == [(8, 10, 1), (3, 4, 1), (8, 10, 1)]
    np.testing.assert_array_equal(arrays.image(2)[..., 0], draw_image(2))


def test_resized_samples_keep_classes_and_ignored_regions(tmp_path: Path) -> None:
    region = {"top": 0, "left": 0, "height": 4, "width": 2}
    arrays = run(write_raw(tmp_path / "raw"), resize=[4, 5], ignore_regions=[region])
    assert arrays.image(0).shape == (4, 5, 1)
    np.testing.assert_array_equal(arrays.mask(0)[:2], [[IGNORED, 1, 0, 0, 0]] * 2)
    assert arrays.index[["original_height", "original_width"]].iloc[0].tolist() == [8, 10]


def test_16_bits_stay_16_bits(tmp_path: Path) -> None:
    raw = write_raw(tmp_path / "raw", ["1"])
    write_picture(raw / "images" / "1.tif", draw_image(0, 3, "uint16"))
    (raw / "images" / "1.png").unlink()
    np.testing.assert_array_equal(run(raw).image(0), draw_image(0, 3, "uint16"))


def test_unlabelled_samples_have_images_alone(tmp_path: Path) -> None:
    write_raw(tmp_path / "raw" / "train")
    write_raw(tmp_path / "raw" / "test", ["1", "2"], masks="")
    arrays = run(tmp_path / "raw")
    assert (arrays.index["mask_offset"] < 0).tolist() == [False] * 3 + [True] * 2
    np.testing.assert_array_equal(arrays.image(4)[..., 0], draw_image(1))


def test_a_file_changed_after_validation_is_refused_and_nothing_written(tmp_path: Path) -> None:
    raw = write_raw(tmp_path / "raw")
    run(raw)
    before = (tmp_path / "out" / "prepared" / "images.npy").read_bytes()
    write_picture(raw / "images" / "2.png", draw_image(77))
    with pytest.raises(DataError, match=r"images/2\.png' or its target has changed since it was validated"):
        _prepare(raw, DataParams())
    assert (tmp_path / "out" / "prepared" / "images.npy").read_bytes() == before


def test_the_store_is_four_files_however_many_samples_there_are(tmp_path: Path) -> None:
    """So that DVC and Snakemake see four."""
    run(write_raw(tmp_path / "raw", [str(number) for number in range(50)]))
    files = sorted(path.name for path in (tmp_path / "out/prepared").iterdir())
    assert files == ["depths.npy", "images.npy", "index.csv", "masks.npy"]


def test_what_is_foretold_is_what_is_taken(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        run(write_raw(tmp_path / "raw", [str(number) for number in range(50)]))
    taken = sum(path.stat().st_size for path in (tmp_path / "out/prepared").iterdir())
    told = re.search(r"will take ([\d.]+) kB", caplog.text)
    assert told is not None
    assert float(told[1]) * 1000 == pytest.approx(taken, rel=0.2)


def test_too_little_disk_is_told_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 100))
    with pytest.raises(DataError, match=r"needs 789 bytes, and 100 bytes are free"):
        run(write_raw(tmp_path / "raw"))
    assert not (tmp_path / "out/prepared").exists()


def test_a_disk_that_fills_leaves_nothing_half_written(tmp_path: Path) -> None:
    raw, (soft, hard) = write_raw(tmp_path / "raw"), resource.getrlimit(resource.RLIMIT_FSIZE)
    run(raw)
    shutil.rmtree(tmp_path / "out/prepared")
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, hard))  # no file may grow beyond
    try:
        with pytest.raises(DataError, match=r"the disk of '.*prepared' is full .*, nothing was kept: make room"):
            _prepare(raw, DataParams())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list((tmp_path / "out/prepared").iterdir()) == []
