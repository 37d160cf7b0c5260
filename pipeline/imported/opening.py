"""What another tool predicted for the samples of a fold, whatever the head."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.datasets.arrays import Arrays
from pipeline.imported.files import Listing, list_files
from pipeline.imported.reading import Expected, Size, read_prediction
from pipeline.imported.table import Rows, read_rows
from pipeline.params import PredictionsParams

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Found:
    """Files or rows of one folder, and how they are read."""

    listing: Listing | Rows
    is_depth: bool
    classes: int
    sizes: Mapping[str, tuple[Size, Size]]
    """Height and width of each sample, as prepared, and as in the image's file."""

    def read(self, sample_id: str) -> Array:
        """The prediction of a sample that is there, float32: (height, width, channel), or of a pooled head (channel,).

        Raises DataError where its file holds something else.
        """
        if isinstance(self.listing, Rows):
            return self.listing.probabilities[sample_id]
        expected = Expected(self.classes, self.sizes[sample_id], self.is_depth)
        return read_prediction(self.listing.path(sample_id), self.listing.entry, expected)


def open_predictions(entry: PredictionsParams, head: str, channels: int, fold: str, arrays: Arrays) -> Found:
    """What an entry holds of a fold; raises ImportFault where its folder or table is not there, or the table is wrong."""
    sizes = {row["sample_id"]: sizes_of(row) for row in arrays.index.to_dict("records")}
    is_table = head == "label"
    listing = read_rows(entry, fold, sizes, arrays.label_names) if is_table else list_files(entry, fold, sizes)
    return Found(listing, head == "depth", max(channels, 2), sizes)


def sizes_of(row: Mapping[Any, Any]) -> tuple[Size, Size]:
    """Height and width of a row of the arrays' index, as prepared and as in the image's file."""
    prepared, original = (
        (int(row[height]), int(row[width]))
        for height, width in (("height", "width"), ("original_height", "original_width"))
    )
    return prepared, original
