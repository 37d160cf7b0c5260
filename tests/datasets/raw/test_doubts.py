"""Doubts are rare: what is merely varied is not doubted."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.datasets.raw.survey import survey_folder
from pipeline.params import DataParams
from tests.mistakes.entry import write_file
from tests.raws import draw_image, draw_mask, write_raw

NAMES = tuple("123456")


def doubts(raw: Path, **data: Any) -> list[str]:
    survey = survey_folder(raw, DataParams.model_validate(data))
    assert not survey.faults
    return list(survey.warnings)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return write_raw(tmp_path / "raw", NAMES)


def test_a_plain_data_set_is_not_doubted(raw: Path) -> None:
    assert doubts(raw) == []


def test_a_film_that_grows_darker_is_not_doubted(raw: Path) -> None:
    for number, key in enumerate(NAMES):
        write_file(raw / f"images/{key}.png", (draw_image(number) * (1 - number / 8)).astype(np.uint8))
    assert doubts(raw) == []


def test_photos_of_many_sizes_are_not_doubted(raw: Path) -> None:
    for number, key in enumerate(NAMES, 1):
        write_file(raw / f"images/{key}.png", np.tile(draw_image(number), (1, number)))
        write_file(raw / f"masks/{key}.png", np.tile(draw_mask(), (1, number)))
    assert doubts(raw) == []


def test_one_far_image_among_few_is_not_doubted(tmp_path: Path) -> None:
    raw = write_raw(tmp_path / "raw", ["1", "2", "3"])
    write_file(raw / "images/2.png", draw_image(2) // 9)
    assert doubts(raw) == []


@pytest.mark.parametrize("told", [{"mask_values": [0, 255]}, {"instances": "values"}])
def test_foreground_that_somebody_told_is_not_doubted(raw: Path, told: dict[str, Any]) -> None:
    for key in NAMES:
        write_file(raw / f"masks/{key}.png", draw_mask(0, 255))
    assert doubts(raw, **told) == []
    assert len(doubts(raw)) == 1


def test_classes_with_areas_are_no_interpolation(raw: Path) -> None:
    mask = np.repeat(np.array([0, 50, 100, 150, 200], np.uint8), 16).reshape(8, 10)
    for key in NAMES:
        write_file(raw / f"masks/{key}.png", mask)
    assert [line for line in doubts(raw) if "interpolated" in line] == []


def test_frames_that_go_up_in_threes_are_whole(tmp_path: Path) -> None:
    raw = write_raw(tmp_path / "raw", ["f3", "f6", "f9", "f12"])
    assert doubts(raw, ordered=True) == []
    for folder in ("images", "masks"):
        (raw / folder / "f9.png").unlink()
    write_file(raw / "images/f15.png", draw_image(15))
    write_file(raw / "masks/f15.png", draw_mask())
    (line,) = doubts(raw, ordered=True)
    assert line.startswith("sequence 'raw' has no frame 9 between 6 and 12, ")


def test_one_line_stands_for_all_that_are_alike(raw: Path) -> None:
    for key in "246":
        write_file(raw / f"images/{key}.png", np.zeros((8, 10), np.uint8))
    (line,) = doubts(raw)
    assert line.startswith("image 'images/2.png' holds nothing but the value 0 (and 2 more like it): ")
