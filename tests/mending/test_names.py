"""Files of one name, and the table of groups, when one is renamed or left out."""

from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from pipeline.mending.rounds import Mended, mend_folder
from pipeline.params import DataParams
from tests.raws import draw_image, draw_mask, write_picture, write_raw

SAME = "their pixels differ, and which is right is not known: keep one of them"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return write_raw(tmp_path / "raw", "123456")


def mend(raw: Path) -> Mended:
    return mend_folder(raw, DataParams())


def write_palette(path: Path, indices: np.ndarray) -> None:
    """All indices have one colour."""
    picture = Image.fromarray(indices.astype(np.uint8), mode="P")
    picture.putpalette([0, 0, 0] * 256)
    picture.save(path)


def test_masks_are_the_same_by_their_values_and_not_by_their_colours(raw: Path) -> None:
    for key in "123456":
        write_palette(raw / f"masks/{key}.png", draw_mask(1))
    write_palette(raw / "masks/1.bmp", draw_mask(0, 1))
    assert [reason for _, reason in mend(raw).left] == [SAME]
    assert (raw / "masks/1.bmp").is_file()


def test_a_microscope_s_suffix_is_no_part_of_the_name(raw: Path) -> None:
    (raw / "images/2.png").unlink()
    for name in ("2.ome.tif", "2.tif"):
        tifffile.imwrite(raw / "images" / name, draw_image(1))
    mended = mend(raw)
    assert (mended.left, len(mended.done)) == ((), 1)
    assert len(list((raw / "images").glob("2.*"))) == 1


def test_groups_follow_a_file_that_gets_another_name(raw: Path) -> None:
    for folder in ("images", "masks"):
        (raw / folder / "2.png").rename(raw / folder / "2#b.png")
    (raw / "groups.csv").write_text("file,group\nimages/1.png,a\nimages/2#b.png,a\n")
    assert not mend(raw).left
    assert (raw / "groups.csv").read_text() == "file,group\nimages/1.png,a\nimages/2_b.png,a\n"


def test_groups_follow_a_folder_that_gets_another_name(raw: Path) -> None:
    (raw / "images").rename(raw / "imagess")
    (raw / "groups.csv").write_text("file,group\nimagess/1.png,a\nimagess/2.png,a\n")
    assert not mend(raw).left
    assert (raw / "groups.csv").read_text() == "file,group\nimages/1.png,a\nimages/2.png,a\n"


def test_groups_lose_a_file_that_is_left_out_and_say_so(raw: Path) -> None:
    (raw / "masks/2.png").unlink()
    (raw / "groups.csv").write_text("file,group\nimages/1.png,a\nimages/2.png,a\nimages/3.png,a\n")
    assert mend(raw).done == (
        "images/2.png: left out, as it has no mask 'masks/2.*'",
        "groups.csv: the row of 'images/2.png' left out",
    )
    assert (raw / "groups.csv").read_text() == "file,group\nimages/1.png,a\nimages/3.png,a\n"


def test_groups_lose_a_file_that_samples_csv_lost(raw: Path) -> None:
    rows = "".join(f"images/{key}.png,masks/{key}.png\n" for key in "1234567")
    (raw / "samples.csv").write_text(f"images,mask\n{rows}")
    (raw / "groups.csv").write_text("file,group\nimages/1.png,a\nimages/7.png,a\n")
    assert not mend(raw).left
    assert (raw / "groups.csv").read_text() == "file,group\nimages/1.png,a\n"


def test_groups_of_two_equal_files_become_one(raw: Path) -> None:
    write_picture(raw / "images/1.bmp", draw_image(0))
    rows = "images/1.png,a\nimages/1.bmp,b\nimages/2.png,a\nimages/3.png,b\n"
    (raw / "groups.csv").write_text(f"file,group\n{rows}")
    (told,) = mend(raw).done
    kept = "images/1.bmp" if told.startswith("images/1.png") else "images/1.png"
    lines = (raw / "groups.csv").read_text().splitlines()[1:]
    assert sorted(line.partition(",")[0] for line in lines) == [kept, "images/2.png", "images/3.png"]
    assert len({line.partition(",")[2] for line in lines}) == 1


def test_groups_that_cannot_be_read_stay_as_they_are(raw: Path) -> None:
    (raw / "masks/2.png").unlink()
    (raw / "groups.csv").write_text("nothing\nof,the,kind\n")
    mend(raw)
    assert (raw / "groups.csv").read_text() == "nothing\nof,the,kind\n"
