"""The scheme for samples made of shared parts: every kind of part is divided, and samples that mix are left out."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import KFold

from pipeline.params import SplitParams
from pipeline.splitting.faults import SplitError
from pipeline.splitting.parts import Parts, find_parts
from pipeline.splitting.units import Integers, derive_seed, draw_units, without_copies

SUBSETS = np.array(["train", "validation", "test", "final_test", "gap"], dtype="<U10")
TRAIN, VALIDATION, TEST, FINAL, GAP = range(len(SUBSETS))


def cross_parts(samples: pd.DataFrame, split: SplitParams, seed: int) -> Iterator[NDArray[np.str_]]:
    """The subset of each sample in each fold, and last in the refit.

    Each kind of part is divided into folds, validation and final test by itself; a sample is of the subset that all its parts
    are of, and of the gap where they differ. A group of several samples counts as a part of kind "group". Raises
    SplitError where a sample has no parts or a kind of them is too few.
    """
    parts = find_parts(_with_groups(samples))
    kinds = [np.flatnonzero(parts.kinds == kind) for kind in sorted(set(parts.kinds))]
    shares = [_divide(parts.names[kind], split, derive_seed(seed, number)) for number, kind in enumerate(kinds)]
    content = pd.Series(pd.factorize(samples["content_hash"])[0])
    for fold in range(split.folds + 1):
        subset_of = np.empty(len(parts.names), dtype=np.int64)
        for kind, share in zip(kinds, shares, strict=True):
            subset_of[kind] = share[fold]
        yield _check(without_copies(_unite(parts, subset_of), content), fold, split)


def _with_groups(samples: pd.DataFrame) -> "pd.Series[str]":
    loose = samples.loc[samples["parts"] == "", "sample_id"]
    if len(loose):
        raise SplitError(
            f"parts_k_fold needs the parts of every sample, and {len(loose)} have none (the first: {loose.iloc[0]!r}):"
            " name them in column parts, or set split.kind to group_k_fold"
        )
    is_shared = samples["group"].duplicated(keep=False)
    return samples["parts"].where(~is_shared, samples["parts"] + ";group/" + samples["group"])


def _divide(names: NDArray[np.object_], split: SplitParams, seed: int) -> Integers:
    """The subset of each part of one kind in each fold and the refit, shape (folds + 1, parts)."""
    free, final = np.arange(len(names)), np.empty(0, dtype=np.int64)
    if split.final_test_fraction and len(free) > 1:
        final = draw_units(free, split.final_test_fraction, None, derive_seed(seed, 0))
        free = np.setdiff1d(free, final)
    _check_number(str(names[0]), len(free), split)
    folds = KFold(split.folds, shuffle=True, random_state=derive_seed(seed, 1))
    tests = [*(free[test] for _, test in folds.split(free)), np.empty(0, dtype=np.int64)]
    subsets = np.full((len(tests), len(names)), TRAIN)
    for fold, (row, test) in enumerate(zip(subsets, tests, strict=True)):
        rest = np.setdiff1d(free, test)
        row[draw_units(rest, split.validation_fraction, None, derive_seed(seed, 2, fold))] = VALIDATION
        row[test], row[final] = TEST, FINAL
    return subsets


def _unite(parts: Parts, subset_of: Integers) -> NDArray[np.str_]:
    """The subset of each sample from those of its parts."""
    starts = np.flatnonzero(np.diff(parts.holders, prepend=-1))
    least, most = (extreme.reduceat(subset_of[parts.held], starts) for extreme in (np.minimum, np.maximum))
    return SUBSETS[np.where(least == most, least, GAP)[parts.combination]]


def _check_number(name: str, parts: int, split: SplitParams) -> None:
    if parts >= split.folds and parts - -(-parts // split.folds) >= 2:
        return
    kind = name.partition("/")[0]
    possible = "3" if parts == 3 else f"between 2 and {parts}"
    mend = f"set split.folds to {possible}" if parts > 2 else "give more of them, or choose another split.kind"
    raise SplitError(
        f"{split.folds} folds over {parts} parts of kind {kind!r} (the first: {name!r}), where each fold needs at least one"
        f" to train, one to validate and one to test on: {mend}"
    )


def _check(subsets: NDArray[np.str_], fold: int, split: SplitParams) -> NDArray[np.str_]:
    wanted = ["train", "validation", *(["test"] if fold < split.folds else [])]
    lacking = [subset for subset in wanted if not (subsets == subset).any()]
    if lacking:
        raise SplitError(
            f"fold {fold} has no {' and no '.join(lacking)} samples: too few samples have all their parts on one side;"
            " lower split.folds, raise split.validation_fraction, or combine more of the parts"
        )
    return subsets
