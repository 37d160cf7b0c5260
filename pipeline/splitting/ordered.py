"""Schemes that cut each sequence along its time: time_series and blocked."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import KFold, TimeSeriesSplit

from pipeline.params import SplitParams
from pipeline.splitting.faults import SplitError
from pipeline.splitting.parts import find_shared
from pipeline.splitting.units import Integers, derive_seed, without_copies

Subsets = NDArray[np.str_]


def cut_sequences(samples: pd.DataFrame, split: SplitParams, seed: int) -> Iterator[Subsets]:
    """The subset of each sample in each fold, united over sequences, and last in the refit.

    Raises SplitError where a sample has no sequence or a sequence is too short.
    """
    loose = samples.loc[samples["sequence"] == "", "sample_id"]
    if len(loose):
        raise SplitError(
            f"{split.kind} needs sequences, and {len(loose)} samples have none (the first: {loose.iloc[0]!r}):"
            " choose k_fold for images without an order, set data.ordered to true where the files have one, or give one"
            " subfolder a sequence"
        )
    spread = samples.groupby("group")["sequence"].nunique()
    if (spread > 1).any():
        raise SplitError(
            f"{split.kind} divides each sequence by itself, and group {spread.index[spread > 1][0]!r} has several:"
            " choose group_k_fold, or give each sequence a group of its own"
        )
    shared = find_shared(samples["parts"])
    if len(shared):
        raise SplitError(
            f"{split.kind} would divide part {shared[0]!r}, which several samples have: choose group_k_fold or parts_k_fold"
        )
    folds = np.full((split.folds + 1, len(samples)), "gap", dtype="<U10")
    for number, (name, rows) in enumerate(samples.groupby("sequence", sort=True).indices.items()):
        _, moments = np.unique(samples["time"].to_numpy()[rows], return_inverse=True)
        parts = _cut(str(name), int(moments.max()) + 1, split, derive_seed(seed, number))
        folds[:, rows] = parts[:, moments]
    for subsets in folds:
        yield without_copies(subsets, samples["content_hash"])


def _cut(name: str, frames: int, split: SplitParams, seed: int) -> Subsets:
    """The subset of each frame of one sequence in each fold and the refit, shape (folds + 1, frames); unset is gap."""
    final = max(1, round(split.final_test_fraction * frames)) if split.final_test_fraction else 0
    free = frames - final - (split.gap if final else 0)
    least = split.folds + 2 * split.gap + 2 if split.kind == "time_series" else max(split.folds, split.gap + 2)
    if free < least:
        raise _too_short(name, frames, split)
    parts = np.full((split.folds + 1, frames), "gap", dtype="<U10")
    parts[:, frames - final :] = "final_test"
    if split.kind == "time_series":
        _fill_time_series(parts[:, :free], split)
    else:
        _fill_blocked(parts[:, :free], split, np.random.default_rng(seed))
    if any((part == subset).sum() == 0 for part in parts for subset in ("train", "validation")):
        raise _too_short(name, frames, split)
    return parts


def _fill_time_series(parts: Subsets, split: SplitParams) -> None:
    """Mark train < gap < validation < gap < test; the first fold trains on about as many frames as it tests."""
    frames = parts.shape[1]
    share = 1 - split.validation_fraction
    test_size = max(1, int((frames - 2 * split.gap) * share / (1 + split.folds * share)))
    first = frames - split.folds * test_size - split.gap
    window = first if split.window == "sliding" else None
    splitter = TimeSeriesSplit(split.folds, max_train_size=window, test_size=test_size, gap=split.gap)
    pasts = []
    for part, (past, test) in zip(parts, splitter.split(np.arange(frames)), strict=False):
        part[test] = "test"
        pasts.append(past)
    for part, past in zip(parts, [*pasts, np.arange(frames)[-window if window else 0 :]], strict=True):
        validation = max(1, round(split.validation_fraction * (len(past) - split.gap)))
        part[past[-validation:]] = "validation"
        part[past[: max(0, len(past) - validation - split.gap)]] = "train"


def _fill_blocked(parts: Subsets, split: SplitParams, generator: np.random.Generator) -> None:
    """Mark a contiguous test block a fold, and a contiguous validation block in the rest, with gaps on both sides."""
    frames = np.arange(parts.shape[1])
    tests = [test for _, test in KFold(split.folds).split(frames)]
    for part, test in zip(parts, [*tests, np.empty(0, dtype=np.int64)], strict=True):
        part[test] = "test"
        free = np.setdiff1d(frames, _widen(test, split.gap))
        validation = _draw_block(free, max(1, round(split.validation_fraction * len(free))), split.gap, generator)
        part[np.setdiff1d(free, _widen(validation, split.gap))] = "train"
        part[validation] = "validation"


def _draw_block(free: Integers, length: int, gap: int, generator: np.random.Generator) -> Integers:
    """Contiguous frames out of the free ones that cost the fewest training frames, drawn among equals."""
    if not len(free):
        return free
    stretches = np.split(free, np.flatnonzero(np.diff(free) > 1) + 1)
    length = min(length, max(len(stretch) for stretch in stretches))
    starts = np.concatenate([stretch[: max(0, len(stretch) - length + 1)] for stretch in stretches])
    before = np.concatenate([np.arange(max(0, len(stretch) - length + 1)) for stretch in stretches])
    after = np.concatenate([np.arange(max(0, len(stretch) - length + 1))[::-1] for stretch in stretches])
    lost = np.minimum(before, gap) + np.minimum(after, gap)
    start = generator.choice(starts[lost == lost.min()])
    return np.arange(start, start + length)


def _widen(block: Integers, gap: int) -> Integers:
    """A block of frames and the gap on both its sides."""
    return np.arange(block[0] - gap, block[-1] + gap + 1) if len(block) else block


def _too_short(name: str, frames: int, split: SplitParams) -> SplitError:
    final = f" and a final test of {split.final_test_fraction:g}" if split.final_test_fraction else ""
    return SplitError(
        f"sequence {name!r} has {frames} labelled frames, too few for {split.folds} {split.kind} folds with gaps of"
        f" {split.gap}{final}: lower split.folds or split.gap, or set split.kind to group_k_fold"
    )
