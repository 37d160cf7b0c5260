"""Mistakes in the parts of composites."""

from pathlib import Path

import numpy as np
import tifffile

from tests.mistakes.entry import Mistake, write, write_all
from tests.raws import draw_image

COMPOSE = {"masks": None, "compose": {"backgrounds": "backgrounds", "cutouts": "cutouts"}}


def draw_cutout(seed: int) -> np.ndarray:
    """An image (8, 10, 4) whose border is transparent."""
    pixels = np.dstack([draw_image(seed, 3), np.zeros((8, 10), np.uint8)])
    pixels[2:6, 2:8, 3] = 255
    return pixels


def draw_parts(raw: Path) -> None:
    """Six backgrounds and six cut-outs."""
    for number in range(6):
        write(f"backgrounds/{number}.png", np.tile(draw_image(number, 3), (3, 3, 1)))(raw)
        write(f"cutouts/{number}.png", draw_cutout(10 + number))(raw)


COMPOSITES = (
    Mistake(
        "a cut-out without transparency",
        "cutout_without_alpha",
        write("cutouts/2.png", draw_image(12, 3)),
        good=draw_parts,
        data=COMPOSE,
        file="cutouts/2.png",
        found="without alpha",
        mend="export it as PNG with a transparent background",
    ),
    Mistake(
        "a cut-out that is wholly transparent",
        "cutout_empty",
        write("cutouts/2.png", draw_cutout(12) * np.array([1, 1, 1, 0], np.uint8)),
        good=draw_parts,
        data=COMPOSE,
        file="cutouts/2.png",
        found="no pixel that is half opaque or more",
        mend="export it again, or remove it",
    ),
    Mistake(
        "the folder of the cut-outs is misspelt",
        "folder_missing",
        lambda raw: (raw / "cutouts").rename(raw / "cutout"),
        good=draw_parts,
        data=COMPOSE,
        file="cutouts",
        found="is missing",
        mend="did you mean 'cutout'?",
    ),
    Mistake(
        "more pairs than there are",
        "too_many_pairs",
        lambda raw: None,
        good=draw_parts,
        data=COMPOSE | {"compose": {"backgrounds": "backgrounds", "cutouts": "cutouts", "pairs": 37}},
        found="37",
        expected="36 pairs",
        mend="lower it, or set it to null",
    ),
    Mistake(
        "cut-outs in colour on grey backgrounds",
        "cutout_colour",
        write_all("backgrounds/{}.png", lambda number: draw_image(number)),
        good=lambda raw: write_all("cutouts/{}.png", lambda number: draw_cutout(10 + number))(raw),
        data=COMPOSE,
        file="cutouts/1.png",
        found="is in colour",
        expected="the backgrounds are grey",
        mend="save the cut-out in grey, or the backgrounds in RGB",
    ),
    Mistake(
        "a background of two channels",
        "background_channels",
        lambda raw: [
            (raw / "backgrounds/2.png").unlink(),
            tifffile.imwrite(
                raw / "backgrounds/2.tif",
                draw_image(2, 2).transpose(2, 0, 1),
                metadata={"axes": "CYX"},
                photometric="minisblack",
            ),
        ],
        good=draw_parts,
        data=COMPOSE,
        file="backgrounds/2.tif",
        found="has 2 channels",
        mend="save it in grey or RGB",
    ),
    Mistake(
        "a background of 16 bits",
        "part_type",
        write("backgrounds/2.png", draw_image(2, 3, "uint16")),
        good=draw_parts,
        data=COMPOSE,
        file="backgrounds/2.png",
        found="is uint16",
        mend="save it with 8 bits a channel",
    ),
)
