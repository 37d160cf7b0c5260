"""A data set in numbers: counts, sizes, classes, foreground and intensities."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tqdm import tqdm

from pipeline.datasets.arrays import IGNORED, Arrays
from pipeline.datasets.manifest import Dataset

Counts = NDArray[np.int64]
BINS = 64
PERCENTILES = (1, 50, 99)


def summarise_data(manifest: pd.DataFrame, dataset: Dataset, arrays: Arrays) -> dict[str, Any]:
    """Numbers for a JSON file: samples, sizes, foreground, classes and intensities.

    Sizes are those of the files; classes and intensities are counted in the prepared arrays. `channels[c].counts` holds one
    histogram a class (pixels of unlabelled samples or ignored regions are in `channels[c].uncounted`).
    """
    counts = count_values(dataset, arrays)
    classes = counts[0, : dataset.classes].sum(axis=1)
    return {
        "samples": summarise_samples(manifest),
        "sizes": summarise_sizes(manifest),
        "foreground": summarise_foreground(manifest),
        "classes": [
            {"name": name, "pixels": int(pixels), "share": float(pixels / max(classes.sum(), 1))}
            for name, pixels in zip(dataset.class_names, classes, strict=True)
        ],
        "channels": [summarise_channel(of_channel) for of_channel in counts],
    }


def summarise_samples(manifest: pd.DataFrame) -> dict[str, Any]:
    """How many samples there are of each sort, and how long the sequences are."""
    lengths = manifest.loc[manifest["sequence"] != "", "sequence"].value_counts()
    labelled = manifest["mask"] != ""
    foreground = pd.to_numeric(manifest["foreground"])
    return {
        "all": len(manifest),
        "labelled": int(labelled.sum()),
        "unlabelled": int((~labelled).sum()),
        "without_foreground": int((foreground[labelled] == 0).sum()),
        "groups": int(manifest["group"].nunique()),
        "sequences": len(lengths),
        "shortest_sequence": int(lengths.min()) if len(lengths) else 0,
        "longest_sequence": int(lengths.max()) if len(lengths) else 0,
    }


def summarise_sizes(manifest: pd.DataFrame) -> list[dict[str, int]]:
    """Height and width in pixels of the image files with the number of samples, the most frequent first."""
    sizes = manifest.groupby(["height", "width"]).size().sort_values(ascending=False, kind="stable")
    shapes = sizes.index.to_frame().to_numpy()
    return [
        {"height": int(height), "width": int(width), "samples": int(samples)}
        for (height, width), samples in zip(shapes, sizes, strict=True)
    ]


def summarise_foreground(manifest: pd.DataFrame, bins: int = 20) -> dict[str, Any]:
    """Histogram of the labelled samples' foreground shares."""
    shares = pd.to_numeric(manifest.loc[manifest["mask"] != "", "foreground"]).dropna().to_numpy(float)
    counts, edges = np.histogram(shares, bins=bins, range=(0, max(shares.max(initial=0), 0.01)))
    return {"mean": float(shares.mean()) if len(shares) else None, "edges": edges.tolist(), "counts": counts.tolist()}


def count_values(dataset: Dataset, arrays: Arrays) -> Counts:
    """Pixels of each value, (channels, classes + 1, levels of the dtype); the last row is of pixels that do not count."""
    levels = int(np.iinfo(np.dtype(dataset.dtype)).max) + 1
    rows = dataset.classes + 1
    counts = np.zeros((dataset.channels, rows * levels), np.int64)
    labelled = arrays.index["mask_offset"].to_numpy() >= 0
    for position in tqdm(range(len(arrays)), desc="explore", unit="sample", disable=None):
        image = arrays.image(position)
        row = np.full(image.shape[:2], dataset.classes)
        if labelled[position]:
            mask = arrays.mask(position)
            row = np.where(mask == IGNORED, row, mask)
        for channel in range(dataset.channels):
            counts[channel] += np.bincount((row * levels + image[..., channel]).ravel(), minlength=rows * levels)
    return counts.reshape(dataset.channels, rows, levels)


def summarise_channel(counts: Counts) -> dict[str, Any]:
    """One channel's range, mean, deviation, percentiles and histogram from its counts of each value (classes + 1, levels)."""
    total = counts.sum(axis=0)
    values = np.arange(len(total))
    found = np.flatnonzero(total)
    least, most = int(found[0]), int(found[-1])
    mean = float((total * values).sum() / total.sum())
    starts = np.unique(np.linspace(least, most + 1, BINS + 1).astype(int))
    binned = np.add.reduceat(counts[:, : most + 1], starts[:-1], axis=1)
    reached = np.searchsorted(np.cumsum(total), np.array(PERCENTILES) / 100 * total.sum())
    return {
        "least": least,
        "most": most,
        "mean": mean,
        "deviation": float(np.sqrt((total * (values - mean) ** 2).sum() / total.sum())),
        "percentiles": {str(percent): int(value) for percent, value in zip(PERCENTILES, reached, strict=True)},
        "edges": starts.tolist(),
        "counts": binned[:-1].tolist(),
        "uncounted": binned[-1].tolist(),
    }
