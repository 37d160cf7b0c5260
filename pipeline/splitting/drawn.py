"""Schemes that draw whole units at random: the k-fold and the leave-one-out family."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import (
    GroupKFold,
    KFold,
    LeaveOneGroupOut,
    LeaveOneOut,
    StratifiedGroupKFold,
    StratifiedKFold,
)

from pipeline.params import SplitParams
from pipeline.splitting.faults import SplitError
from pipeline.splitting.strata import bin_values, check_classes, find_values, values_of_units
from pipeline.splitting.units import Integers, derive_seed, draw_units, find_units

Subsets = NDArray[np.str_]


def draw_folds(samples: pd.DataFrame, split: SplitParams, seed: int) -> Iterator[Subsets]:
    """The subset of each sample in each fold of each repeat, and last in the refit.

    Raises SplitError where groups would be divided or are too few.
    """
    _check_groups_are_whole(samples, split)
    units = find_units(samples)
    free = np.arange(units.max() + 1)
    final = np.empty(0, dtype=np.int64)
    check_classes(samples, units, split)
    values = values_of_units(find_values(samples), units) if "stratified" in split.kind else None
    if split.final_test_fraction and len(free) > 1:
        final = draw_units(free, split.final_test_fraction, values, derive_seed(seed, 0))
        free = np.setdiff1d(free, final)
    _check_number(len(free), split, has_parts=bool((samples["parts"] != "").any()))
    tests = [
        test
        for repeat in range(split.repeats)
        for test in _draw_tests(samples, units, free, split, derive_seed(seed, 1, repeat))
    ]
    for fold, test in enumerate([*tests, np.empty(0, dtype=np.int64)]):
        rest = np.setdiff1d(free, test)
        if len(rest) < 2:
            raise SplitError(
                f"fold {fold} leaves {len(rest)} of {len(free)} independent groups to train and to validate on, where two"
                " are needed: raise split.folds, or set split.kind to group_k_fold"
            )
        validation = draw_units(rest, split.validation_fraction, values, derive_seed(seed, 2, fold))
        conditions = [np.isin(units, chosen) for chosen in (final, test, validation)]
        yield np.select(conditions, ["final_test", "test", "validation"], "train")


def _draw_tests(
    samples: pd.DataFrame, units: Integers, free: Integers, split: SplitParams, seed: int
) -> Iterator[Integers]:
    """The test units of each fold."""
    rows = np.flatnonzero(np.isin(units, free))
    if "group" not in split.kind:
        rows = rows[np.unique(units[rows], return_index=True)[1]]
    groups = units[rows] if "group" in split.kind else None
    strata = bin_values(find_values(samples)[rows], len(rows) // split.folds)
    for _, test in _build_splitter(split, seed).split(rows, strata, groups):
        yield np.unique(units[rows[test]])


def _build_splitter(
    split: SplitParams, seed: int
) -> KFold | StratifiedKFold | GroupKFold | StratifiedGroupKFold | LeaveOneOut | LeaveOneGroupOut:
    match split.kind:
        case "k_fold":
            return KFold(split.folds, shuffle=True, random_state=seed)
        case "stratified_k_fold":
            return StratifiedKFold(split.folds, shuffle=True, random_state=seed)
        case "stratified_group_k_fold":
            return StratifiedGroupKFold(split.folds, shuffle=True, random_state=seed)
        case "leave_one_out":
            return LeaveOneOut()
        case "leave_one_group_out":
            return LeaveOneGroupOut()
        case _:
            return GroupKFold(split.folds, shuffle=True, random_state=seed)


def _check_groups_are_whole(samples: pd.DataFrame, split: SplitParams) -> None:
    sizes = samples["group"].value_counts()
    if "group" not in split.kind and sizes.iloc[0] > 1:
        raise SplitError(
            f"{split.kind} would divide group {sizes.index[0]!r} of {sizes.iloc[0]} samples: set split.kind to"
            " group_k_fold (whole groups), or to blocked or time_series (parts of a sequence, with a gap)"
        )


def _check_number(units: int, split: SplitParams, *, has_parts: bool) -> None:
    """Refuse folds that the units do not suffice for; each fold needs one to train, one to validate, one to test."""
    noun = "independent groups" if "group" in split.kind else "different samples"
    if split.kind.startswith("leave_one") and split.folds != units:
        mend = f"set split.folds to {units}, not {split.folds}"
        if has_parts:
            mend += ", or divide the parts that samples share with split.kind: parts_k_fold"
        raise SplitError(f"{split.kind} over {units} {noun}: {mend}")
    largest_test = -(-units // split.folds)
    if split.folds > units or units - largest_test < 2:
        possible = "3" if units == 3 else f"between 2 and {units}"
        mend = f"set split.folds to {possible}" if units > 2 else "give more of them"
        if has_parts:
            mend += ", or divide the parts that samples share with split.kind: parts_k_fold"
        elif "group" in split.kind:
            mend += ", or divide inside the sequences with split.kind blocked or time_series"
        raise SplitError(
            f"{split.folds} folds over {units} {noun}, where each fold needs at least one to train, one to validate and"
            f" one to test on: {mend}"
        )
