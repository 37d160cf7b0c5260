"""Poisoned and clean data sets, and what the audit makes of them: `python -m tests.auditing.poisoned` prints the counts."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
from PIL import Image
from tqdm import tqdm

from pipeline.auditing import Planes, audit_samples, gather_samples
from pipeline.datasets.arrays import Arrays
from pipeline.datasets.raw.contents import hash_pixels
from pipeline.params import AuditParams, SplitParams
from tests.auditing.pictures import CLEAN, KINDS, Picture, draw_many
from tests.auditing.ways import WAYS, Way

SHARED = Path(os.environ.get("SHARED_DATA", "../shared/data"))
PICTURES = 24
"""Pictures of a drawn set; every third one tests, the second of three validates."""
SUBSETS = ("train", "validation", "test")
SETS = 60
"""Poisoned ones, and clean ones: as many as the bars are about."""
LEAST_FOUND, MOST_FALSE = 58, 2
REAL = {"photos": "cats_dogs", "scenes": "scenes15/test", "backgrounds": "fgbg_components/bg"}
"""Folders of real pictures that hold few copies, or none."""


@dataclass(frozen=True)
class Case:
    """One data set: its pictures, and the pair that was poisoned, None in a clean one."""

    name: tuple[str, str]
    pictures: list[Picture]
    pair: tuple[int, int] | None


def audit_pictures(pictures: Sequence[Picture]) -> list[tuple[int, int]]:
    """Pairs in different subsets that the audit calls leaks; each picture is a group of its own."""
    images = [picture if picture.ndim == 3 else picture[..., None] for picture in pictures]
    ids = [f"{place:04d}" for place in range(len(images))]
    subsets = [SUBSETS[place % 3] for place in range(len(images))]
    hashes = [hash_pixels(image) for image in images]
    manifest = pd.DataFrame({"sample_id": ids, "group": ids, "content_hash": hashes})
    manifest = manifest.assign(sequence="", time=0, parts="", label="", mask_hash="")
    splits = pd.DataFrame({"fold": "0", "sample_id": ids, "subset": subsets})
    samples, planes = gather_samples(manifest, splits), Planes(store_pictures(images), np.arange(len(images)))
    found = audit_samples(samples, planes, AuditParams(), SplitParams(kind="predefined", folds=1), 0)
    return [(int(one["a"]), int(one["b"])) for one in found["findings"] if one["severity"] == "leak"]


def store_pictures(images: Sequence[Picture]) -> Arrays:
    """Pictures of any sizes, in memory."""
    shapes = np.array([image.shape for image in images])
    index = pd.DataFrame(shapes, columns=["height", "width", "channels"]).assign(
        image_offset=np.cumsum([0, *shapes.prod(axis=1)])[:-1],
        mask_offset=-1,
        sample_id=[f"{place:04d}" for place in range(len(images))],
    )
    return Arrays(index, np.concatenate([image.ravel() for image in images]), np.zeros(0, np.uint8))


def poison(name: tuple[str, str], pictures: list[Picture], way: Way) -> Case:
    """Put a changed copy of a training picture into the test subset."""
    copy = len(pictures) + (2 - len(pictures)) % 3
    filling = pictures[: copy - len(pictures)]
    return Case(name, [*pictures, *(np.flip(picture) * 0 + 128 for picture in filling), way(pictures[3])], (3, copy))


def draw_poisoned(number: int, seed: int) -> Iterator[Case]:
    """Each way in each strength in turn, over pictures of each kind in turn."""
    kinds, ways = list(KINDS), list(WAYS.items())
    for place in range(number):
        random = np.random.default_rng([seed, place])
        name, way = ways[place % len(ways)]
        kind = kinds[(place + place // len(ways)) % len(kinds)]
        yield poison(name, draw_many(kind, random, PICTURES), way)


def draw_clean(number: int, seed: int) -> Iterator[Case]:
    """Sets of each kind in turn, and of pictures that are alike and yet not the same."""
    names = [*KINDS, *CLEAN]
    for place in range(number):
        random = np.random.default_rng([seed, 1, place])
        name = names[place % len(names)]
        drawn = CLEAN[name](random, PICTURES) if name in CLEAN else draw_many(name, random, PICTURES)
        yield Case((name, ""), drawn, None)


def pick_real(folder: Path, number: int, seed: int) -> Iterator[Case]:
    """Each way over real photographs, and as many clean sets of them."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".jpg", ".png"))
    for place, (name, way) in zip(range(number), list(WAYS.items()) * 2, strict=False):
        chosen = np.random.default_rng([seed, place]).choice(len(paths), PICTURES, replace=False)
        pictures = [np.asarray(Image.open(paths[row]).convert("RGB")) for row in chosen]
        yield poison(name, pictures, way)
        yield Case(("clean", folder.name), pictures, None)


def judge(case: Case) -> tuple[bool, int]:
    """Whether the poisoned pair was found, and how many other pairs were."""
    found = audit_pictures(case.pictures)
    return case.pair in found, sum(pair != case.pair for pair in found)


def count(cases: Iterator[Case], total: int) -> pd.DataFrame:
    """One row a data set: way, strength, is_poisoned, is_found, others."""
    rows = []
    for case in tqdm(cases, total=total, disable=None):
        is_found, others = judge(case)
        rows.append((*case.name, case.pair is not None, is_found, others))
    return pd.DataFrame(rows, columns=["way", "strength", "is_poisoned", "is_found", "others"])


def tell(title: str, table: pd.DataFrame, write: Callable[[str], object]) -> None:
    """Print what was found of each way and strength, and the false alarms."""
    poisoned, clean = table[table["is_poisoned"]], table[~table["is_poisoned"]]
    counts = poisoned.groupby(["way", "strength"], sort=False)["is_found"].agg(["sum", "size"])
    for (way, strength), row in counts.iterrows():
        write(f"  {way:<12} {strength:<24} {row['sum']} of {row['size']}\n")
    false = clean.loc[clean["others"] > 0, "way"]
    write(f"{title}: {poisoned['is_found'].sum()} of {len(poisoned)} poisoned data sets found;")
    write(f" {len(false)} of {len(clean)} clean ones called poisoned ({', '.join(false) or 'none'})\n")


def main() -> None:
    """Drawn data sets first, then real photographs where they are."""
    cv2.setNumThreads(1)
    drawn = [count(draw_poisoned(SETS, 0), SETS), count(draw_clean(SETS, 0), SETS)]
    tell("drawn", pd.concat(drawn), sys.stdout.write)
    for name, folder in REAL.items():
        if (SHARED / folder).is_dir():
            tell(name, count(pick_real(SHARED / folder, len(WAYS), 0), 2 * len(WAYS)), sys.stdout.write)


if __name__ == "__main__":
    main()
