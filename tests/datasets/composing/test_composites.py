"""Composites from raw files to arrays, by the steps."""

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from pipeline.datasets.arrays import Arrays, open_arrays
from pipeline.datasets.composing.preparing import foretell_bytes
from pipeline.datasets.faults import DataError
from pipeline.datasets.manifest import read_dataset, read_manifest
from pipeline.params import DataParams
from pipeline.steps.prepare import prepare
from pipeline.steps.validate import validate
from tests.parts import draw_background, draw_cutout, write_parts


@dataclass(frozen=True)
class Made:
    """Where the files of a data set of composites lie."""

    raw: Path
    data: DataParams

    @property
    def manifest(self) -> pd.DataFrame:
        return read_manifest(self.raw.parent / "manifest.csv")

    def validate(self) -> "Made":
        validate(self.raw, self.raw.parent / "manifest.csv", self.raw.parent / "dataset.json", data=self.data)
        return self

    def prepare(self) -> Arrays:
        out = self.raw.parent / "prepared"
        files = [out / name for name in ("images.npy", "masks.npy", "depths.npy", "index.csv")]
        prepare(self.raw, self.raw.parent / "manifest.csv", self.raw.parent / "dataset.json", *files, data=self.data)
        return open_arrays(out)


def make(raw: Path, **compose: Any) -> Made:
    """A manifest of the raw folder's composites."""
    return Made(raw, DataParams.model_validate({"compose": {"placements": 2, **compose}})).validate()


def test_every_pair_gives_its_placements_and_names_its_parts(tmp_path: Path) -> None:
    made = make(write_parts(tmp_path / "raw"))
    row = made.manifest.iloc[3]
    assert len(made.manifest) == 3 * 4 * 2
    assert row["sample_id"] == row["group"] == "b0/c1/01"
    assert row["parts"] == "backgrounds/b0;cutouts/c1"
    assert (row["images"], row["mask"]) == ("backgrounds/b0.png;cutouts/c1.png", "cutouts/c1.png")
    assert row[["height", "width", "channels"]].tolist() == [24, 32, 6]
    dataset = read_dataset(tmp_path / "dataset.json")
    assert (dataset.channels, dataset.mask_values, dataset.layout, dataset.targets) == (
        6,
        (0, 1),
        "composites",
        ("mask",),
    )


def test_images_and_masks_are_those_of_the_manifest(tmp_path: Path) -> None:
    made = make(write_parts(tmp_path / "raw"))
    arrays = made.prepare()
    for position, row in made.manifest.iterrows():
        image, mask = arrays.image(position), arrays.mask(position)
        assert image.shape == (24, 32, 6) and mask.shape == (24, 32)
        assert mask.mean() == row["foreground"] > 0
        number = int(row["sample_id"][1])
        np.testing.assert_array_equal(image[..., 3:], draw_background(number))
        is_changed = (image[..., :3] != image[..., 3:]).any(axis=-1)
        assert (mask[~is_changed] == 0).mean() > 0.99


