"""Reads every part once: first the backgrounds, then the cut-outs with their places on them."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from pipeline.datasets.composing.parts import (
    Part,
    References,
    is_grey,
    is_opaque,
    list_parts,
    read_background,
    read_cutout,
)
from pipeline.datasets.composing.places import choose_pairs, draw_places
from pipeline.datasets.faults import DataError, Fault, count_faults
from pipeline.params import ComposeParams, DataParams

Integers = np.ndarray[Any, np.dtype[np.int64]]
MOST_SAMPLES = 5_000_000
"""Tables of so many rows take some 6 GB of memory to make."""


@dataclass(frozen=True)
class Facts:
    """A part without its pixels."""

    name: str
    reference: str
    height: int
    width: int
    channels: int
    content_hash: str
    offset: int = 0
    """Where its pixels start in the file of its kind, in values."""


@dataclass
class Walk:
    """What was seen of the parts."""

    pairs: Integers
    """Numbers of the background and cut-out of each pair, shape (pairs, 2), ascending."""
    places: Integers
    """Top, left, height, width and is_flipped of each, shape (pairs, placements, 5), in pixels."""
    backgrounds: list[Facts] = field(default_factory=list)
    cutouts: list[Facts] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def walk_parts(
    raw: Path,
    data: DataParams,
    compose: ComposeParams,
    keep_background: Callable[[Part], None],
    keep_cutout: Callable[[Part, Integers], None],
) -> Walk:
    """Hand every background, then every cut-out with its places, to the two functions, one part in memory at a time.

    Raises DataError with all faults of all parts, after having seen them.
    """
    faults: list[Fault] = []
    backgrounds = list_parts(raw, compose.backgrounds, "background", faults)
    cutouts = list_parts(raw, compose.cutouts, "cut-out", faults)
    faults += _check_number(compose, len(backgrounds), len(cutouts))
    if any(fault.kind == "too_many_samples" for fault in faults):
        raise count_faults(raw, faults)
    pairs = choose_pairs(len(backgrounds), len(cutouts), compose)
    walk = Walk(pairs, np.empty((len(pairs), compose.placements, 5), np.int64))
    rows = _rows_of_cutouts(pairs, len(cutouts))
    of_backgrounds = partial(read_background, raw, data=data, compose=compose)
    for part in _read(backgrounds, of_backgrounds, "background", faults):
        walk.backgrounds.append(_note(part, walk.backgrounds))
        keep_background(part)
    faults += _check_channels(raw, walk.backgrounds)
    longest = max((min(held.height, held.width) for held in walk.backgrounds), default=1)
    of_cutouts = partial(read_cutout, raw, longest_side=longest, data=data, compose=compose)
    for part in _read(cutouts, of_cutouts, "cut-out", faults):
        faults += _check_colour(raw, part, walk.backgrounds)
        if is_opaque(part):
            walk.warnings.append(f"cut-out '{part.reference}' is opaque everywhere: its masks are rectangles")
        walk.cutouts.append(_note(part, walk.cutouts))
        if not faults:
            own = rows[len(walk.cutouts) - 1]
            walk.places[own] = _place(part, [walk.backgrounds[number] for number in pairs[own, 0]], compose)
            keep_cutout(part, walk.places[own])
    if faults:
        raise count_faults(raw, faults)
    walk.warnings += [*_warn_of_twins(walk.backgrounds), *_warn_of_twins(walk.cutouts)]
    return walk


def _read(files: References, read: Callable[[str, str], Part], role: str, faults: list[Fault]) -> Iterator[Part]:
    for name, reference in tqdm(files.items(), desc=f"{role}s", unit=role, disable=None):
        try:
            yield read(name, reference)
        except DataError as fault:
            faults += [Fault(single.kind, single.message, single.file or reference) for single in fault.faults]


def _rows_of_cutouts(pairs: Integers, cutouts: int) -> list[Integers]:
    """Rows of each cut-out in `pairs`."""
    counts = np.bincount(pairs[:, 1], minlength=cutouts)
    return np.split(np.argsort(pairs[:, 1], kind="stable"), np.cumsum(counts)[:-1])


def _place(cutout: Part, backgrounds: Sequence[Facts], compose: ComposeParams) -> Integers:
    sizes = np.array([(held.height, held.width) for held in backgrounds], np.int64)
    return draw_places([held.name for held in backgrounds], sizes, cutout.name, cutout.size, compose)


def _note(part: Part, before: Sequence[Facts]) -> Facts:
    height, width, channels = part.pixels.shape
    last = before[-1] if before else None
    offset = last.offset + last.height * last.width * last.channels if last else 0
    return Facts(part.name, part.reference, height, width, channels, part.content_hash, offset)


def _check_channels(raw: Path, backgrounds: Sequence[Facts]) -> Iterator[Fault]:
    counts = Counter(held.channels for held in backgrounds).most_common()
    for held in backgrounds:
        if held.channels != counts[0][0]:
            told = f"background '{raw / held.reference}' has {held.channels} channels, {counts[0][1]} others have"
            mend = "save all in grey or all in colour"
            yield Fault("channels_differ", f"{told} {counts[0][0]}: {mend}", held.reference)


def _check_colour(raw: Path, cutout: Part, backgrounds: Sequence[Facts]) -> Iterator[Fault]:
    if backgrounds and backgrounds[0].channels == 1 and not is_grey(cutout):
        told = f"cut-out '{raw / cutout.reference}' is in colour, the backgrounds are grey"
        yield Fault("cutout_colour", f"{told}: save the cut-out in grey, or the backgrounds in RGB", cutout.reference)


def _check_number(compose: ComposeParams, backgrounds: int, cutouts: int) -> Iterator[Fault]:
    found = backgrounds * cutouts
    told = f"{backgrounds:,} backgrounds and {cutouts:,} cut-outs make {found:,} pairs"
    if found and compose.pairs and compose.pairs > found:
        mend = "lower it, or set it to null"
        yield Fault("too_many_pairs", f"data.compose.pairs is {compose.pairs:,}, and {told}: {mend}")
    samples = min(found, compose.pairs or found) * compose.placements
    if samples > MOST_SAMPLES:
        most = f"more than {MOST_SAMPLES:,}: lower data.compose.pairs or data.compose.placements"
        yield Fault("too_many_samples", f"{told}, and {samples:,} composites, {most}")


def _warn_of_twins(parts: Sequence[Facts]) -> Iterator[str]:
    firsts: dict[str, str] = {}
    for held in parts:
        first = firsts.setdefault(held.content_hash, held.reference)
        if first != held.reference:
            yield f"'{held.reference}' is identical to '{first}', and counts as the same part in the split"
