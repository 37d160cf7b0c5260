"""Depth in numbers: range, percentiles, and what was not measured."""

from typing import Any

import numpy as np

from pipeline.datasets.arrays import Arrays
from pipeline.datasets.overview.histograms import choose_edges

Array = np.ndarray[Any, np.dtype[Any]]
KEPT_VALUES = 2**20
PERCENTILES = (1, 50, 99)


def summarise_depths(arrays: Arrays) -> tuple[dict[str, Any] | None, Array]:
    """A summary in metres, None where no sample has depth, and each sample's median depth, NaN where it has none.

    The summary has `samples`, `least`, `most`, `percentiles`, `missing` (share of the pixels that were not measured),
    `missing_most` (the largest such share of a sample) and a histogram of `edges` and `counts`.
    """
    medians = np.full(len(arrays), np.nan)
    positions = find_depths(arrays)
    if not len(positions):
        return None, medians
    pixels = int((arrays.index["height"] * arrays.index["width"]).iloc[positions].sum())
    step = max(1, -(-pixels // KEPT_VALUES))
    shares, bounds, kept = [], [], []
    for position in positions:
        depth = arrays.depth(int(position)).ravel()
        measured = depth[~np.isnan(depth)]
        shares.append(1 - len(measured) / len(depth))
        if len(measured):
            medians[position] = np.median(measured)
            bounds.append((measured.min(), measured.max()))
            kept.append(measured[position % step :: step])
    summary = {"samples": len(positions), "missing": float(np.mean(shares)), "missing_most": float(max(shares))}
    return summary | _summarise_measured(np.array(bounds, float), np.concatenate([np.zeros(0), *kept])), medians


def find_depths(arrays: Arrays) -> Array:
    """Positions of the samples that have depth."""
    return (
        np.flatnonzero(arrays.index["depth_offset"].to_numpy() >= 0)
        if "depth_offset" in arrays.index
        else np.zeros(0, int)
    )


def _summarise_measured(bounds: Array, values: Array) -> dict[str, Any]:
    if not len(values):
        return {"least": None, "most": None, "percentiles": {}, "edges": [0, 1], "counts": [0]}
    edges = choose_edges(values)
    percentiles = np.percentile(values, PERCENTILES)
    return {
        "least": float(bounds[:, 0].min()),
        "most": float(bounds[:, 1].max()),
        "percentiles": {str(percent): float(value) for percent, value in zip(PERCENTILES, percentiles, strict=True)},
        "edges": edges.tolist(),
        "counts": np.histogram(np.clip(values, edges[0], edges[-1]), edges)[0].tolist(),
    }
