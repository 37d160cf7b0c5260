"""The manifest, one row a sample, and what holds for the whole data set."""

import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from pipeline.datasets.files import aside

COUNTS = ("time", "height", "width", "channels")
COLUMNS = (
    "sample_id",
    "sequence",
    "time",
    "group",
    "parts",
    "subset",
    "images",
    "mask",
    "depth",
    "label",
    "height",
    "width",
    "channels",
    "dtype",
    "foreground",
    "content_hash",
    "mask_hash",
    "depth_hash",
)
TARGETS = ("mask", "depth", "label")


@dataclass(frozen=True)
class Dataset:
    """What holds for every sample of a data set."""

    channels: int
    """Channels of an image, over all its files."""
    dtype: str
    """Type of the images' values: uint8, uint16, uint32, int16, int32 or float32."""
    mask_values: tuple[int, ...]
    """Value of each class in the mask files, background first; none without masks."""
    class_names: tuple[str, ...]
    """Name of each class, background first."""
    data_hash: str
    """SHA-256 over the manifest's rows, contents included."""
    layout: str
    """The layout that the raw files were found in."""
    label_names: tuple[str, ...] = ()
    """Name of each class of whole images, in alphabetical order."""
    targets: tuple[str, ...] = ("mask",)
    """What is known of the labelled samples: mask, depth, label."""
    warnings: tuple[str, ...] = ()
    """What is allowed but worth knowing."""

    @property
    def classes(self) -> int:
        """Number of classes, background included."""
        return len(self.mask_values)


def read_manifest(path: Path) -> pd.DataFrame:
    """The manifest; text stays text ("" where empty), `foreground` is NaN where a sample has no mask."""
    types = defaultdict(lambda: "str", dict.fromkeys(COUNTS, "int64"), foreground="float64")
    return pd.read_csv(path, dtype=types, keep_default_na=False, na_values={"foreground": [""]})


def find_labelled(manifest: pd.DataFrame) -> "pd.Series[bool]":
    """Which samples have every target that any sample has."""
    targets = [manifest[name] != "" for name in find_targets(manifest)]
    return pd.concat(targets, axis=1).all(axis=1) if targets else pd.Series(False, manifest.index)


def find_targets(manifest: pd.DataFrame) -> tuple[str, ...]:
    """Which of mask, depth and label some sample has."""
    return tuple(name for name in TARGETS if name in manifest and (manifest[name] != "").any())


def write_manifest(path: Path, manifest: pd.DataFrame) -> None:
    """Write the manifest whole or not at all."""
    with aside(path) as part:
        manifest.to_csv(part, index=False, lineterminator="\n")


def read_dataset(path: Path) -> Dataset:
    """What holds for the whole data set, from its JSON file."""
    fields = json.loads(path.read_text())
    lists = {key: tuple(value) for key, value in fields.items() if isinstance(value, list)}
    return Dataset(**(fields | lists))


def write_dataset(path: Path, dataset: Dataset) -> None:
    """Write the JSON file whole or not at all."""
    with aside(path) as part:
        part.write_text(json.dumps(asdict(dataset), indent=2) + "\n")
