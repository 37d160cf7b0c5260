"""The copy that mends work in, and what they all need of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.datasets.faults import Fault
from pipeline.datasets.raw.contents import Contents
from pipeline.datasets.raw.layouts import SUBSETS
from pipeline.datasets.raw.pairing import RawSample
from pipeline.params import DataParams


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
