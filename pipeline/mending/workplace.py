"""The copy that mends work in, and what they all need of it."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import imagecodecs
import numpy as np
import tifffile

from pipeline.datasets.contents import Contents
from pipeline.datasets.faults import Fault
from pipeline.datasets.files import aside
from pipeline.datasets.layouts import SUBSETS
from pipeline.datasets.pairing import RawSample
from pipeline.params import DataParams

Array = np.ndarray[Any, np.dtype[Any]]


class Refused(ValueError):
    """Why a mend would be a guess; ends in what somebody who knows the data can do."""


@dataclass(frozen=True)
class Workplace:
    """A copy of the raw folder as one look at it found it."""

    raw: Path
    data: DataParams
    layout: str
    samples: tuple[RawSample, ...]
    """Samples whose files could be paired."""
    contents: tuple[Contents, ...]
    """What those hold that could be read."""

    def find_sample(self, file: str) -> RawSample:
        """The sample that a file belongs to; raises Refused where it belongs to none yet."""
        for sample in self.samples:
            if file in (*sample.images, sample.mask, sample.depth):
                return sample
        raise Refused("its partner is not known")

    def is_frame(self, file: str) -> bool:
        """Whether a file is one frame of a sequence, whose neighbours would close up without it."""
        roles = (*self.data.channels, self.data.masks or "", self.data.depth.folder if self.data.depth else "")
        named = {part for role in roles for part in PurePosixPath(role).parts}
        folders = [
            part for part in PurePosixPath(file).parent.parts if part not in named and part.lower() not in SUBSETS
        ]
        return self.data.ordered or (bool(folders) and self.data.labels != "folders")


Mend = Callable[[Workplace, Fault], str]
"""Mends one fault and says what it did, "" where an earlier mend already did it; raises Refused."""


def write_pixels(path: Path, pixels: Array) -> Path:
    """Write an array (height, width[, channels]) in place of a file without loss; the path it has now.

    NPY stays NPY, float and signed types become TIFF, all else PNG.
    """
    suffix = ".npy" if path.suffix == ".npy" else ".png" if pixels.dtype in (np.uint8, np.uint16) else ".tif"
    target = path.with_suffix(suffix)
    if target != path and target.exists():
        raise Refused(f"it would become '{target.name}', which is there already: rename one of them")
    plain = np.ascontiguousarray(pixels[..., 0] if pixels.ndim == 3 and pixels.shape[-1] == 1 else pixels)
    with aside(target) as part, part.open("wb") as file:
        if suffix == ".npy":
            np.save(file, plain)
        elif suffix == ".png":
            file.write(imagecodecs.png_encode(plain))
        else:
            tifffile.imwrite(file, plain, photometric="rgb" if plain.ndim == 3 else "minisblack")
    if target != path:
        path.unlink()
    return target


def move(raw: Path, old: str, new: str) -> None:
    """Rename a file or folder of the copy; raises Refused where the new name is taken."""
    if (raw / new).exists():
        raise Refused(f"'{new}' is there already: rename one of them")
    (raw / new).parent.mkdir(parents=True, exist_ok=True)
    (raw / old).rename(raw / new)


def discard(path: Path) -> None:
    """Remove a file, link or folder of the copy."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
