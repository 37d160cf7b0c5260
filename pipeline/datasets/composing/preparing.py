"""Writes the parts of composites, each once, with an index of the samples that are drawn from them."""

from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd

from pipeline.datasets.composing.describing import hash_composites, list_places
from pipeline.datasets.composing.parts import SPARE, Part
from pipeline.datasets.composing.places import find_longest
from pipeline.datasets.composing.store import CUTOUT, PLACE
from pipeline.datasets.composing.walking import Integers, Walk, walk_parts
from pipeline.datasets.faults import DataError
from pipeline.datasets.files import aside
from pipeline.datasets.space import check_space, telling_full
from pipeline.datasets.storing import write_header
from pipeline.params import ComposeParams, DataParams

KEPT = ["sample_id", "sequence", "time", "group", "label", "subset", "height", "width", "channels"]

ROW_BYTES = 80
"""At most what the numbers of a row of the index take."""


def prepare_composites(
    raw: Path,
    manifest: pd.DataFrame,
    images: Path,
    masks: Path,
    depths: Path,
    index: Path,
    data: DataParams,
    compose: ComposeParams,
) -> None:
    """Write images.npy (backgrounds), masks.npy (cut-outs), depths.npy (empty) and index.csv, whole or not at all.

    Raises DataError where the parts are not those that the manifest describes, and where the disk has too little room.
    """
    with (
        telling_full(index.parent),
        aside(index) as index_part,
        aside(depths) as depths_part,
        aside(masks) as masks_part,
        aside(images) as images_part,
    ):
        check_space(index.parent, foretell_bytes(manifest, compose))
        with images_part.open("wb") as image_file, masks_part.open("wb") as mask_file:
            walk = _write_parts(raw, data, compose, image_file, mask_file)
        with depths_part.open("wb") as file:
            write_header(file, np.dtype(np.float32), 0)
        places = list_places(walk)
        _check_unchanged(raw, manifest, hash_composites(walk, places, compose))
        build_index(manifest, walk, places).to_csv(index_part, index=False, lineterminator="\n")


def foretell_bytes(manifest: pd.DataFrame, compose: ComposeParams) -> int:
    """At most what the parts and the index will take."""
    parts = manifest["images"].str.partition(";")
    first = manifest.loc[~parts[0].duplicated(), ["height", "width", "channels"]]
    longest = SPARE * find_longest(int(first[["height", "width"]].min(axis=1).max()), compose)
    backgrounds = first.prod(axis=1).sum() / (2 if compose.with_background else 1)
    names = 2 * manifest["sample_id"].str.len().sum()  # as sample_id and as group
    return int(backgrounds + parts[2].nunique() * longest**2 * 4 + names + len(manifest) * ROW_BYTES)


def build_index(manifest: pd.DataFrame, walk: Walk, places: pd.DataFrame) -> pd.DataFrame:
    """The index of the samples in the manifest: as of any, and the columns that `Composites` reads."""
    backgrounds, cutouts = pd.DataFrame(walk.backgrounds), pd.DataFrame(walk.cutouts)
    first, second = places["background"].to_numpy(), places["cutout"].to_numpy()
    sizes = dict(zip(CUTOUT, (cutouts[side].to_numpy()[second] for side in ("height", "width")), strict=True))
    return manifest[KEPT].assign(
        original_height=manifest["height"],
        original_width=manifest["width"],
        image_offset=backgrounds["offset"].to_numpy()[first],
        mask_offset=cutouts["offset"].to_numpy()[second],
        depth_offset=-1,
        background_channels=backgrounds["channels"].to_numpy()[first],
        **sizes,
        **places[PLACE],
    )


def _write_parts(
    raw: Path, data: DataParams, compose: ComposeParams, image_file: BinaryIO, mask_file: BinaryIO
) -> Walk:
    """Backgrounds into one file, cut-outs into the other, with headers that count them."""

    def keep_background(part: Part) -> None:
        image_file.write(np.ascontiguousarray(part.pixels).data)

    def keep_cutout(part: Part, places: Integers) -> None:
        mask_file.write(np.ascontiguousarray(part.pixels).data)

    for file in (image_file, mask_file):
        write_header(file, np.dtype(np.uint8), 0)
    header_bytes = image_file.tell()
    walk = walk_parts(raw, data, compose, keep_background, keep_cutout)
    for file in (image_file, mask_file):
        values = file.tell() - header_bytes
        file.seek(0)
        write_header(file, np.dtype(np.uint8), values)  # takes as many bytes as that of an empty array
    return walk


def _check_unchanged(raw: Path, manifest: pd.DataFrame, hashes: dict[str, list[str]]) -> None:
    if len(hashes["content_hash"]) != len(manifest):
        raise DataError(f"'{raw}' has other parts than when it was validated: run validate again")
    changed = np.any([manifest[column].to_numpy() != np.array(found) for column, found in hashes.items()], axis=0)
    if changed.any():
        files = manifest["images"].iloc[int(np.argmax(changed))].replace(";", "' or '")
        raise DataError(f"'{files}' in '{raw}' has changed since it was validated: run validate again")
