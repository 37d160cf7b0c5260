"""Files of one name, and the table of groups, when one is renamed or left out."""

from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from pipeline.mending.rounds import Mended, mend_folder
from pipeline.params import DataParams
from tests.raws import draw_image, draw_mask, write_raw

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
