"""The parts that samples are made of, as column `parts` names them: "backgrounds/meadow;cutouts/fox"."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Parts:
    """Which sample has which parts; samples of the same ones are one combination."""

    names: NDArray[np.object_]
    """Each part once, in alphabetical order."""
    combination: Integers
    """Number of each sample's combination."""
    holders: Integers
    """A combination, ascending, for each of its parts."""
    held: Integers
    """The number of that part in `names`."""

    @property
    def kinds(self) -> NDArray[np.object_]:
        """Kind of each part: its name up to the first slash."""
        return np.array([name.partition("/")[0] for name in self.names], dtype=object)


def find_parts(parts: "pd.Series[str]") -> Parts:
    """The parts of each sample, whose names are joined by ";"; "" is a combination of none."""
    combination, texts = pd.factorize(parts)
    pairs = [(number, name) for number, text in enumerate(texts) for name in text.split(";") if name]
    holders = np.array([number for number, _ in pairs], dtype=np.int64)
    names, held = np.unique(np.array([name for _, name in pairs], dtype=object), return_inverse=True)
    return Parts(names, combination.astype(np.int64), holders, held.astype(np.int64))


def find_shared(parts: "pd.Series[str]") -> NDArray[np.object_]:
    """Names of the parts that more than one sample has."""
    found = find_parts(parts)
    sizes = np.bincount(found.combination)
    uses = np.bincount(found.held, weights=sizes[found.holders], minlength=len(found.names))
    return found.names[uses > 1]
