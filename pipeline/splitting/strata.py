"""What a stratified split keeps alike in every subset: classes of whole images, or else shares of foreground."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.params import SplitParams
from pipeline.splitting.faults import SplitError

Values = NDArray[np.int64] | NDArray[np.float64]
"""Number of the class, or the share of foreground."""
STRATA = 10
"""Most bins of foreground share; finer ones tell little and cost time."""


def find_values(samples: pd.DataFrame) -> Values:
    """What each sample is stratified by: its class where samples have labels, else its share of foreground."""
    if (samples["label"] != "").any():
        return np.asarray(pd.factorize(samples["label"], sort=True)[0], dtype=np.int64)
    return np.asarray(samples["foreground"].astype(float).fillna(0), dtype=np.float64)


def values_of_units(values: Values, units: NDArray[np.int64]) -> Values:
    """Most frequent class, or mean share of foreground, of each unit."""
    if values.dtype.kind == "i":
        counts = pd.crosstab(units, values)
        return counts.columns.to_numpy(dtype=np.int64)[counts.to_numpy().argmax(axis=1)]
    return np.asarray(pd.Series(values).groupby(units).mean(), dtype=np.float64)


def bin_values(values: Values, most: int) -> NDArray[np.int64]:
    """Stratum of each value, at most `most`: a class, those of a single member together, or bins of equal number by rank."""
    if values.dtype.kind == "f":
        bins = max(1, min(STRATA, most))
        ranks = np.argsort(np.argsort(values, kind="stable"), kind="stable")
        return (ranks * bins // len(values)).astype(np.int64)
    classes, counts = np.unique(values, return_counts=True)
    singles = int((counts < 2).sum())
    merged = classes[np.argsort(counts, kind="stable")][: max(2, singles) if singles else 0]
    strata = np.where(np.isin(values, merged), -1, values)
    return strata if len(np.unique(strata)) <= most else np.zeros_like(values)


def check_classes(samples: pd.DataFrame, units: NDArray[np.int64], split: SplitParams) -> None:
    """Raise SplitError where a class has too few independent samples to be learnt in one fold and tested in another."""
    held = samples.assign(unit=units)[samples["label"] != ""].groupby("label")["unit"].nunique()
    least = split.folds if "stratified" in split.kind else 2
    for label, count in held.items():
        if count < least:
            mend = f"set split.folds to {count}, " if count >= 2 else ""
            raise SplitError(
                f"class {label!r} has {count} independent sample{'s' if count > 1 else ''}, where {split.kind} of {split.folds} folds"
                f" needs {least}: {mend}add samples of it, or leave the class out"
            )
