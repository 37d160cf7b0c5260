"""Clips: the frames that a model sees to segment one of them, never across a sequence or a subset."""

import numpy as np
import pandas as pd


def clip_positions(index: pd.DataFrame, positions: np.ndarray, frames: int) -> np.ndarray:
    """Positions (sample, frames) of each sample and the frames before it, in order of time.

    A frame that is missing, in another sequence or not among `positions` is replaced by the one after it,
    so that every sample has a whole clip.
    """
    chosen = index.iloc[positions]
    at = {
        (sequence, int(time)): int(position)
        for sequence, time, position in zip(chosen["sequence"], chosen["time"], positions, strict=True)
        if sequence
    }
    clips = np.empty((len(positions), frames), dtype=np.int64)
    clips[:, -1] = positions
    for back in range(1, frames):
        later = clips[:, -back]
        for row, (sequence, time) in enumerate(zip(chosen["sequence"], chosen["time"], strict=True)):
            is_whole = back == 1 or clips[row, -back] != clips[row, -back + 1]
            clips[row, -back - 1] = at.get((sequence, int(time) - back), later[row]) if is_whole else later[row]
    return clips
