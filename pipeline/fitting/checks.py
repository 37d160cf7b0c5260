"""What a fit cannot be asked for, told before its first step."""

import pandas as pd

from pipeline.fitting.control import FitError
from pipeline.losses import find_faults
from pipeline.params import AugmentParams, TrainParams
from pipeline.tasks import Head


def check_fit(
    index: pd.DataFrame,
    clip: int,
    heads: tuple[Head, ...],
    size: tuple[int, int] | None,
    train: TrainParams,
    augment: AugmentParams,
) -> None:
    """Raise FitError with every fault; `index` has the training samples, `clip`, `heads` and the fixed `size` are the network's."""
    faults = [*_faults_of_loss(heads, train), *_faults_of_sizes(index, clip, size, train)]
    height, width = size or train.size or train.patch or index[["height", "width"]].iloc[0]
    if augment.quarter_turns and height != width:
        faults.append(
            f"augment.quarter_turns needs square patches, these are {height}x{width}: set train.patch to a square, "
            "such as [128, 128], or augment.quarter_turns to false"
        )
    if faults:
        raise FitError("\n".join(faults))


def _faults_of_loss(heads: tuple[Head, ...], train: TrainParams) -> list[str]:
    faults = list(dict.fromkeys(fault for fit in train.fits for fault in find_faults(heads, fit.loss)))
    unlearnt = [head.name for head in heads if not any(getattr(fit.loss, head.name) for fit in train.fits)]
    if faults or not unlearnt:
        return faults
    name = unlearnt[0]
    return [f"train.loss has none for {name}: name one there, or leave {name} out of the model's heads"]


def _faults_of_sizes(index: pd.DataFrame, clip: int, size: tuple[int, int] | None, train: TrainParams) -> list[str]:
    faults = []
    sizes = sorted(index[["height", "width"]].drop_duplicates().itertuples(index=False, name=None))
    if train.patch is None and size is None and len(sizes) > 1:
        (low, lowest), (high, highest) = sizes[0], sizes[-1]
        faults.append(
            f"the images have {len(sizes)} sizes, from {low}x{lowest} to {high}x{highest}: set train.patch to what the "
            "network shall see, such as [128, 128], or data.resize"
        )
    if clip == 1:
        return faults
    several = index[index["sequence"] != ""].groupby("sequence")[["height", "width"]].nunique().max(axis=1) > 1
    if several.any():
        faults.append(
            f"the frames of sequence {several.idxmax()} differ in size, so that they make no clip of {clip}: "
            "set data.resize, or clip to 1"
        )
    return faults
