"""From what the files of all samples hold to the manifest, and to what holds for all its rows."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from pipeline.datasets.manifest import COLUMNS, Dataset, find_targets
from pipeline.datasets.raw.contents import Contents
from pipeline.datasets.reading import list_polygon_classes
from pipeline.params import DataParams

IDENTITY = ["sample_id", "sequence", "time", "group", "parts", "subset", "label"]
IDENTITY += ["content_hash", "mask_hash", "depth_hash"]
OF_CONTENTS = ("height", "width", "channels", "dtype", "content_hash", "mask_hash", "depth_hash")
BLOCK = 10_000
"""Rows that are text at a time."""


def build_manifest(contents: Sequence[Contents], values: Sequence[int]) -> pd.DataFrame:
    """One row a sample; `foreground` is the share of non-background among the pixels that count."""
    # a column at a time: as Python's objects, all take five times their memory
    columns = {name: pd.Series(_list_column(name, contents, values)) for name in COLUMNS}
    return pd.DataFrame(columns, copy=False)


def build_dataset(
    raw: Path, manifest: pd.DataFrame, values: Sequence[int], data: DataParams, layout: str, warnings: Sequence[str]
) -> Dataset:
    """What holds for all rows of the manifest; its hash covers the files and how `data` has them read."""
    return Dataset(
        channels=int(manifest["channels"].iloc[0]),
        dtype=str(manifest["dtype"].iloc[0]),
        mask_values=tuple(values),
        class_names=_name_classes(raw, manifest, values, data),
        data_hash=_hash_data(manifest, data),
        layout=layout,
        label_names=tuple(sorted(set(manifest["label"]) - {""})),
        targets=find_targets(manifest),
        warnings=tuple(warnings),
    )


def _list_column(name: str, contents: Sequence[Contents], values: Sequence[int]) -> list[str | int | float]:
    if name == "images":
        return [";".join(held.sample.images) for held in contents]
    if name == "foreground":
        return [
            1 - held.values[values[0]] / held.values.total() if held.sample.mask else float("nan") for held in contents
        ]
    return [getattr(held if name in OF_CONTENTS else held.sample, name) for held in contents]


def _name_classes(raw: Path, manifest: pd.DataFrame, values: Sequence[int], data: DataParams) -> tuple[str, ...]:
    """The names of the parameters, those of a COCO file's categories, or numbers."""
    masks = manifest.loc[manifest["mask"] != "", "mask"]
    names = data.class_names or list_polygon_classes(raw, masks, None) or map(str, range(len(values)))
    return tuple(names) if values else ()


def _hash_data(manifest: pd.DataFrame, data: DataParams) -> str:
    digest = hashlib.sha256()
    for start in range(0, len(manifest), BLOCK):
        rows = manifest[IDENTITY].iloc[start : start + BLOCK]
        digest.update(rows.to_csv(index=False, header=start == 0, lineterminator="\n").encode())
    digest.update(data.model_dump_json().encode())
    return digest.hexdigest()
