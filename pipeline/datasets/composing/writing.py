"""Composites as files, for those who want to see them or to use them elsewhere."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image
from tqdm import tqdm

from pipeline.datasets.arrays import Arrays
from pipeline.datasets.faults import DataError
from pipeline.datasets.raw.table import TABLE

Array = np.ndarray[Any, np.dtype[Any]]
PROBED = 20
"""Composites encoded to foretell the bytes of all."""
BLOCK_BYTES = 4096
"""What a file takes at least and in multiples on most file systems."""
ROW_BYTES = 300
FOREGROUND = 255


def write_composites(folder: Path, arrays: Arrays, manifest: pd.DataFrame, positions: Sequence[int]) -> None:
    """Write images/BACKGROUND/SAMPLE.png and masks alike (0 and 255), backgrounds once, and samples.csv, a raw folder.

    `manifest` has the rows of `arrays`; `positions` are those to write.
    """
    chosen = manifest.iloc[list(positions)]
    backgrounds = [str(PurePosixPath(images.partition(";")[0]).with_suffix("")) for images in chosen["images"]]
    names = [
        f"{background}/{sample_id.replace('/', '_')}.png"
        for background, sample_id in zip(backgrounds, chosen["sample_id"], strict=True)
    ]
    if twin := next((name for name, count in Counter(names).items() if count > 1), None):
        raise DataError(f"two composites would be '{twin}': rename parts whose names differ only by _ and /")
    written = set[str]()
    for position, background, name in zip(
        tqdm(positions, desc="compose", unit="sample", disable=None), backgrounds, names, strict=True
    ):
        composite, alone = _divide(arrays, position)
        _write(folder / "images" / name, composite)
        _write(folder / "masks" / name, arrays.mask(position) * np.uint8(FOREGROUND))
        if alone is not None and background not in written:
            _write(folder / "backgrounds" / f"{background}.png", alone)
            written.add(background)
    images = [
        f"images/{name}" + (f";backgrounds/{background}.png" if background in written else "")
        for background, name in zip(backgrounds, names, strict=True)
    ]
    table = pd.DataFrame({"images": images, "mask": [f"masks/{name}" for name in names], "parts": chosen["parts"]})
    table.to_csv(folder / TABLE, index=False, lineterminator="\n")


def foretell_bytes(folder: Path, arrays: Arrays, positions: Sequence[int]) -> int:
    """About what `write_composites` will take, from a few files written to an empty folder and removed again."""
    probed = [positions[place] for place in np.linspace(0, len(positions) - 1, min(PROBED, len(positions))).astype(int)]
    backgrounds = arrays.index["image_offset"].iloc[list(positions)].nunique()
    files, alone = 0, 0
    for position in probed:
        composite, background = _divide(arrays, position)
        files += _measure(folder, composite) + _measure(folder, arrays.mask(position))
        alone += 0 if background is None else _measure(folder, background)
    return round(len(positions) * (files / len(probed) + ROW_BYTES) + backgrounds * alone / len(probed))


def _measure(folder: Path, pixels: Array) -> int:
    path = folder / "probe.png"
    _write(path, pixels)
    size = path.stat().st_size
    path.unlink()
    return -(-size // BLOCK_BYTES) * BLOCK_BYTES


def _divide(arrays: Arrays, position: int) -> tuple[Array, Array | None]:
    """The composite, and the background where it follows as further channels."""
    image = arrays.image(position)
    channels = int(arrays.index["background_channels"].iloc[position])
    return image[..., :channels], image[..., channels:] if image.shape[-1] > channels else None


def _write(path: Path, pixels: Array) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.ascontiguousarray(pixels[..., 0] if pixels.shape[-1:] == (1,) else pixels)).save(path)
