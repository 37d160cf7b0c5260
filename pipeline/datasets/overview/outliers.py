"""Samples that are far from the others: few, named with the reason, and none where nothing can be said."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

Array = np.ndarray[Any, np.dtype[Any]]
FEWEST = 20
"""With fewer samples nobody can tell an outlier from the usual spread."""
FAR = 6.0
"""Robust standard deviations; of normal values one in 500 million lies so far out."""
SPREAD = 1.4826
"""Median absolute deviation to standard deviation, for normal values."""
MOST, MOST_SHARE = 2, 0.02
"""Where more of the samples are as far, they are a kind of their own, not outliers."""
MOST_SHOWN = 24
UNITS = {"size": " px", "depth": " m"}
UNSEEN = {"brightness": 0.01, "contrast": 0.01}
"""Parts of the usual value by which nobody sees a difference, however alike all others are (standardised, say)."""
RATIOS = ("contrast", "size", "shape", "depth")
"""What is judged by its logarithm: half and double are equally far."""


def find_outliers(samples: pd.DataFrame) -> list[dict[str, Any]]:
    """Outliers, the farthest first: `sample_id`, `what` it is far in, `value`, `usual` (the median), `distance` in robust
    standard deviations (None where all others are equal) and `reason` in words.

    `samples` has sample_id and a column a property, NaN where a sample has none of it; what is far in several
    is told once, by the property in which it is farthest.
    """
    found = [outlier for what in samples.columns.drop("sample_id") for outlier in _find_in(samples, what)]
    found.sort(key=lambda outlier: -(outlier["distance"] or np.inf))
    first = {outlier["sample_id"]: outlier for outlier in reversed(found)}
    return sorted(first.values(), key=found.index)[:MOST_SHOWN]


def _find_in(samples: pd.DataFrame, what: str) -> Iterator[dict[str, Any]]:
    known = samples.loc[samples[what].notna(), ["sample_id", what]]
    values = known[what].to_numpy(float)
    if len(values) < FEWEST:
        return
    distances = measure_distances(values, what)
    far = np.flatnonzero(np.abs(distances) > FAR)
    if what == "colour" and np.median(values) > 0:
        far = np.union1d(far, np.flatnonzero(values == 0))
    if len(far) > max(MOST, MOST_SHARE * len(values)):
        return
    usual = float(np.median(values))
    for place in far[np.abs(values[far] - usual) > UNSEEN.get(what, 0.0) * abs(usual)]:
        distance = float(distances[place])
        yield {
            "sample_id": str(known["sample_id"].iloc[place]),
            "what": what,
            "value": float(values[place]),
            "usual": usual,
            "distance": abs(distance) if np.isfinite(distance) else None,
            "reason": tell_reason(what, float(values[place]), usual),
        }


def measure_distances(values: Array, what: str) -> Array:
    """Signed distances from the median in robust standard deviations, infinite where all but a few are equal."""
    if what in RATIOS:
        values = np.log(np.maximum(values, 1e-3 * np.median(values) + np.finfo(float).tiny))
    centred = values - np.median(values)
    spread = SPREAD * np.median(np.abs(centred))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(centred == 0, 0.0, centred / spread)


def tell_reason(what: str, value: float, usual: float) -> str:
    """Such as: brightness 12, usually 118."""
    if what == "colour" and value == 0:
        return "grey: all channels are equal, unlike the others'"
    if what == "foreground":
        return f"foreground {100 * value:.3g} %, usually {100 * usual:.3g} %"
    names = {
        "colour": "colourfulness (mean of highest less lowest channel)",
        "size": "size (root of the area)",
        "shape": "width over height",
        "depth": "median depth",
    }
    return f"{names.get(what, what)} {value:.3g}{UNITS.get(what, '')}, usually {usual:.3g}{UNITS.get(what, '')}"
