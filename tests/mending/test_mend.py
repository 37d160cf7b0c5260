"""The command `mend`: never over anything, nothing of the original touched, all said, and what each mend does to pixels."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from pipeline.commands.mend import mend
from pipeline.datasets.faults import DataError, Fault
from pipeline.datasets.resizing import resize_mask
from pipeline.mending.kinds import LEAVING_OUT
from pipeline.mending.masks import find_nearest
from pipeline.mending.workplace import Workplace
from tests.raws import draw_image, draw_mask, write_picture, write_raw

Run = Callable[..., list[str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Mends data/raw/cells of a project and gives the lines that were said."""
    monkeypatch.chdir(tmp_path)
    write_raw(tmp_path / "data/raw/cells", "123456")
    (tmp_path / "params.yaml").write_text("{experiment: x, dataset: cells, models: [{kind: constant}]}")

    def call(**flags: Any) -> list[str]:
        mend(**flags)
        return capsys.readouterr().out.splitlines()

    return call


RAW, COPY = Path("data/raw/cells"), Path("data/raw/cells-mended")


def test_a_right_data_set_is_not_copied(run: Run) -> None:
    assert run() == ["nothing is wrong with data/raw/cells: nothing was copied"]
    assert not COPY.exists()


def test_a_copy_that_equals_the_original_is_not_kept(run: Run) -> None:
    write_picture(RAW / "masks/3.png", draw_mask()[::2])
    with pytest.raises(DataError, match="1 fault left"):
        run()
    assert not COPY.exists()


def test_files_are_copied_whole_and_apart(run: Run) -> None:
    (RAW / "masks/2.png").unlink()
    run()
    assert (COPY / "images/1.png").read_bytes() == (RAW / "images/1.png").read_bytes()
    assert (COPY / "images/1.png").stat().st_ino != (RAW / "images/1.png").stat().st_ino


def test_what_is_there_is_never_written_over(run: Run) -> None:
    (RAW / "masks/2.png").unlink()
    COPY.mkdir()
    with pytest.raises(DataError, match="is there already: remove it, or name another with --out"):
        run()
    assert run(out="other")[-1].startswith("next: set dataset: other in params.yaml")


@pytest.mark.parametrize("out", ["../cells", "cells/inside", "a/b"])
def test_the_copy_lies_beside_the_original(out: str, run: Run) -> None:
    with pytest.raises(DataError, match="is no folder beside"):
        run(out=out)


def test_every_file_that_changed_is_said(run: Run) -> None:
    (RAW / "masks/2.png").unlink()
    write_picture(RAW / "masks/3.png", draw_mask()[::2, ::2])
    assert run()[1:3] == [
        "  masks/3.png: resized from 5x4 to 10x8 by nearest neighbour",
        "  images/2.png: left out, as it has no mask 'masks/2.*'",
    ]


def test_a_link_is_followed_and_its_target_stays(run: Run, tmp_path: Path) -> None:
    (RAW / "images/1.png").rename(tmp_path / "elsewhere.png")
    (RAW / "images/1.png").symlink_to(tmp_path / "elsewhere.png")
    (RAW / "masks/2.png").unlink()
    run()
    assert not (COPY / "images/1.png").is_symlink()
    assert (tmp_path / "elsewhere.png").is_file()


def test_a_frame_is_never_left_out_of_its_sequence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text(
        "{experiment: x, dataset: cells, data: {ordered: true}, models: [{kind: constant}]}"
    )
    (RAW / "masks/3.png").unlink()
    write_picture(RAW / "masks/4.png", draw_mask()[::2, ::2])
    with pytest.raises(DataError, match="1 fault left"):
        run()
    assert (COPY / "images/3.png").is_file()


def test_eight_bits_among_sixteen_keep_black_and_white(run: Run) -> None:
    for number in range(1, 6):
        write_picture(RAW / f"images/{number}.png", draw_image(number, 0, "uint16"))
    write_picture(RAW / "images/6.png", np.array([[0, 1, 255]] * 3, np.uint8))
    write_picture(RAW / "masks/6.png", np.array([[0, 0, 255]] * 3, np.uint8))
    run()
    with Image.open(COPY / "images/6.png") as picture:
        assert np.asarray(picture)[0].tolist() == [0, 257, 65535]


def test_the_nearest_neighbour_takes_the_pixel_under_the_centre() -> None:
    mask = np.array([[1, 2], [3, 4]], np.uint8)
    assert resize_mask(mask, 4, 4).tolist() == [[1, 1, 2, 2], [1, 1, 2, 2], [3, 3, 4, 4], [3, 3, 4, 4]]
    assert resize_mask(np.arange(9).reshape(3, 3), 1, 1).tolist() == [[4]]


def test_the_nearest_class_is_taken() -> None:
    assert find_nearest(np.array([[3, 127, 128, 250]]), (255, 0)).tolist() == [[0, 0, 255, 255]]


def test_a_mask_is_turned_as_its_photo_is(run: Run) -> None:
    mask = draw_mask()
    picture = Image.fromarray(draw_image(1))
    exif = picture.getexif()
    exif[0x0112] = 6
    (RAW / "images/2.png").unlink()
    picture.save(RAW / "images/2.jpg", exif=exif)
    write_picture(RAW / "masks/2.png", mask)
    run()
    with Image.open(COPY / "masks/2.png") as turned:
        assert np.array_equal(np.asarray(turned), np.rot90(mask, 3))


def test_a_copy_that_the_disk_cannot_hold_is_not_begun(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (RAW / "masks/2.png").unlink()
    free = shutil.disk_usage(RAW)._replace(free=10)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: free)
    with pytest.raises(DataError, match=r"a copy takes 0\.0 GB, and 'data/raw' has 0\.0 GB free: make room"):
        run()
    assert [path.name for path in RAW.parent.iterdir()] == ["cells"]


def test_nothing_half_copied_stays(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (RAW / "masks/2.png").unlink()

    def fail(source: Path, target: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "copy2", fail)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert [path.name for path in RAW.parent.iterdir()] == ["cells"]


def test_no_copy_stays_of_a_mend_that_broke_off(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (RAW / "masks/2.png").unlink()

    def fail(place: Workplace, fault: Fault) -> str:
        raise ZeroDivisionError

    monkeypatch.setitem(LEAVING_OUT, "mask_missing", fail)
    with pytest.raises(ZeroDivisionError):
        run()
    assert [path.name for path in RAW.parent.iterdir()] == ["cells"]


def test_what_is_there_is_told_before_anything_is_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    COPY.mkdir()
    monkeypatch.setattr("pipeline.commands.mend.survey_folder", lambda *_: pytest.fail("the files were read"))
    with pytest.raises(DataError, match="is there already: remove it, or name another with --out"):
        run()
