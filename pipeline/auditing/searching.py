"""The search for pictures that were copied and changed: candidates first, then each laid over the other."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from pipeline.auditing.aligning import guess_by_features, guess_by_orientation
from pipeline.auditing.features import find_by_features
from pipeline.auditing.keypoints import Keypoints, gather_keypoints
from pipeline.auditing.likeness import Affine
from pipeline.auditing.planes import Planes, is_empty
from pipeline.auditing.shapes import WAVES, ByShape, describe_shape, find_by_shape, turn_matrix
from pipeline.auditing.verifying import Alike, Verified, judge, verify
from pipeline.params import LeakSearchParams

Integers = NDArray[np.int64]

METHOD = (
    "shape as a whole in eight orientations (k-d tree over the cosine transform of a small picture), SIFT features in an"
    " inverted index; each candidate laid over the other and correlated window by window"
)


@dataclass(frozen=True)
class Candidate:
    """A pair to be laid over each other."""

    first: int
    second: int
    orientation: int | None = None
    is_mirrored: bool = False


@dataclass(frozen=True)
class Search:
    """What was found, and what was and was not compared."""

    found: list[Alike]
    empty: NDArray[np.bool_]
    """Whether each picture shows nothing."""
    candidates: int = 0
    verified: int = 0
    left_out: tuple[str, ...] = ()


def search_alike(planes: Planes, units: Integers, histories: Integers, audit: LeakSearchParams, seed: int) -> Search:
    """Look for pictures of different units and histories that show the same.

    `units` numbers what is one sequence or group, `histories` what is in one subset in every fold; both shape (planes,).
    """
    looked = _choose(len(planes), audit, seed)
    shapes, empty, keypoints = _describe(planes, looked)
    by_shape = find_by_shape(shapes, units, histories)
    by_features = find_by_features(keypoints, units[looked], histories[looked], seed)
    chosen = _line_up(by_shape, by_features, looked, audit.pairs)
    candidates = len(by_shape.pairs) + len(by_features)
    with threadpool_limits(1):  # the products are small: threads would only wait for each other
        verified = [
            outcome
            for candidate in tqdm(chosen, desc="compare", disable=None)
            if (outcome := _verify(planes, keypoints, looked, candidate)) is not None
        ]
    left_out = tuple(_tell_left_out(len(planes), len(looked), candidates, by_shape.crowded, audit))
    return Search(judge(verified), empty, candidates, len(chosen), left_out)


def _choose(number: int, audit: LeakSearchParams, seed: int) -> Integers:
    """Places of the samples whose features are looked at: all, or as many as allowed, drawn."""
    if number <= audit.features:
        return np.arange(number)
    return np.sort(np.random.default_rng(seed).choice(number, audit.features, replace=False))


def _describe(planes: Planes, looked: Integers) -> tuple[NDArray[np.float32], NDArray[np.bool_], Keypoints]:
    """Shapes of all planes, which are empty, and features of those looked at, in one pass."""
    shapes = np.zeros((len(planes), WAVES, WAVES), np.float32)
    empty = np.zeros(len(planes), bool)
    is_looked = np.isin(np.arange(len(planes)), looked)

    def draw() -> Iterator[NDArray[np.uint8]]:
        for place in tqdm(range(len(planes)), desc="describe", disable=None):
            plane = planes.draw(place)
            shapes[place], empty[place] = describe_shape(plane), is_empty(plane)
            if is_looked[place]:
                yield plane

    return shapes, empty, gather_keypoints(draw())


def _line_up(by_shape: ByShape, by_features: Integers, looked: Integers, most: int) -> list[Candidate]:
    """At most so many candidates of both kinds, the most promising first."""
    promises = np.concatenate([by_shape.scores * 100, by_features[:, 3]])
    first = np.concatenate([by_shape.pairs[:, 0], looked[by_features[:, 0]]])
    second = np.concatenate([by_shape.pairs[:, 1], looked[by_features[:, 1]]])
    order = np.lexsort((second, first, -promises))[:most]
    number = len(by_shape.pairs)
    return [
        Candidate(int(first[row]), int(second[row]), orientation=int(by_shape.pairs[row, 2]))
        if row < number
        else Candidate(int(first[row]), int(second[row]), is_mirrored=bool(by_features[row - number, 2]))
        for row in order.tolist()
    ]


def _verify(planes: Planes, keypoints: Keypoints, looked: Integers, candidate: Candidate) -> Verified | None:
    guess: Affine | None
    if candidate.orientation is not None:
        one, other = planes.draw(candidate.first), planes.draw(candidate.second)
        guess = guess_by_orientation(turn_matrix(candidate.orientation), one, other)
    else:
        first_looked, second_looked = np.searchsorted(looked, (candidate.first, candidate.second))
        guess = guess_by_features(keypoints, int(first_looked), int(second_looked), candidate.is_mirrored)
    return None if guess is None else verify(planes, candidate.first, candidate.second, guess)


def _tell_left_out(samples: int, looked: int, candidates: int, crowded: int, audit: LeakSearchParams) -> Iterator[str]:
    if looked < samples:
        yield f"turns and crops of {samples - looked} samples (audit.features is {audit.features})"
    if candidates > audit.pairs:
        yield f"{candidates - audit.pairs} candidates, the least promising (audit.pairs is {audit.pairs})"
    if crowded:
        yield f"what lies behind the many alike frames of its own sequence or group, for {crowded} samples"
