"""What a fit cannot be asked for, told before its first step."""

import pandas as pd

from pipeline.fitting.control import FitError
from pipeline.params import AugmentParams, TrainParams


def check_fit(index: pd.DataFrame, clip: int, outputs: int, train: TrainParams, augment: AugmentParams) -> None:
    """Raise FitError with every fault; `index` has the training samples, `clip` and `outputs` are the network's."""
    faults = [*_faults_of_loss(outputs, train), *_faults_of_sizes(index, clip, train)]
    height, width = train.patch or index[["height", "width"]].iloc[0]
    if augment.quarter_turns and height != width:
        faults.append(
            f"augment.quarter_turns needs square patches, these are {height}x{width}: set train.patch to a square, "
            "such as [128, 128], or augment.quarter_turns to false"
        )
    if faults:
        raise FitError("\n".join(faults))


def _faults_of_loss(outputs: int, train: TrainParams) -> list[str]:
    if outputs == 1 or "binary_cross_entropy" not in train.loss:
        return []
    return [
        f"train.loss binary_cross_entropy is for masks of 2 classes, these have {outputs}: "
        "name cross_entropy instead, such as {dice: 1, cross_entropy: 1}"
    ]


def _faults_of_sizes(index: pd.DataFrame, clip: int, train: TrainParams) -> list[str]:
    faults = []
    sizes = sorted(index[["height", "width"]].drop_duplicates().itertuples(index=False, name=None))
    if train.patch is None and len(sizes) > 1:
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
