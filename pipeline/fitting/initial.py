"""Weights of a fitted model to start another fit from."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipeline.fitting.control import FitError


def read_initial_weights(path: Path, weights: Sequence[np.ndarray], data_hash: str) -> list[np.ndarray]:
    """The weights in a fitted model's file, which must have the shapes of `weights` and come from other data.

    A model fitted on the same data has seen samples that this fit must not know. Raises FitError.
    """
    if not path.is_file():
        raise FitError(
            f"train.initial_weights {path} does not exist: name a fitted model's file, such as models/unet/0.npz"
        )
    with np.load(path) as archive:
        names = sorted(name for name in archive.files if name.startswith("weight_"))
        found = [archive[name] for name in names]
        source = json.loads(str(archive["settings"]))["dataset"]["data_hash"]
    if data_hash and source == data_hash:
        raise FitError(
            f"train.initial_weights {path} was fitted on this very data set, so that it knows samples which a fold tests: "
            "take a model of other data, or null"
        )
    asked, given = ([weight.shape for weight in some] for some in (weights, found))
    if asked != given:
        raise FitError(f"train.initial_weights {path} does not fit this network: {_difference(asked, given)}")
    return found


def _difference(asked: list[tuple[int, ...]], given: list[tuple[int, ...]]) -> str:
    for number, (of_network, of_file) in enumerate(zip(asked, given, strict=False)):
        if of_network != of_file:
            return f"weight {number} has shape {of_file} there and {of_network} here: use the same model entry and channels"
    return f"it has {len(given)} weights, the network {len(asked)}: use the same model entry"
