"""Further folds out of one of the split's: nested parts of its training subset, or the same again for another seed."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.params import ExtraFold, SplitParams
from pipeline.splitting.units import Integers, derive_seed, find_units


def derive_fold(
    samples: pd.DataFrame, splits: pd.DataFrame, extra: ExtraFold, split: SplitParams, seed: int
) -> pd.DataFrame:
    """Rows of the splits table for an extra fold of the manifest's samples; raises ValueError where its base is not there.

    Validation and test are the base fold's. Training samples beyond the share are put into the gap: whole units in an order
    drawn once a base fold, so that smaller shares are nested in larger ones; of sequences that are cut along their time, the
    newest frames of each stay, so that clips stay whole. At least one unit, or frame, stays.
    """
    rows = splits[splits["fold"] == extra.base].reset_index(drop=True)
    if rows.empty:
        raise ValueError(f"the splits have no fold {extra.base}: known are {', '.join(splits['fold'].unique())}")
    is_training = (rows["subset"] == "train").to_numpy()
    training = samples.set_index("sample_id").loc[rows["sample_id"][is_training]].reset_index()
    cut = split.divides_sequences
    kept = _newest(training, extra.share) if cut else _units(training, extra, derive_seed(seed, 3, int(extra.base)))
    subsets = rows["subset"].to_numpy(dtype=object)
    subsets[np.flatnonzero(is_training)[~kept]] = "gap"
    return rows.assign(fold=extra.name, subset=subsets)


def _units(training: pd.DataFrame, extra: ExtraFold, seed: int) -> NDArray[np.bool_]:
    """Which training samples belong to the first units, in a drawn order."""
    units = find_units(training)
    order = np.random.default_rng(seed).permutation(units.max() + 1)
    return np.isin(units, order[: _count(extra.share, len(order))])


def _newest(training: pd.DataFrame, share: float) -> NDArray[np.bool_]:
    """Which frames are the last of their sequence's training frames."""
    frames = training.groupby("sequence")["time"]
    age: Integers = frames.rank(method="dense", ascending=False).to_numpy().astype(np.int64)
    counts = frames.transform("nunique").to_numpy()
    return age <= np.array([_count(share, count) for count in counts])


def _count(share: float, whole: int) -> int:
    """A share of a number, at least 1: an eighth of 20 is 2, as 2.5 is rounded to even."""
    return max(1, round(share * whole))
