"""Which candidates show the same picture: each pair laid over each other, and judged beside all others."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.auditing.aligning import refine, tell_affine
from pipeline.auditing.evidence import is_telling
from pipeline.auditing.likeness import Affine, Likeness, compare, lay
from pipeline.auditing.planes import Planes

KIN_SCORE = 0.5
KIN_OVERLAP = 0.85
"""Two pictures that agree in so much, and yet are not the same, have a background in common."""
KIN = 3
"""With so many such relatives a picture is one of a still camera's: what moved decides."""
STRICT_ODD = 0.2
"""Most that one window of a still camera's picture may leave unexplained in a copy."""


@dataclass(frozen=True)
class Alike:
    """Two pictures that show the same, by their places."""

    first: int
    second: int
    likeness: Likeness
    detail: str
    """What was done to the first to make the second."""


@dataclass(frozen=True)
class Verified:
    """What became of a candidate."""

    first: int
    second: int
    likeness: Likeness
    is_telling: bool
    detail: str

    @property
    def is_kin(self) -> bool:
        """Whether both agree in most of their area, and yet are not the same."""
        alike = self.likeness.score >= KIN_SCORE and self.likeness.overlap >= KIN_OVERLAP
        return alike and not self.likeness.is_same


def verify(planes: Planes, first: int, second: int, guess: Affine) -> Verified | None:
    """Refine a guess and compare; None where one cannot be laid over the other."""
    one, other = planes.draw(first), planes.draw(second)
    affine = refine(one, other, guess)
    overlay = None if affine is None else lay(one, other, affine)
    if affine is None or overlay is None:
        return None
    likeness = compare(overlay)
    telling = likeness.is_same and is_telling(one, other, affine, overlay)
    return Verified(first, second, likeness, telling, tell_affine(affine, likeness.overlap))


def judge(verified: Iterable[Verified]) -> list[Alike]:
    """The pairs that show the same, best first."""
    best: dict[tuple[int, int], Verified] = {}
    for one in verified:
        pair = (one.first, one.second)
        if pair not in best or best[pair].likeness.score < one.likeness.score:
            best[pair] = one
    kin = Counter(place for one in best.values() if one.is_kin for place in (one.first, one.second))
    same = [one for one in best.values() if one.is_telling and one.likeness.is_same]
    same = [one for one in same if max(kin[one.first], kin[one.second]) < KIN or one.likeness.odd <= STRICT_ODD]
    same.sort(key=lambda one: (-one.likeness.score, one.first, one.second))
    return [Alike(one.first, one.second, one.likeness, one.detail) for one in same]
