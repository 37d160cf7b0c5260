"""Which axis of an array is what: said by the file, or given by data.axes, never guessed."""

from collections.abc import Sequence
from itertools import compress

from pipeline.datasets.reading.refusal import Refusal

CHOICES = ("TYX", "ZYX", "CYX", "YXC", "TYXC", "TCYX", "CTYX", "ZYXC", "ZCYX", "CZYX")
"""What data.axes may be."""
UNKNOWN = "?"
WORDS = {"T": "frames", "Z": "sections", "C": "channels"}
NAMES = {
    "T": ("t", "time", "frame", "frames"),
    "Z": ("z", "depth", "section", "sections", "slice", "slices"),
    "C": ("c", "channel", "channels", "band", "bands", "rgb"),
    "Y": ("y", "height", "row", "rows"),
    "X": ("x", "width", "col", "column", "columns"),
}
"""Names that files have for the axes."""


def name_axes(names: Sequence[object], ndim: int) -> str:
    """Letters for the names that a file gives its axes, UNKNOWN where there is none or it says nothing."""
    letters = {name: letter for letter, known in NAMES.items() for name in known}
    if len(names) != ndim:
        return UNKNOWN * ndim
    return "".join(letters.get(str(name).lower(), UNKNOWN) for name in names)


def find_axes(shape: Sequence[int], said: str, given: str | None, role: str) -> str:
    """One letter for each axis: T or Z frames, C channels, Y, X, "1" for one of length 1 that means nothing.

    `said` has the file's own word for each axis (S, colours, Y and X are beyond doubt), `given` is data.axes, which goes before the
    rest of it where it has as many letters. Masks and depth take `given` without C as well. Raises Refusal where neither tells.
    """
    kept = _squeeze(shape, said)
    wanted = [given, given.replace("C", "")] if given and role != "image" else [given] if given else []
    for letters in wanted:
        for which in ([True] * len(shape), kept):
            told = "".join(compress(said, which))
            if len(told) > 2 and len(letters) == len(told) and _agree(letters, told, fixed="YXS"):
                return _check(_spread(letters, which), shape)
    told, sizes = "".join(compress(said, kept)), list(compress(shape, kept))
    if len(told) == 2:
        return _check(_spread("YX", kept), shape) if UNKNOWN in told else _check(_spread(told, kept), shape)
    if UNKNOWN in told:
        raise _ask(sizes, told, given)
    return _check(_spread(told.replace("S", "C"), kept), shape)


def _squeeze(shape: Sequence[int], said: str) -> list[bool]:
    """Which axes mean something: all but the lone ones, and at least two."""
    kept = [True] * len(shape)
    for place, (size, axis) in enumerate(zip(shape, said, strict=True)):
        kept[place] = size != 1 or axis in "YX" or sum(kept) <= 2
    return kept


def _spread(letters: str, kept: Sequence[bool]) -> str:
    given = iter(letters)
    return "".join(next(given) if keep else "1" for keep in kept)


def _agree(letters: str, said: str, fixed: str) -> bool:
    """Whether letters fit what is said beyond doubt."""
    pairs = [(axis.replace("S", "C"), letter) for axis, letter in zip(said, letters, strict=True) if axis in fixed]
    doubtful = set(said) - set("YXS")
    return bool(doubtful) and all(axis == letter for axis, letter in pairs)


def _check(axes: str, shape: Sequence[int]) -> str:
    sizes = dict(zip(axes, shape, strict=True))
    if sizes.get("T", 1) > 1 and sizes.get("Z", 1) > 1:
        found = f"has {sizes['T']} times (T) of {sizes['Z']} sections (Z)"
        raise Refusal("axes", f"{found}, and a sequence is either: save one file a time, or one a section")
    if any(axes.count(axis) != 1 for axis in "YX") or any(axes.count(axis) > 1 for axis in "TZC"):
        raise Refusal("axes", f"has axes {axes}: save height and width once, with frames and channels at most")
    if "T" in axes and "Z" in axes:  # one of them is lone
        return axes.replace("T" if sizes["T"] == 1 else "Z", "1")
    return axes


def _ask(sizes: Sequence[int], said: str, given: str | None) -> Refusal:
    choices = [letters for letters in CHOICES if len(letters) == len(said) and _agree(letters, said, fixed="YXSTZC")]
    found = f"has axes of lengths ({', '.join(map(str, sizes))})"
    if not choices:
        return Refusal("axes", f"{found}: save height and width with frames or channels at most")
    told = [_describe(letters, sizes) for letters in choices]
    listed = f"{', '.join(told[:-1])} or {told[-1]}" if len(told) > 1 else told[0]
    if given:
        return Refusal("axes", f"{found}, which data.axes {given} does not fit: set data.axes to {listed}")
    return Refusal("axes", f"{found}: say what they are by data.axes: {listed}")


def _describe(letters: str, sizes: Sequence[int]) -> str:
    length = dict(zip(letters, sizes, strict=True))
    counts = " of ".join(f"{length[axis]} {WORDS[axis]}" for axis in "TZC" if axis in length)
    return f"{letters} ({counts} of {length['X']}x{length['Y']})"
