"""Clips: the frames that a model sees to segment one of them, never across a sequence or a subset."""

import numpy as np
import pandas as pd


def clip_positions(index: pd.DataFrame, positions: np.ndarray, frames: int) -> np.ndarray:
    """Positions (sample, frames) of each sample and the frames before it, in order of time.

    A frame that is missing, in another sequence or not among `positions` is replaced by the one after it,
    so that every sample has a whole clip.
    """
    rows = np.empty((len(positions), frames), dtype=np.int64)
    rows[:, -1] = np.arange(len(positions))
    if frames > 1 and len(positions):
        before = _rows_before(index.iloc[positions])
        for back in range(1, frames):
            rows[:, -back - 1] = before[rows[:, -back]]
    return np.asarray(positions, dtype=np.int64)[rows]


def _rows_before(frames: pd.DataFrame) -> np.ndarray:
    """Row (frame,) of the frame before each in its sequence, or its own where that is missing."""
    sequences, names = pd.factorize(frames["sequence"])
    times = frames["time"].to_numpy(np.int64)
    keys = sequences * (np.ptp(times) + 2) + times - times.min()  # two sequences never touch
    order = np.argsort(keys, kind="stable")
    found = np.searchsorted(keys[order], keys - 1, side="right") - 1
    is_there = (found >= 0) & (keys[order[found]] == keys - 1) & (names[sequences] != "")
    return np.where(is_there, order[found], np.arange(len(keys)))
