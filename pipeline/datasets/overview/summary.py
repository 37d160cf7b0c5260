"""What explored.json holds."""

from typing import Any

import numpy as np
import pandas as pd

from pipeline.datasets.arrays import IGNORED, Arrays
from pipeline.datasets.manifest import Dataset
from pipeline.datasets.overview.depths import summarise_depths
from pipeline.datasets.overview.histograms import summarise_values
from pipeline.datasets.overview.outliers import find_outliers
from pipeline.datasets.overview.table import (
    summarise_foreground,
    summarise_labels,
    summarise_samples,
    summarise_sides,
    summarise_sizes,
)
from pipeline.datasets.overview.tally import Tally, tally_pixels

Array = np.ndarray[Any, np.dtype[Any]]


def summarise_data(manifest: pd.DataFrame, dataset: Dataset, arrays: Arrays) -> dict[str, Any]:
    """Numbers for a JSON file, a key a subject; each function of this package says what its part holds.

    `samples`, `sizes`, `sides`, `foreground` and `labels` come from the manifest, sizes being those of the files. `classes`,
    `channels`, `means` and `depth` (None without depth) come from the prepared arrays, each of which is read once. `outliers`
    names samples that are far from the others.
    """
    tally = tally_pixels(arrays, dataset.classes)
    depth, sample_depths = summarise_depths(arrays)
    return {
        "samples": summarise_samples(manifest),
        "sizes": summarise_sizes(manifest),
        "sides": summarise_sides(manifest),
        "foreground": summarise_foreground(manifest),
        "labels": summarise_labels(manifest),
        "classes": summarise_classes(dataset, tally.class_pixels),
        "channels": summarise_channels(tally, dataset.classes),
        "means": tally.means.summarise(),
        "depth": depth,
        "outliers": find_outliers(describe_samples(manifest, tally, sample_depths)),
    }


def summarise_classes(dataset: Dataset, pixels: Array) -> list[dict[str, Any]]:
    """Of each class of the masks its pixels, their share of all that count, and the masks that have any, from (sample, class)."""
    counts = pixels.sum(axis=0)
    return [
        {"name": name, "pixels": int(count), "share": float(count / max(counts.sum(), 1)), "masks": int(masks)}
        for name, count, masks in zip(dataset.class_names, counts, (pixels > 0).sum(axis=0), strict=True)
    ]


def summarise_channels(tally: Tally, classes: int) -> list[dict[str, Any]]:
    """Of each channel `least`, `most`, `mean` and `deviation` over all pixels, and what `summarise_values` adds.

    `selected` is the share of the pixels that percentiles and histograms are taken from.
    """
    means, deviations = tally.moments.of_all()
    values, known = tally.selection.values, tally.selection.classes
    return [
        {
            "least": float(tally.moments.least[:, channel].min()),
            "most": float(tally.moments.most[:, channel].max()),
            "mean": float(means[channel]),
            "deviation": float(deviations[channel]),
            "selected": 1 / tally.selection.step,
            **summarise_values(values[:, channel], np.where(known == IGNORED, classes, known), classes),
        }
        for channel in range(values.shape[1])
    ]


def describe_samples(manifest: pd.DataFrame, tally: Tally, depths: Array) -> pd.DataFrame:
    """A row a sample: what it may be far from the others in, NaN where it has none of it; with sample_id and label."""
    brightness = tally.moments.means
    is_colour = brightness.shape[1] == 3
    return pd.DataFrame(
        {
            "sample_id": manifest["sample_id"],
            "brightness": brightness.mean(axis=1),
            "contrast": tally.moments.deviations.mean(axis=1),
            "colour": tally.colour if is_colour else np.nan,
            "size": np.sqrt(manifest["height"] * manifest["width"]),
            "shape": manifest["width"] / manifest["height"],
            "foreground": pd.to_numeric(manifest["foreground"]),
            "depth": depths,
        }
    )
