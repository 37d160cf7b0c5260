"""Predictions of another tool in place of a model's: nothing is fitted, and each sample's are read from its file."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from pipeline.datasets.arrays import Arrays
from pipeline.fitting.control import FitControl, FitError, FitResult
from pipeline.imported import Expected, ImportFault, Listing, list_files, read_prediction
from pipeline.params import AugmentParams, PredictionsParams, PredictParams, TrainParams
from pipeline.provenance import hash_of_files
from pipeline.tasks import Head, Prediction

SIZES = (("height", "width"), ("original_height", "original_width"))
DIGITS = 12


class Model:
    """A folder of files behind the protocol of models; `recall` takes the place of `predict`, which it cannot do."""

    clip = 1

    def __init__(
        self, entry: PredictionsParams, channels: int, heads: tuple[Head, ...], seed: int, predict: PredictParams
    ) -> None:
        (self.head,) = heads
        self.entry, self.fold = entry, ""

    def fit(
        self,
        arrays: Arrays,
        train: np.ndarray,
        validation: np.ndarray,
        params: TrainParams,
        augment: AugmentParams,
        control: FitControl,
    ) -> FitResult:
        """Look at which files there are for the fold; their notes say what they were, and what cannot be known of them."""
        self.fold = control.fold
        listing = self._list(arrays)
        digest = hash_of_files([path for paths in listing.files.values() for path in paths])[:DIGITS]
        told = f"{len(listing.files)} samples predicted elsewhere, in {listing.folder} (sha256 {digest})"
        return FitResult(
            history=[],
            best_epoch=0,
            samples_seen=0,
            batch_size=1,
            stopped="imported",
            notes=(told, describe_trust(self.entry)),
        )

    def predict(self, clip: np.ndarray) -> Prediction:
        """Raises FitError: another tool would have to."""
        raise FitError(
            f"{self.entry.name} holds predictions that another tool made, and cannot predict new images: use that tool, or"
            " a model that was fitted here"
        )

    def recall(self, arrays: Arrays, positions: np.ndarray) -> Iterator[Prediction]:
        """The predictions of samples, one at a time; raises ImportFault with all samples that have none."""
        listing = self._list(arrays)
        samples = arrays.index.iloc[positions]
        if faults := listing.find_faults(list(samples["sample_id"])):
            raise ImportFault("\n".join(faults))
        for row in samples.to_dict("records"):
            expected = Expected(max(self.head.channels, 2), sizes_of(row))
            yield {self.head.name: read_prediction(listing.path(row["sample_id"]), self.entry, expected)}

    def known(self, arrays: Arrays, positions: np.ndarray) -> np.ndarray:
        """Those of the positions that have a file: a tool that was fitted for one fold may have predicted its test samples alone."""
        listing = self._list(arrays)
        is_known = [listing.holds(sample_id) for sample_id in arrays.index["sample_id"].iloc[positions]]
        return np.asarray(positions)[np.array(is_known, bool)]

    def state(self) -> dict[str, np.ndarray]:
        """The fold, which tells the folder."""
        return {"fold": np.array(self.fold)}

    def set_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Take over the fold."""
        self.fold = str(state["fold"])

    def _list(self, arrays: Arrays) -> Listing:
        return list_files(self.entry, self.fold, arrays.index["sample_id"])


def sizes_of(row: Mapping[Any, Any]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Prepared and original height and width of a row of the arrays' index."""
    prepared, original = ((int(row[height]), int(row[width])) for height, width in SIZES)
    return prepared, original


def describe_trust(entry: PredictionsParams) -> str:
    """What is known of the samples that the other tool had learnt from, in one sentence."""
    if entry.is_by_fold:
        return "predicted fold by fold: out of fold if the other tool was fitted on the training samples of splits.csv"
    return "one folder for all folds: which samples the other tool had learnt from is not known, and its scores may flatter it"
