"""What is known of the data before anything trains: tables and records, read."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.datasets.arrays import Arrays, open_arrays
from pipeline.datasets.augmented import Augmented, read_augmented
from pipeline.datasets.manifest import Dataset, read_dataset, read_manifest
from pipeline.datasets.splits import read_splits, read_summary
from pipeline.params import Params
from pipeline.provenance import Record, read_record


@dataclass(frozen=True)
class DataSheet:
    """The data, their numbers, their split and what its audit found."""

    params: Params
    manifest: pd.DataFrame
    dataset: Dataset
    arrays: Arrays
    explored: Record
    splits: pd.DataFrame
    split_summary: Record
    audited: Record
    augmented: Augmented | None

    @property
    def class_names(self) -> list[str]:
        """A name a class; classes that the data only number are background, and foreground or class 1, 2, ..."""
        plain = ["foreground"] if self.dataset.classes == 2 else [f"class {n}" for n in range(1, self.dataset.classes)]
        plain = ["background", *plain]
        return [plain[n] if name == str(n) else name for n, name in enumerate(self.dataset.class_names)]

    @property
    def picture_names(self) -> list[str]:
        """A name an image file of a sample where its channels are red, green and blue, else a name a channel."""
        if self.is_colour:
            return self._file_names
        if len(self._file_names) == self.dataset.channels:
            return self._file_names
        return [f"channel {number}" for number in range(1, self.dataset.channels + 1)]

    @property
    def channel_names(self) -> list[str]:
        """A name a channel: that of its folder, its colour, or its number."""
        if not self.is_colour:
            return self.picture_names
        files = [f"{name} " for name in self.picture_names] if len(self.picture_names) > 1 else [""]
        return [name + colour for name in files for colour in ("red", "green", "blue")]

    @property
    def is_colour(self) -> bool:
        """Whether the channels are red, green and blue of each image file, which are shown as one picture."""
        return self.dataset.channels == 3 * len(self._file_names)

    @property
    def _file_names(self) -> list[str]:
        compose = self.params.data.compose
        if compose is not None:
            return ["composite", "background"] if compose.with_background else ["composite"]
        return ["image" if name == "." else name for name in self.params.data.channels]


def read_sheet(
    *,
    params: Params,
    manifest: Path,
    dataset: Path,
    index: Path,
    explored: Path,
    splits: Path,
    split_summary: Path,
    audited: Path,
    augmented: Path,
) -> DataSheet:
    """The sheet of the files that the steps before it wrote; the arrays lie beside their index."""
    return DataSheet(
        params=params,
        manifest=read_manifest(manifest),
        dataset=read_dataset(dataset),
        arrays=open_arrays(index.parent),
        explored=read_record(explored),
        splits=read_splits(splits),
        split_summary=read_summary(split_summary),
        audited=read_record(audited),
        augmented=read_augmented(augmented),
    )
