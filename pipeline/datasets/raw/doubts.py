"""What is allowed in a data set, but may be a mistake."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

import numpy as np

from pipeline.datasets.raw.contents import Contents
from pipeline.params import DataParams

LEAST_OTHERS = 5
"""Samples from which on it can be said that one is unlike the others."""
FAR = 8.0
"""Scaled median absolute deviations from the median that are far: one in 10^15 of normal values."""
FAR_SHARE = 0.2
"""Least difference in brightness that is worth a word, as a share of the range of all images."""
FAR_SIZE = 16.0
"""Times more or fewer pixels than the median that are worth a word."""
THIN = 0.9
"""Share of a mask's middle values that lie on edges from which on it looks interpolated."""
SHOWN = 3


def doubt_contents(contents: Sequence[Contents], values: Sequence[int], data: DataParams) -> list[str]:
    """One line a doubt."""
    doubts = (_doubt_classes, _doubt_interpolation, _doubt_foreground)
    images = (_doubt_labels, _doubt_constants, _doubt_brightness, _doubt_sizes, _doubt_frames)
    return [
        *(line for doubt in doubts for line in doubt(contents, values, data)),
        *(line for doubt_images in images for line in doubt_images(contents)),
    ]


def _doubt_classes(contents: Sequence[Contents], values: Sequence[int], data: DataParams) -> Iterator[str]:
    masks = Counter(value for held in contents for value in held.values)
    labelled = sum(held.sample.mask != "" for held in contents)
    for value in values:
        if not masks[value]:
            yield f"no mask has class value {value}: add masks that have it, or take the class out of section data"
        elif masks[value] == 1 and labelled > 1:
            only = next(held.sample.mask for held in contents if value in held.values)
            mend = "the fold that tests it trains without that class, so add masks that have it"
            yield f"only 1 mask has class value {value} ('{only}'): {mend}"
    if data.mask_values is None and data.mask_colours is None and len(values) > 2:
        counts = ", ".join(f"{value} in {masks[value]}" for value in values)
        yield f"every value found in the masks is a class ({counts} masks): data.mask_values says otherwise"


def _doubt_interpolation(contents: Sequence[Contents], values: Sequence[int], data: DataParams) -> Iterator[str]:
    between = sorted(values)[1:-1]
    if data.mask_values is not None or data.mask_colours is not None or len(between) < 3:
        return
    names = [held.sample.mask for held in contents if len(held.values) > 3 and held.levels.thin > THIN]
    if names:
        told = f"mask '{names[0]}'{_tell_more(names)} may have been interpolated"
        told = f"{told}: {', '.join(map(str, between[:8]))} lie on edges alone"
        yield f"{told}; name the classes in data.mask_values, and export without smoothing or type python -m pipeline mend"


def _doubt_foreground(contents: Sequence[Contents], values: Sequence[int], data: DataParams) -> Iterator[str]:
    labelled = [held for held in contents if held.values]
    is_told = data.mask_values is not None or data.mask_colours is not None or data.instances is not None
    if is_told or len(values) != 2 or not labelled:
        return
    shares = [held.values[values[1]] / held.values.total() for held in labelled]
    most = sum(share > 0.5 for share in shares)
    if most > len(shares) / 2:
        told = (
            f"in {most} of {len(shares)} masks most pixels are foreground ({np.mean(shares):.0%} on average)".replace(
                "%", " %"
            )
        )
        yield f"{told}: if {values[1]} is the background, set data.mask_values to [{values[1]}, {values[0]}]"


def _doubt_labels(contents: Sequence[Contents]) -> Iterator[str]:
    """Classes of the given test samples that no given training sample has."""
    given = {
        subset: {held.sample.label for held in contents if held.sample.subset == subset} for subset in ("train", "test")
    }
    for label in sorted(given["test"] - given["train"] - {""}) if given["train"] else ():
        yield f"class '{label}' has samples to test on and no sample to train on: add some to train, or leave the class out"


def _doubt_constants(contents: Sequence[Contents]) -> Iterator[str]:
    plain = [held for held in contents if held.levels.lowest == held.levels.highest]
    for held in plain[:1]:
        told = f"image '{held.sample.images[0]}' holds nothing but the value {held.levels.lowest:g}{_tell_more(plain)}"
        yield f"{told}: export it again, or remove the pair"


def _doubt_brightness(contents: Sequence[Contents]) -> Iterator[str]:
    means = np.array([held.levels.mean for held in contents])
    if len(means) <= LEAST_OTHERS:
        return
    span = max(held.levels.highest for held in contents) - min(held.levels.lowest for held in contents)
    middle = np.median(means)
    width = 1.4826 * np.median(np.abs(means - middle))
    is_far = np.abs(means - middle) > max(FAR * width, FAR_SHARE * span)
    for held in [held for held, far in zip(contents, is_far, strict=True) if far][:SHOWN]:
        told = f"image '{held.sample.images[0]}' has a mean brightness of {held.levels.mean:.4g}"
        yield f"{told}, the others about {middle:.4g}: look whether it belongs here"


def _doubt_sizes(contents: Sequence[Contents]) -> Iterator[str]:
    areas = np.array([held.height * held.width for held in contents], float)
    if len(areas) <= LEAST_OTHERS:
        return
    middle = np.median(areas)
    usual = Counter((held.width, held.height) for held in contents).most_common(1)[0][0]
    is_far = (areas > FAR_SIZE * middle) | (areas < middle / FAR_SIZE)
    for held in [held for held, far in zip(contents, is_far, strict=True) if far][:SHOWN]:
        told = f"image '{held.sample.images[0]}' is {held.width}x{held.height}"
        yield f"{told}, most others are about {usual[0]}x{usual[1]}: look whether it belongs here"


def _doubt_frames(contents: Sequence[Contents]) -> Iterator[str]:
    """Numbers that the names of a sequence's frames leave out, where they go up in equal steps."""
    sequences: dict[str, list[str]] = defaultdict(list)
    for held in contents:
        name = held.sample.images[0]
        if held.sample.sequence and "#" not in name:
            sequences[held.sample.sequence].append(PurePosixPath(name).stem)
    gaps = [(sequence, gap) for sequence, stems in sequences.items() if (gap := _find_gap(_list_numbers(stems)))]
    for sequence, (before, missing, after) in gaps[:1]:
        told = f"sequence '{sequence}' has no frame {missing} between {before} and {after}{_tell_more(gaps)}"
        yield f"{told}, and its clips go on as if there were none: add it, or divide the sequence there"


def _list_numbers(stems: Sequence[str]) -> list[int]:
    """The last number of each name; nothing where one has none."""
    numbers = [int(digits[-1]) for stem in stems if (digits := re.findall(r"\d+", stem))]
    return numbers if len(numbers) == len(stems) else []


def _find_gap(numbers: Sequence[int]) -> tuple[int, int, int] | None:
    """The frame before the first gap, the first that is missing, and the one after."""
    if len(numbers) < 3:
        return None
    steps = np.diff(numbers)
    usual = Counter(steps.tolist()).most_common(1)[0][0]
    wide = np.flatnonzero((steps > usual) & (usual > 0))
    if not len(wide):
        return None
    before = numbers[wide[0]]
    return before, before + usual, numbers[wide[0] + 1]


def _tell_more(alike: Sequence[object]) -> str:
    return f" (and {len(alike) - 1} more like it)" if len(alike) > 1 else ""
