"""Mistakes in depth files."""

from pathlib import Path

import numpy as np

from tests.mistakes.entry import Mistake, remove, write, write_all
from tests.raws import draw_image, write_raw

DEPTH = {"depth": {"folder": "depth", "scale": 0.001, "missing": 0}}


def millimetres(number: int) -> np.ndarray:
    """A slope from one to three metres, in millimetres."""
    return np.linspace(1000 + number, 3000, 80).round().astype(np.uint16).reshape(8, 10)


def draw_depths(raw: Path) -> None:
    """Six images with masks and depth in millimetres."""
    write_raw(raw, "123456")
    write_all("depth/{}.png", millimetres)(raw)


def in_metres(raw: Path) -> None:
    """All depth as float, one file of it in metres."""
    for path in list((raw / "depth").iterdir()):
        path.unlink()
    write_all("depth/{}.tif", lambda number: millimetres(number).astype("float32") / (1000 if number == 1 else 1))(raw)


def floats(change: object) -> object:
    def harm(raw: Path) -> None:
        for path in list((raw / "depth").iterdir()):
            path.unlink()
        write_all("depth/{}.tif", lambda number: change(number, millimetres(number).astype("float32")))(raw)

    return harm


DEPTHS = (
    Mistake(
        "one depth file in metres among millimetres",
        "depth_units",
        in_metres,
        good=draw_depths,
        data=DEPTH,
        file="depth/2.tif",
        found="median",
        expected="the others",
        mend="one unit",
        mended=True,
    ),
    Mistake(
        "a depth file is missing",
        "depth_missing",
        remove("depth/2.png"),
        good=draw_depths,
        data=DEPTH,
        file="images/2.png",
        found="has no depth",
        expected="depth/2.*",
        mend="add it, or remove the image",
        mended=True,
    ),
    Mistake(
        "a depth file of another size",
        "depth_size",
        write("depth/2.png", millimetres(1)[:4]),
        good=draw_depths,
        data=DEPTH,
        file="depth/2.png",
        found="is 10x4",
        expected="its image is 10x8",
        mend="export it again at the image's size, or remove the pair",
    ),
    Mistake(
        "a depth below zero",
        "depth_negative",
        floats(lambda number, depth: depth - 2000 if number == 1 else depth),
        good=draw_depths,
        data=DEPTH,
        file="depth/2.tif",
        found="below 0",
        mend="data.depth",
    ),
    Mistake(
        "a depth file without any measurement",
        "depth_unmeasured",
        write("depth/2.png", np.zeros((8, 10), np.uint16)),
        good=draw_depths,
        data=DEPTH,
        file="depth/2.png",
        found="no measurement",
        mend="remove the pair",
        mended=True,
    ),
    Mistake(
        "a depth file as a picture in colours",
        "depth_in_colour",
        write("depth/2.png", draw_image(1, 3)),
        good=draw_depths,
        data=DEPTH,
        file="depth/2.png",
        found="is in colour",
        mend="one value a pixel",
    ),
    Mistake(
        "no folder of depth",
        "folder_missing",
        lambda raw: (raw / "depth").rename(raw / "depths"),
        good=draw_depths,
        data=DEPTH,
        file="depth",
        found="is missing",
        expected="did you mean 'depths'?",
        mend="Rename it, or name it in data.depth.folder",
        mended=True,
    ),
)
