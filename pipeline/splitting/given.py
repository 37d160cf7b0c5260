"""The scheme that takes the subsets given with the data."""

import logging
from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.params import SplitParams
from pipeline.splitting.faults import SplitError
from pipeline.splitting.units import derive_seed, draw_units, find_units

logger = logging.getLogger(__name__)


def take_subsets(samples: pd.DataFrame, split: SplitParams, seed: int) -> Iterator[NDArray[np.str_]]:
    """The given subset of each sample, then the refit, which trains on the test samples too.

    Validation is drawn from whole groups of the training samples where none is given. Raises SplitError where a sample
    has no subset, or nothing is given to train or to test on.
    """
    given = samples["subset"].to_numpy(dtype="<U10")
    loose = samples.loc[~np.isin(given, ["train", "validation", "test"]), "sample_id"]
    if len(loose):
        raise SplitError(
            f"predefined needs a subset for every labelled sample, and {len(loose)} have none"
            f" (the first: {loose.iloc[0]!r}): give train, validation or test in the folders or in samples.csv"
        )
    for subset in ("train", "test"):
        if subset not in given:
            raise SplitError(f"no labelled sample is given as {subset}: add some, or choose another split.kind")
    _warn_of_leaks(samples)
    has_validation = "validation" in given
    for fold, subsets in enumerate([given, np.where(given == "test", "train", given)]):
        yield subsets if has_validation else _with_validation(samples, subsets, split, derive_seed(seed, fold))


def _warn_of_leaks(samples: pd.DataFrame) -> None:
    """Say which groups, identical files and parts the given subsets divide; they are taken as they are all the same."""
    parts = samples[["sample_id", "subset"]].assign(part=samples["parts"].str.split(";")).explode("part")
    for table, column, noun in (
        (samples, "group", "groups"),
        (samples, "content_hash", "sets of identical files"),
        (parts[parts["part"] != ""], "part", "parts"),
    ):
        subsets = table.groupby(column)["subset"].nunique()
        divided = subsets.index[subsets > 1]
        if len(divided):
            first = table.loc[table[column] == divided[0], "sample_id"]
            logger.warning("the given subsets divide %d %s, the first: %s", len(divided), noun, ", ".join(first[:3]))


def _with_validation(
    samples: pd.DataFrame, subsets: NDArray[np.str_], split: SplitParams, seed: int
) -> NDArray[np.str_]:
    units = find_units(samples)
    free = np.setdiff1d(units[subsets == "train"], units[subsets != "train"])
    if len(free) < 2:
        raise SplitError(
            f"validation cannot be drawn from {len(free)} independent groups of training samples: give validation"
            " samples, or more groups"
        )
    drawn = draw_units(free, split.validation_fraction, None, seed)
    return np.where(np.isin(units, drawn), "validation", subsets)
