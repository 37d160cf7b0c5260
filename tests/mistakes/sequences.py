"""Mistakes in films, stacks and folders of frames."""

from pathlib import Path

import imageio.v3 as imageio
import numpy as np

from tests.mistakes.entry import Mistake, both, remove, text, write
from tests.raws import draw_image, draw_mask

CLIPS = ({"kind": "conv_lstm_unet", "clip": 4},)
BY_GROUP = {"kind": "group_k_fold", "folds": 3}


def draw_sequences(raw: Path) -> None:
    """Four sequences of five frames."""
    for place, sequence in enumerate("abcd"):
        for number in range(1, 6):
            write(f"{sequence}/images/frame_{number:03d}.png", draw_image(10 * place + number))(raw)
            write(f"{sequence}/masks/frame_{number:03d}.png", draw_mask())(raw)


def remove_frame(number: int, sequence: str = "b") -> object:
    name = f"frame_{number:03d}.png"
    return remove(f"{sequence}/images/{name}", f"{sequence}/masks/{name}")


def write_film(raw: Path, frames: int = 8) -> None:
    """A film beside its masks, one a frame."""
    for folder in ("images", "masks"):
        for path in (raw / folder).iterdir():
            path.unlink()
    (raw / "images").mkdir(exist_ok=True)
    colour = np.random.default_rng(0).integers(0, 255, (8, 32, 32, 3), dtype=np.uint8)
    imageio.imwrite(raw / "images/film.mp4", colour, plugin="pyav", codec="libx264", fps=5)
    for number in range(frames):
        mask = np.zeros((32, 32), np.uint8)
        mask[:8, : 4 + number] = 255
        write(f"masks/film/{number:03d}.png", mask)(raw)


SEQUENCES = (
    Mistake(
        "a film beside a folder of its name",
        "sequence_twice",
        both(write_film, write("images/film/000.png", draw_image(1))),
        split=BY_GROUP,
        file="images/film",
        found="images/film.mp4' are one sequence",
        expected="'film'",
        mend="rename one of them",
    ),
    Mistake(
        "a frame number is missing in a sequence",
        "",
        remove_frame(3),
        good=draw_sequences,
        split=BY_GROUP,
        file="b",
        found="frame 3",
        expected="2 and 4",
        mend="add it, or divide the sequence there",
        caught="warning",
    ),
    Mistake(
        "a frame's mask is missing in a sequence",
        "mask_missing",
        remove("b/masks/frame_003.png"),
        good=draw_sequences,
        split=BY_GROUP,
        file="b/images/frame_003.png",
        found="has no mask",
        expected="b/masks/frame_003.*",
        mend="add it, or remove the image",
    ),
    Mistake(
        "a frame's mask is missing in a sequence of a subset",
        "mask_missing",
        both(
            lambda raw: [
                [(raw / subset).mkdir(), *((raw / name).rename(raw / subset / name) for name in names)]
                for subset, names in (("train", "abc"), ("test", "d"))
            ],
            remove("train/b/masks/frame_003.png"),
        ),
        good=draw_sequences,
        split={"kind": "predefined", "folds": 1},
        file="train/b/images/frame_003.png",
        found="has no mask",
        expected="train/b/masks/frame_003.*",
        mend="add it, or remove the image",
    ),
    Mistake(
        "a sequence without its folder of masks",
        "folder_missing",
        lambda raw: (raw / "b/masks").rename(raw / "b/masc"),
        good=draw_sequences,
        split=BY_GROUP,
        file="b/masks",
        found="is missing",
        expected="did you mean 'masc'?",
        mend="Rename it, or name it in data.masks",
        mended=True,
    ),
    Mistake(
        "a sequence shorter than the clip",
        "",
        both(remove_frame(3), remove_frame(4), remove_frame(5)),
        good=draw_sequences,
        split=BY_GROUP,
        models=CLIPS,
        file="sequence 'b'",
        found="has 2 frames",
        expected="clips of 4",
        mend="clip",
        caught="clip",
    ),
    Mistake(
        "clips of images that are in no sequence",
        "",
        lambda raw: None,
        models=CLIPS,
        found="no sample is in a sequence",
        expected="clips of 4",
        mend="data.ordered",
        caught="clip",
    ),
    Mistake(
        "frames of one sequence differ in size",
        "",
        both(
            write("b/images/frame_003.png", np.tile(draw_image(3), (2, 2))),
            write("b/masks/frame_003.png", np.tile(draw_mask(), (2, 2))),
        ),
        good=draw_sequences,
        split=BY_GROUP,
        models=CLIPS,
        file="b/frame_003",
        found="is 20x16",
        expected="10x8",
        mend="data.resize",
        caught="clip",
    ),
    Mistake(
        "a gap shorter than the clip",
        "",
        lambda raw: None,
        good=draw_sequences,
        split={"kind": "blocked", "folds": 3, "gap": 1},
        models=CLIPS,
        file="split.gap",
        found="a gap of 1",
        expected="the clip of 4",
        mend="set split.gap to 4 or more",
        caught="params",
    ),
    Mistake(
        "sequences too short for blocks and gaps",
        "",
        lambda raw: None,
        good=draw_sequences,
        split={"kind": "time_series", "folds": 4, "gap": 2},
        file="'a'",
        found="5 labelled frames",
        mend="lower",
        caught="split",
    ),
    Mistake(
        "a split in time over images without an order",
        "",
        lambda raw: None,
        split={"kind": "blocked", "folds": 3},
        file="'1'",
        found="6 samples have none",
        expected="needs sequences",
        mend="set data.ordered to true",
        caught="split",
    ),
    Mistake(
        "a film that is none",
        "undecodable",
        text("images/film.mp4", "not a film"),
        file="images/film.mp4",
        found="cannot be",
        mend="export it again",
        mended=True,
    ),
    Mistake(
        "a film of eight frames with seven masks",
        "frames_differ",
        lambda raw: write_film(raw, 7),
        file="images/film.mp4",
        found="has 8 frames",
        expected="7 masks",
        mend="give each frame a mask",
    ),
)
