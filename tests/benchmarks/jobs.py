"""What the benchmark of size does in processes of its own: `python -m tests.benchmarks.jobs JOB FOLDER [SAMPLES]`."""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

SIDE_PX = 64
FRAMES = 100
"""Samples of one folder, which is one sequence."""
FOLD = "0"
BATCH_SIZE = 32


def draw(folder: Path, samples: int) -> None:
    """Draw images (64, 64, 3) and masks of a disc as PNG, no two alike, a hundred in a folder."""
    rows, columns = np.mgrid[:SIDE_PX, :SIDE_PX]
    for number in range(samples):
        random = np.random.default_rng(number)
        coarse = random.integers(0, 224, (8, 8, 3), np.uint8).repeat(8, axis=0).repeat(8, axis=1)
        image = coarse + random.integers(0, 16, coarse.shape, np.uint8)
        top, left = random.integers(16, 48, 2)
        mask = (np.hypot(rows - top, columns - left) < 16) * np.uint8(255)
        for kind, pixels in (("images", image), ("masks", mask)):
            place = folder / "raw" / kind / f"{number // FRAMES:04d}"
            place.mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(place / f"{number % FRAMES:03d}.png", compress_level=1)


def decode(folder: Path) -> None:
    """Read and decode every file, image and mask by turns, and keep nothing: what nobody can be faster than."""
    for image in sorted(_list(folder / "raw/images")):
        for path in (image, image.replace("/images/", "/masks/", 1)):
            with Image.open(path) as picture:
                np.asarray(picture)


def read(folder: Path) -> None:
    """Read every image and mask of the prepared store once, in random order."""
    from pipeline.datasets.arrays import open_arrays

    start = time.perf_counter()
    arrays = open_arrays(folder / "prepared")
    opened = time.perf_counter()
    for position in np.random.default_rng(0).permutation(len(arrays)):
        arrays.image(position).max()
        arrays.mask(position).max()
    _tell(opening=opened - start, reading=time.perf_counter() - opened)


def start(folder: Path) -> None:
    """All that a fit does with data until its first batch is there."""
    from pipeline.batches import TrainingBatches, ValidationBatches, View
    from pipeline.datasets.arrays import open_arrays
    from pipeline.datasets.clips import clip_positions
    from pipeline.datasets.splits import read_splits, subset_ids
    from pipeline.fitting.checks import check_fit
    from pipeline.fitting.statistics import channel_statistics
    from pipeline.params import AugmentParams, TrainParams
    from pipeline.tasks import Head

    times = [time.perf_counter()]
    view = View(("mask",), (SIDE_PX, SIDE_PX))
    arrays, table = open_arrays(folder / "prepared"), read_splits(folder / "splits.csv")
    train, validation = (arrays.positions(subset_ids(table, FOLD, subset)) for subset in ("train", "validation"))
    times.append(time.perf_counter())
    check_fit(arrays.index.iloc[train], 1, (Head("mask", 1, "sigmoid"),), None, TrainParams(), AugmentParams())
    clips = [clip_positions(arrays.index, positions, 1) for positions in (train, validation)]
    times.append(time.perf_counter())
    channel_statistics(arrays, train)
    times.append(time.perf_counter())
    ValidationBatches(arrays, clips[1], view, batch_size=BATCH_SIZE)
    epoch = TrainingBatches(
        arrays, clips[0], view, steps=len(train) // BATCH_SIZE, batch_size=BATCH_SIZE,
        foreground_share=1 / 3, seed=0, epoch=0,
    )  # fmt: skip
    epoch[0]
    times.append(time.perf_counter())
    _tell(**dict(zip(("tables", "clips", "statistics", "batch"), np.diff(times).tolist(), strict=True)))


def _list(folder: Path) -> Iterator[str]:
    return (str(path) for path in folder.rglob("*.png"))


def _tell(**seconds: float) -> None:
    sys.stdout.write(json.dumps(seconds))


if __name__ == "__main__":
    job, place, *numbers = sys.argv[1:]
    {"draw": draw, "decode": decode, "read": read, "start": start}[job](Path(place), *map(int, numbers))
