"""The manifest of composites: one row a sample, made without drawing any."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.datasets.composing.blending import count_foreground
from pipeline.datasets.composing.parts import Part
from pipeline.datasets.composing.store import PLACE
from pipeline.datasets.composing.walking import Facts, Integers, Walk, walk_parts
from pipeline.datasets.faults import DataError, Fault
from pipeline.datasets.manifest import COLUMNS
from pipeline.params import ComposeParams, DataParams

LAYOUT = "composites"
VALUES = (0, 1)
SIDES = ("height", "width")
ROWS = 10_000
Array = np.ndarray[Any, np.dtype[Any]]


def describe_composites(
    raw: Path, data: DataParams, compose: ComposeParams
) -> tuple[str, tuple[int, ...], pd.DataFrame, list[str]]:
    """Layout, values of the classes, manifest and warnings; raises DataError with all faults of all parts.

    `foreground` is exact: the area of a mask follows from cut-out and size alone, as every cut-out lies inside. `group` is
    the sample itself; what samples share is in `parts`, where files of the same content are one part.
    """
    areas: list[dict[tuple[int, int], int]] = []

    def keep_cutout(cutout: Part, places: Integers) -> None:
        sizes = np.unique(places[..., 2:4].reshape(-1, 2), axis=0)
        areas.append({(height, width): count_foreground(cutout.pixels, height, width) for height, width in sizes})

    walk = walk_parts(raw, data, compose, lambda part: None, keep_cutout)
    places = list_places(walk)
    sizes = places[["cutout", "place_height", "place_width"]].itertuples(index=False)
    pixels = np.array([areas[cutout][height, width] for cutout, height, width in sizes])
    table = build_manifest(walk, places, compose).assign(foreground=lambda rows: pixels / (rows.height * rows.width))
    twins = table["sample_id"].duplicated()
    if twins.any():
        told = f"two composites would be named '{table['sample_id'][twins].iloc[0]}'"
        raise DataError(Fault("same_names", f"{told}: rename the subfolders of '{raw}' that make their names alike"))
    empty = int((pixels == 0).sum())
    warnings = [f"{empty} of {len(table)} masks are empty: raise data.compose.scale"] if empty else []
    return LAYOUT, VALUES, table[list(COLUMNS)], [*walk.warnings, *warnings]


def list_places(walk: Walk) -> pd.DataFrame:
    """A row a sample: numbers of background, cut-out and placement, and the columns PLACE, in natural order."""
    pairs, placements, _ = walk.places.shape
    numbers = np.repeat(walk.pairs, placements, axis=0)
    table = pd.DataFrame(walk.places.reshape(pairs * placements, -1), columns=PLACE)
    placement = np.tile(np.arange(placements), pairs)
    return table.assign(background=numbers[:, 0], cutout=numbers[:, 1], placement=placement)


def build_manifest(walk: Walk, places: pd.DataFrame, compose: ComposeParams) -> pd.DataFrame:
    """All columns of the manifest but `foreground`, from the parts and the rows of `list_places`."""
    first = _describe_parts(walk.backgrounds, places["background"])
    second = _describe_parts(walk.cutouts, places["cutout"])
    numbers = np.array([f"{number:02d}" for number in range(compose.placements)])[places["placement"].to_numpy()]
    ids = first["name"] + "/" + second["name"] + "/" + pd.Series(numbers)
    shares = "backgrounds/" + first["part"] + ";cutouts/" + second["part"]
    table = pd.DataFrame({"sample_id": ids, "sequence": "", "time": 0, "group": ids, "parts": shares, "subset": ""})
    return table.assign(
        images=first["reference"] + ";" + second["reference"],
        mask=second["reference"],
        depth="",
        label="",
        height=first["height"],
        width=first["width"],
        channels=first["channels"] * (2 if compose.with_background else 1),
        dtype="uint8",
        depth_hash="",
        **hash_composites(walk, places, compose),
    )


def hash_composites(walk: Walk, places: pd.DataFrame, compose: ComposeParams) -> dict[str, list[str]]:
    """content_hash and mask_hash of each row: SHA-256 over the parts' hashes, their sizes, and the place."""
    first, second = pd.DataFrame(walk.backgrounds), pd.DataFrame(walk.cutouts)
    sizes = [*_take(first, places["background"], SIDES), *_take(second, places["cutout"], SIDES)]
    numbers = [*sizes, *(places[column].to_numpy() for column in PLACE)]
    (background,), (cutout,) = (
        _take(parts, places[column], ("content_hash",)) for parts, column in ((first, "background"), (second, "cutout"))
    )
    kind = f"image and background {compose.with_background}"
    return {
        "content_hash": _hash(kind, background, cutout, *numbers),
        "mask_hash": _hash("mask", cutout, *numbers),
    }


def _describe_parts(parts: Sequence[Facts], numbers: "pd.Series[int]") -> pd.DataFrame:
    """The facts of a part in each row; `part` is the name of the first one of the same content."""
    table = pd.DataFrame(parts)
    table = table.assign(part=table.groupby("content_hash")["name"].transform("first"))
    return table.drop(columns="content_hash").take(numbers.to_numpy()).reset_index(drop=True)


def _take(parts: pd.DataFrame, numbers: "pd.Series[int]", columns: Sequence[str]) -> list[Array]:
    return [parts[column].to_numpy()[numbers] for column in columns]


def _hash(kind: str, *facts: Array) -> list[str]:
    """SHA-256 of the facts of each row, in hexadecimal, some rows in memory at a time."""
    hashes: list[str] = []
    for start in range(0, len(facts[0]), ROWS):
        rows = zip(*(fact[start : start + ROWS].tolist() for fact in facts), strict=True)
        hashes += [hashlib.sha256(f"{kind} {row}".encode()).hexdigest() for row in rows]
    return hashes
