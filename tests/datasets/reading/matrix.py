"""The matrix of formats, types and channels: what each cell holds is written by a library and read back.

`python -m tests.datasets.reading.matrix` tries every cell and prints the table.
"""

import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
from tqdm import tqdm

from pipeline.datasets.faults import DataError
from pipeline.datasets.reading import count_frames, read_depth, read_image, read_mask
from pipeline.params import DataParams, DepthParams
from tests.datasets.reading.formats import CHANNELS, DTYPES, FORMATS, Cell

BECOMES = {
    "bool": "uint8",
    "uint64": "uint32",
    "int8": "int16",
    "int64": "int32",
    "float16": "float32",
    "float64": "float32",
}
"""Types that files may have and arrays in memory do not."""
HEIGHT, WIDTH = 16, 24
Outcome = Literal["read", "told", "-"]
"""Read back as written; refused by the reader in words; or not to be written, as its library says."""


def list_cells() -> Iterator[Cell]:
    """Every cell of the matrix."""
    return (Cell(single, dtype, channels) for single in FORMATS for dtype in DTYPES for channels in CHANNELS)


def draw(cell: Cell) -> np.ndarray:
    """Frames (frames, HEIGHT, WIDTH, channels) of at most 60 colours, or of a ramp where the format is lossy."""
    count = int(cell.channels[0]) + cell.channels.endswith("alpha")
    shape = (cell.format.frames, HEIGHT, WIDTH, count)
    generator = np.random.default_rng(7)
    if cell.format.tolerance:
        frame, row, column, channel = np.indices(shape)
        if cell.dtype == "bool":
            return column < 8  # a block of JPEG is white, the rest black
        return (20 + 5 * frame + 4 * row + 3 * column + 9 * channel).astype(cell.dtype)
    kept = np.dtype(BECOMES.get(cell.dtype, cell.dtype))
    if np.dtype(cell.dtype).kind == "f":
        colours = generator.normal(0, 100, (60, count))
    elif cell.dtype == "bool":
        colours = generator.integers(0, 2, (60, count))
    else:
        limits = np.iinfo(np.int8 if cell.dtype == "int8" else kept)
        colours = generator.integers(limits.min, limits.max, (60, count), kept, endpoint=True)
    if cell.channels.endswith("alpha") and np.dtype(cell.dtype).kind in "iu":
        colours[:, -1] = np.maximum(np.abs(colours[:, -1]), 1)  # WebP keeps no colour where nothing is seen
    return colours.astype(cell.dtype)[generator.integers(0, 60, shape[:3])]


def try_cell(cell: Cell, folder: Path) -> tuple[Outcome, str]:
    """What comes of the cell, and why where it is not read; raises AssertionError or DataError where it is read wrongly."""
    if cell.channels.endswith("alpha") and not cell.format.alpha:
        return "-", "the format has no alpha"
    pixels, path = draw(cell), folder / f"a{cell.format.suffix}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cell.format.write(path, pixels, cell.channels.endswith("alpha"))
    except Exception as fault:  # noqa: BLE001 - each library refuses in its own way
        return "-", f"{type(fault).__name__}: {fault}".splitlines()[0]
    try:
        _compare_image(cell, path, pixels)
    except DataError as fault:
        if fault.faults[0].kind != "dtype":
            raise
        return "told", str(fault)
    if cell.channels == "1" and np.dtype(cell.dtype).kind in "biu":
        _compare_targets(cell, path, pixels)
    return "read", ""


def _compare_image(cell: Cell, path: Path, pixels: np.ndarray) -> None:
    expected = pixels[..., :-1] if cell.channels.endswith("alpha") else pixels
    expected = (expected * np.uint8(255) if cell.dtype == "bool" else expected).astype(
        BECOMES.get(cell.dtype, cell.dtype)
    )
    data = DataParams(axes=cell.axes)
    assert count_frames(path, cell.axes, "image") == len(pixels), "another number of frames"
    for frame, single in enumerate(expected):
        read = read_image(path.parent, _refer(path, frame, len(pixels)), data)
        if cell.format.tolerance and cell.channels[0] == "1" and read.shape[-1] == 3:
            single = np.repeat(single, 3, axis=-1)  # films in grey are kept in colour
        assert read.dtype == single.dtype, f"{single.dtype} was read as {read.dtype}"
        assert read.shape == single.shape, f"shape {single.shape} was read as {read.shape}"
        lost = np.abs(read.astype(float) - single.astype(float)).max()
        assert lost <= cell.format.tolerance, f"values differ by {lost}"


def _compare_targets(cell: Cell, path: Path, pixels: np.ndarray) -> None:
    """The same file as a mask, if its values are classes, and as depth."""
    reference, data = _refer(path, len(pixels) - 1, len(pixels)), DataParams(axes=cell.axes)
    values = pixels[-1, ..., 0] * (np.uint8(255) if cell.dtype == "bool" else np.uint8(1))
    fits = values.min() >= 0 and values.max() <= 65535 and not cell.format.tolerance
    try:
        mask = read_mask(path.parent, reference, data, (HEIGHT, WIDTH))
    except DataError as fault:
        assert not fits, fault
        assert {single.kind for single in fault.faults} <= {"lossy_mask", "mask_value_range"}, fault
    else:
        assert fits and (mask == values).all(), "the mask has other values"
    if not cell.format.tolerance:
        depth = read_depth(path.parent, reference, DepthParams(scale=0.5, missing=None), cell.axes)
        assert (depth == values.astype(np.float32) * np.float32(0.5)).all(), "the depth has other values"


def _refer(path: Path, frame: int, frames: int) -> str:
    return f"{path.name}#{frame}" if frames > 1 else path.name


def main() -> int:
    """Print the matrix; 1 where a cell does not come out as its format says."""
    outcomes: dict[Cell, Outcome] = {}
    wrong: list[str] = []
    for cell in tqdm(list(list_cells()), desc="cells", disable=None):
        with tempfile.TemporaryDirectory() as folder:
            try:
                outcomes[cell], reason = try_cell(cell, Path(folder))
            except (AssertionError, DataError) as fault:
                wrong.append(f"WRONG {cell}: {fault}")
            else:
                wrong += [f"WRONG {cell}: {reason or 'read'}"] if (outcomes[cell] != "-") != cell.is_held else []
    counts = Counter(outcomes.values())
    found = f"{counts['read']} cells read as written, {counts['told']} refused in words, {counts['-']} that their format cannot hold"
    of = f"{len(FORMATS)} formats, {len(DTYPES)} types, {len(CHANNELS)} kinds of channels"
    sys.stdout.write("\n".join([*list_rows(outcomes), f"{found}, {len(wrong)} wrong: {of}", *wrong, ""]))
    return int(bool(wrong))


def list_rows(outcomes: dict[Cell, Outcome]) -> Iterator[str]:
    """A row a format, a column a type, with the channels that are read: digits, and `a` for alpha behind 1 or 3."""
    marks = {"read": "{}", "told": "!{}", "-": ""}
    rows = [["", *DTYPES]]
    for single in FORMATS:
        row = [single.name]
        for dtype in DTYPES:
            cells = [Cell(single, dtype, channels) for channels in CHANNELS]
            told = [marks[outcomes.get(cell, "-")].format(cell.channels.replace("+alpha", "a")) for cell in cells]
            row.append(",".join(filter(None, told)) or "-")
        rows.append(row)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    yield "channels that are read, a with alpha, ! refused in words, - where the format cannot hold any"
    for row in rows:
        yield "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()


if __name__ == "__main__":
    sys.exit(main())
