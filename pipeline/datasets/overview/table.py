"""What the manifest alone tells: samples, sizes, foreground and labels."""

from typing import Any

import numpy as np
import pandas as pd

from pipeline.datasets.manifest import find_labelled


def summarise_samples(manifest: pd.DataFrame) -> dict[str, Any]:
    """How many samples there are of each sort, and how long the sequences are."""
    lengths = manifest.loc[manifest["sequence"] != "", "sequence"].value_counts()
    labelled = find_labelled(manifest)
    foreground = pd.to_numeric(manifest["foreground"])
    return {
        "all": len(manifest),
        "labelled": int(labelled.sum()),
        "unlabelled": int((~labelled).sum()),
        **{target: int((manifest[target] != "").sum()) for target in ("mask", "depth", "label")},
        "without_foreground": int((foreground == 0).sum()),
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


def summarise_sides(manifest: pd.DataFrame) -> dict[str, Any]:
    """The smallest, median and largest shorter side of the files in pixels, and the samples that have the extremes."""
    sides = manifest[["height", "width"]].min(axis=1).to_numpy()
    ids = manifest["sample_id"]
    return {
        "smallest": {"px": int(sides.min()), "sample_id": str(ids.iloc[int(sides.argmin())])},
        "median": {"px": float(np.median(sides))},
        "largest": {"px": int(sides.max()), "sample_id": str(ids.iloc[int(sides.argmax())])},
    }


def summarise_foreground(manifest: pd.DataFrame, bins: int = 20) -> dict[str, Any]:
    """Histogram of the foreground shares of the samples with a mask; `mean` is None where there are none."""
    shares = pd.to_numeric(manifest.loc[manifest["mask"] != "", "foreground"]).dropna().to_numpy(float)
    counts, edges = np.histogram(shares, bins=bins, range=(0, max(shares.max(initial=0), 0.01)))
    return {"mean": float(shares.mean()) if len(shares) else None, "edges": edges.tolist(), "counts": counts.tolist()}


def summarise_labels(manifest: pd.DataFrame) -> list[dict[str, Any]]:
    """Samples of each label, in all and by the subset given with the data ("" where none is), in the labels' order."""
    labelled = manifest[manifest["label"] != ""]
    return [
        {
            "label": str(label),
            "samples": len(subsets),
            "subsets": {str(subset): int(count) for subset, count in subsets.value_counts().sort_index().items()},
        }
        for label, subsets in labelled.groupby("label")["subset"]
    ]
