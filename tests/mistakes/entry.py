"""An entry of the catalogue of mistakes, and what most entries draw and harm."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from tests.raws import draw_image, draw_mask, write_picture, write_raw

Draw = Callable[[Path], object]

NAMES = tuple("123456")


def draw_pairs(raw: Path) -> None:
    """Six grey images with masks of 0 and 255, 10x8 pixels."""
    write_raw(raw, NAMES)


@dataclass(frozen=True)
class Mistake:
    """A small data set drawn wrong in one way, and what must be said of it."""

    name: str
    """The mistake in words."""
    kind: str
    """Kind of the fault; "" where parameters or the split are at fault, or nothing is."""
    harm: Draw
    """Makes the mistake in a raw folder that is right without it."""
    file: str = ""
    """The file or folder that must be named."""
    found: str = ""
    """What was found there, as the message says it."""
    expected: str = ""
    """What belongs there, as the message says it."""
    mend: str = ""
    """What to type or do, as the message says it."""
    good: Draw = draw_pairs
    """Draws the raw folder before the harm."""
    data: Mapping[str, Any] = field(default_factory=dict)
    split: Mapping[str, Any] = field(default_factory=lambda: {"kind": "k_fold", "folds": 3})
    models: tuple[Mapping[str, Any], ...] = ({"kind": "constant"},)
    caught: Literal["params", "validate", "split", "clip", "warning", "nothing"] = "validate"
    """Who says it; a warning lets the work go on, and nothing means that it is no mistake."""
    mended: bool = False
    """Whether `mend` makes a copy that is right."""
    without_rights: bool = False
    """Root reads every file: such a mistake is run without that right."""


def write(name: str, pixels: np.ndarray) -> Draw:
    """Draw one file anew."""
    return lambda raw: write_file(raw / name, pixels)


def write_file(path: Path, pixels: np.ndarray) -> None:
    """Write a picture, or an array where the name ends in .npy."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".npy":
        np.save(path, pixels)
    else:
        write_picture(path, pixels)


def write_all(name: str, draw: Callable[[int], np.ndarray]) -> Draw:
    """Draw a file of every sample anew: `name` has {} for the sample's."""
    return lambda raw: [write_file(raw / name.format(key), draw(number)) for number, key in enumerate(NAMES)]


def text(name: str, words: str, encoding: str = "utf-8") -> Draw:
    """Write a text file."""

    def harm(raw: Path) -> None:
        (raw / name).parent.mkdir(parents=True, exist_ok=True)
        (raw / name).write_text(words, encoding=encoding, newline="")

    return harm


def write_json(name: str, content: Any) -> Draw:
    """Write a JSON file."""
    return text(name, json.dumps(content))


def remove(*names: str) -> Draw:
    """Remove files."""
    return lambda raw: [(raw / name).unlink() for name in names]


def rename(name: str, other: str) -> Draw:
    """Rename a file or folder."""
    return lambda raw: (raw / name).rename(raw / other)


def cut(name: str, share: float = 0.6) -> Draw:
    """Keep only the first bytes of a file."""

    def harm(raw: Path) -> None:
        whole = (raw / name).read_bytes()
        (raw / name).write_bytes(whole[: int(share * len(whole))])

    return harm


def link(name: str, target: str) -> Draw:
    """Make a symbolic link."""
    return lambda raw: (raw / name).symlink_to(target)


def both(*harms: Draw) -> Draw:
    """Several harms in turn."""
    return lambda raw: [harm(raw) for harm in harms]


def smoothed_mask() -> np.ndarray:
    """A mask whose edge was smoothed: 0, 255 and 35 values between them."""
    mask = draw_mask()
    mask[4:8, :] = np.linspace(3, 251, 40).astype(np.uint8).reshape(4, 10)
    mask[7, 5:] = 0
    return mask


def ramp(seed: int = 0, channels: int = 0, dtype: str = "uint8") -> np.ndarray:
    """Noise as an image of a type."""
    return draw_image(seed, channels, dtype)
