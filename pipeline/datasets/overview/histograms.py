"""Percentiles and histograms by class of selected values."""

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
BINS = 64
PERCENTILES = (1, 50, 99)
MIDDLE = (0.1, 99.9)
BEYOND = 1.0
"""How far bins reach beyond the middle of the values, as a share of its width: one mad pixel does not flatten a histogram."""


def summarise_values(values: Array, rows: Array, classes: int) -> dict[str, Any]:
    """`percentiles` {"1": ...}, `edges` of bins, `counts` a class and bin, and `uncounted` of pixels of no class a bin.

    `rows` has the class of each value, `classes` where it has none. The first and the last bin also hold what lies beyond.
    """
    percentiles = np.percentile(values, PERCENTILES, method="inverted_cdf")
    edges = choose_edges(values)
    bins = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)
    counts = np.bincount(rows * (len(edges) - 1) + bins, minlength=(classes + 1) * (len(edges) - 1))
    *of_classes, uncounted = counts.reshape(classes + 1, len(edges) - 1).tolist()
    return {
        "percentiles": {str(percent): float(value) for percent, value in zip(PERCENTILES, percentiles, strict=True)},
        "edges": edges.tolist(),
        "counts": of_classes,
        "uncounted": uncounted,
    }


def choose_edges(values: Array) -> Array:
    """Edges of at most BINS bins of equal width, whole numbers where the values are."""
    lower, upper = np.percentile(values, MIDDLE)
    room = max(upper - lower, np.finfo(float).tiny) * BEYOND
    low, high = max(values.min(), lower - room), min(values.max(), upper + room)
    if np.all(values == np.floor(values)):
        return np.unique(np.linspace(np.floor(low), np.floor(high) + 1, BINS + 1).astype(int))
    return np.linspace(low, high if high > low else low + 1, BINS + 1)