def test_a_cutout_at_its_own_size_is_copied_pixel_by_pixel(tmp_path: Path) -> None:
    raw = write_parts(tmp_path / "raw", 1, 1)
    cutout = draw_cutout(0)
    cutout[..., 3] = np.where(cutout[..., 3] > 0, 255, 0)
    Image.fromarray(cutout).save(raw / "cutouts" / "c0.png")
    box = cutout[2:-2, 2:-2]
    rows, columns = np.flatnonzero(box[..., 3].any(axis=1)), np.flatnonzero(box[..., 3].any(axis=0))
    cropped = box[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    share = max(cropped.shape[:2]) / 24
    arrays = make(raw, scale=[share, share], flip=False, with_background=False).prepare()
    top, left = arrays.index[["place_top", "place_left"]].astype(int).iloc[0]
    found = arrays.image(0)[top : top + cropped.shape[0], left : left + cropped.shape[1]]
    is_inside = cropped[..., 3] > 0
    np.testing.assert_array_equal(found[is_inside], cropped[is_inside, :3])
    np.testing.assert_array_equal(
        arrays.mask(0)[top : top + cropped.shape[0], left : left + cropped.shape[1]], is_inside
    )


def test_a_composite_is_the_same_among_fewer_others(tmp_path: Path) -> None:
    many = make(write_parts(tmp_path / "many" / "raw"), placements=5).prepare()
    few = make(write_parts(tmp_path / "few" / "raw", 2, 3), placements=2).prepare()
    for sample_id in few.index["sample_id"]:
        first, second = (arrays.positions([sample_id])[0] for arrays in (many, few))
        np.testing.assert_array_equal(many.image(first), few.image(second))
        np.testing.assert_array_equal(many.mask(first), few.mask(second))


def test_composites_have_the_size_that_is_asked_for(tmp_path: Path) -> None:
    made = make(write_parts(tmp_path / "raw"), size=[16, 20], with_background=False)
    assert made.prepare().image(5).shape == (16, 20, 3)
    assert made.manifest[["height", "width", "channels"]].drop_duplicates().to_numpy().tolist() == [[16, 20, 3]]


def test_parts_are_kept_once_and_cutouts_no_larger_than_needed(tmp_path: Path) -> None:
    raw = write_parts(tmp_path / "raw", 2, 3)
    Image.fromarray(draw_cutout(0, (400, 200))).save(raw / "cutouts" / "c0.png")
    make(raw, placements=30, size=[10, 10], scale=[0.1, 0.5]).prepare()
    assert np.load(tmp_path / "prepared" / "images.npy").shape == (2 * 10 * 10 * 3,)
    assert np.load(tmp_path / "prepared" / "masks.npy").size <= 3 * 10 * 10 * 4
    assert np.load(tmp_path / "prepared" / "depths.npy").size == 0


def test_backgrounds_of_many_sizes_keep_them(tmp_path: Path) -> None:
    raw = write_parts(tmp_path / "raw", 1, 1)
    Image.fromarray(draw_background(1, (40, 18))).save(raw / "backgrounds" / "b1.png")
    made = make(raw)
    arrays = made.prepare()
    assert [arrays.image(position).shape[:2] for position in (0, 2)] == [(24, 32), (40, 18)]
    assert arrays.mask(3).mean() == made.manifest["foreground"].iloc[3]


def test_grey_backgrounds_and_cutouts_give_grey_composites(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    for folder, mode, pixels in (("backgrounds", "L", draw_background(0)), ("cutouts", "LA", draw_cutout(0))):
        (raw / folder).mkdir(parents=True)
        Image.fromarray(pixels).convert(mode).save(raw / folder / "0.png")
    assert make(raw).prepare().image(0).shape == (24, 32, 2)


def test_files_of_one_content_are_one_part(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    raw = write_parts(tmp_path / "raw")
    Image.fromarray(draw_cutout(0)).save(raw / "cutouts" / "copy.png", compress_level=0)
    with caplog.at_level(logging.WARNING):
        manifest = make(raw).manifest
    assert set(manifest.loc[manifest["mask"].str.contains("copy"), "parts"].str.partition(";")[2]) == {"cutouts/c0"}
    assert "'cutouts/copy.png' is identical to 'cutouts/c0.png'" in caplog.text


def test_only_so_many_pairs_are_drawn(tmp_path: Path) -> None:
    manifest = make(write_parts(tmp_path / "raw"), pairs=5).manifest
    assert len(manifest) == 10 and manifest["parts"].nunique() == 5


def test_equal_parts_and_places_have_equal_hashes_and_no_others_do(tmp_path: Path) -> None:
    first = make(write_parts(tmp_path / "a" / "raw")).manifest
    again = make(write_parts(tmp_path / "b" / "raw")).manifest
    assert first.equals(again) and first["content_hash"].is_unique
    other = make(write_parts(tmp_path / "c" / "raw"), seed=1).manifest
    assert not set(first["content_hash"]) & set(other["content_hash"])


def test_what_may_be_a_mistake_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    raw = write_parts(tmp_path / "raw", 1, 1)
    Image.fromarray(np.dstack([draw_background(0), np.full((24, 32), 255, np.uint8)])).save(raw / "cutouts" / "box.png")
    thin = np.zeros((90, 90, 4), np.uint8)
    thin[np.arange(90), np.arange(90)] = 255
    Image.fromarray(thin).save(raw / "cutouts" / "thin.png")
    with caplog.at_level(logging.WARNING):
        make(raw)
    assert "cut-out 'cutouts/box.png' is opaque everywhere: its masks are rectangles" in caplog.text
    assert "2 of 6 masks are empty: raise data.compose.scale" in caplog.text


def drop(path: str) -> Callable[[Path], None]:
    return lambda raw: (raw / path).unlink()


def save(path: str, pixels: np.ndarray, mode: str | None = None) -> Callable[[Path], None]:
    return lambda raw: (Image.fromarray(pixels).convert(mode) if mode else Image.fromarray(pixels)).save(raw / path)


def rename(first: str, second: str) -> Callable[[Path], None]:
    return lambda raw: (raw / first).rename(raw / second) and None


@pytest.mark.parametrize(
    ("spoil", "settings", "kind", "message"),
    [
        (
            rename("cutouts", "cutout"),
            {},
            "folder_missing",
            "'.*cutouts' of the cut-outs is missing: did you mean 'cutout'",
        ),
        (rename("backgrounds", "back"), {"backgrounds": "bakc"}, "folder_missing", "did you mean 'back'"),
        (lambda raw: [path.unlink() for path in (raw / "cutouts").iterdir()], {}, "folder_empty", "holds no cut-outs"),
        (
            save("cutouts/c1.png", draw_background(0)),
            {},
            "cutout_without_alpha",
            "c1.png' is RGB without alpha: export",
        ),
        (save("cutouts/c1.png", draw_cutout(0) * 0), {}, "cutout_empty", "no pixel that is half opaque"),
        (save("cutouts/c1.png", draw_cutout(0) // 2), {}, "cutout_empty", "no pixel that is half opaque"),
        (save("backgrounds/b1.png", draw_background(0), "L"), {}, "channels_differ", "has 1 channels, 2 others have 3"),
        (save("backgrounds/b1.png", np.ones((9, 9), np.uint16)), {}, "part_type", "is uint16: save it with 8 bits"),
        (lambda raw: (raw / "cutouts/c2.png").write_bytes(b""), {}, "", "c2.png' is empty"),
        (lambda raw: None, {"pairs": 13}, "too_many_pairs", "3 backgrounds and 4 cut-outs make 12 pairs: lower it"),
        (lambda raw: None, {"placements": 10**6}, "too_many_samples", "and 12,000,000 composites, more than 5,000,000"),
    ],
)
def test_parts_that_cannot_be_composed_are_refused(
    tmp_path: Path, spoil: Callable[[Path], object], settings: dict[str, Any], kind: str, message: str
) -> None:
    raw = write_parts(tmp_path / "raw")
    spoil(raw)
    with pytest.raises(DataError, match=message) as caught:
        make(raw, **settings)
    assert kind in {fault.kind for fault in caught.value.faults}
    assert not (tmp_path / "manifest.csv").exists()


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    raw = write_parts(tmp_path / "raw")
    for path in ("cutouts/c1.png", "cutouts/c3.png"):
        save(path, draw_background(0))(raw)
    save("backgrounds/b1.png", draw_background(0), "L")(raw)
    with pytest.raises(DataError, match="3 faults in"):
        make(raw)


@pytest.mark.parametrize(
    "change",
    [drop("cutouts/c1.png"), save("cutouts/c1.png", draw_cutout(9)), save("backgrounds/b1.png", draw_background(9))],
)
def test_parts_that_changed_after_validation_are_refused_and_nothing_written(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    made = make(write_parts(tmp_path / "raw"))
    change(made.raw)
    with pytest.raises(DataError, match="run validate again"):
        made.prepare()
    assert not list((tmp_path / "prepared").iterdir())


def test_too_little_disk_is_told_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make(write_parts(tmp_path / "raw"))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9, 4000))
    with pytest.raises(DataError, match="free"):
        made.prepare()
    assert not list((tmp_path / "prepared").iterdir())


def test_what_is_foretold_is_enough_and_not_twice_what_is_taken(tmp_path: Path) -> None:
    made = make(write_parts(tmp_path / "raw", 9, 9), placements=40)
    made.prepare()
    taken = sum(path.stat().st_size for path in (tmp_path / "prepared").iterdir())
    assert made.data.compose is not None
    assert taken <= foretell_bytes(made.manifest, made.data.compose) <= 2 * taken
