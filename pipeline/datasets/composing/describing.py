"""The manifest of composites: one row a sample, made without drawing any."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.datasets.composing.blending import count_foreground
from pipeline.datasets.composing.parts import Part
from pipeline.datasets.composing.places import draw_places
from pipeline.datasets.composing.store import PLACE
from pipeline.datasets.composing.walking import Facts, Walk, walk_parts
from pipeline.datasets.faults import DataError, Fault
from pipeline.datasets.manifest import COLUMNS
from pipeline.params import ComposeParams, DataParams

LAYOUT = "composites"
VALUES = (0, 1)


def describe_composites(
    raw: Path, data: DataParams, compose: ComposeParams
) -> tuple[str, tuple[int, ...], pd.DataFrame, list[str]]:
    """Layout, values of the classes, manifest and warnings; raises DataError with all faults of all parts.

    `foreground` is exact: the area of a mask follows from cut-out and size alone, as every cut-out lies inside. `group` is
    the sample itself; what samples share is in `parts`, where files of the same content are one part.
    """
    areas: list[dict[tuple[int, int], int]] = []

    def keep_cutout(cutout: Part, backgrounds: Sequence[Facts]) -> None:
        places = [draw_places(held.name, cutout.name, held.size, cutout.size, compose) for held in backgrounds]
        sizes = np.unique(np.concatenate([np.empty((0, len(PLACE)), np.int64), *places])[:, 2:4], axis=0)
        areas.append({(height, width): count_foreground(cutout.pixels, height, width) for height, width in sizes})

    walk = walk_parts(raw, data, compose, lambda part: None, keep_cutout)
    places = place_all(walk, compose)
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


def place_all(walk: Walk, compose: ComposeParams) -> pd.DataFrame:
    """A row a sample: numbers of background, cut-out and placement, and the columns PLACE, in natural order."""
    pairs = [(walk.backgrounds[first], walk.cutouts[second]) for first, second in walk.pairs]
    drawn = [draw_places(first.name, second.name, first.size, second.size, compose) for first, second in pairs]
    numbers = np.repeat(walk.pairs, compose.placements, axis=0)
    table = pd.DataFrame(np.concatenate(drawn), columns=PLACE)
    placement = np.tile(np.arange(compose.placements), len(pairs))
    return table.assign(background=numbers[:, 0], cutout=numbers[:, 1], placement=placement)


def build_manifest(walk: Walk, places: pd.DataFrame, compose: ComposeParams) -> pd.DataFrame:
    """All columns of the manifest but `foreground`, from the parts and the rows of `place_all`."""
    backgrounds, cutouts = places["background"].to_numpy(), places["cutout"].to_numpy()
    first, second = (_columns(held) for held in (walk.backgrounds, walk.cutouts))
    names = first["name"].take(backgrounds).array + "/" + second["name"].take(cutouts).array
    ids = (
        names
        + "/"
        + pd.array([f"{number:02d}" for number in range(compose.placements)]).take(places["placement"].to_numpy())
    )
    channels = first["channels"].to_numpy()[backgrounds] * (2 if compose.with_background else 1)
    shares = "backgrounds/" + first["part"].take(backgrounds).array + ";cutouts/" + second["part"].take(cutouts).array
    images = first["reference"].take(backgrounds).array + ";" + second["reference"].take(cutouts).array
    sizes = {side: first[side].to_numpy()[backgrounds] for side in ("height", "width")}
    facts = [first["content_hash"].to_numpy()[backgrounds], second["content_hash"].to_numpy()[cutouts]]
    kept = (second[side].to_numpy()[cutouts] for side in ("height", "width"))
    numbers = [*sizes.values(), *kept, *(places[column] for column in PLACE)]
    table = pd.DataFrame({"sample_id": ids, "sequence": "", "time": 0, "group": ids, "parts": shares, "subset": ""})
    return table.assign(
        images=images,
        mask=second["reference"].take(cutouts).array,
        depth="",
        label="",
        **sizes,
        channels=channels,
        dtype="uint8",
        content_hash=_hash("image", *facts, channels, *numbers),
        mask_hash=_hash("mask", facts[1], *numbers),
        depth_hash="",
    )


def _columns(parts: Sequence[Facts]) -> pd.DataFrame:
    """A row a part; `part` is the name of the first one of the same content."""
    table = pd.DataFrame(parts)
    return table.assign(part=table.groupby("content_hash")["name"].transform("first"))


def _hash(kind: str, *facts: Any) -> list[str]:
    """SHA-256 of the facts of each row, in hexadecimal."""
    rows = zip(*(np.asarray(fact).tolist() for fact in facts), strict=True)
    return [hashlib.sha256(f"{kind} {row}".encode()).hexdigest() for row in rows]
