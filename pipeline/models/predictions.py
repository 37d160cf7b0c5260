"""Predictions of another tool in place of a model's: nothing is fitted, and each sample's are read from its file."""

from collections.abc import Iterator, Mapping

import numpy as np

from pipeline.datasets.arrays import Arrays
from pipeline.fitting.control import FitControl, FitError, FitResult
from pipeline.imported import Found, ImportFault, open_predictions
from pipeline.params import AugmentParams, PredictionsParams, PredictParams, TrainParams
from pipeline.provenance import hash_of_files
from pipeline.tasks import Head, Prediction

DIGITS = 12


class Model:
    """A folder of files behind the protocol of models; `recall` takes the place of `predict`, which it cannot do."""

    clip = 1

    def __init__(
        self, entry: PredictionsParams, channels: int, heads: tuple[Head, ...], seed: int, predict: PredictParams
    ) -> None:
        ((self.head, self.channels),) = ((head.name, head.channels) for head in heads)
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
        listing = self._open(arrays).listing
        digest = hash_of_files(listing.paths_of(listing.sample_ids))[:DIGITS]
        told = f"{len(listing.sample_ids)} samples predicted elsewhere, in {listing.folder} (sha256 {digest})"
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
        found, sample_ids = self._open(arrays), list(arrays.index["sample_id"].iloc[positions])
        if faults := found.listing.find_faults(sample_ids):
            raise ImportFault("\n".join(faults))
        for sample_id in sample_ids:
            yield {self.head: found.read(sample_id)}

    def known(self, arrays: Arrays, positions: np.ndarray) -> np.ndarray:
        """Those of the positions that have a file: a tool that was fitted for one fold may have predicted its test samples alone."""
        listing = self._open(arrays).listing
        is_known = [listing.holds(sample_id) for sample_id in arrays.index["sample_id"].iloc[positions]]
        return np.asarray(positions)[np.array(is_known, bool)]

    def state(self) -> dict[str, np.ndarray]:
        """The fold, which tells the folder."""
        return {"fold": np.array(self.fold)}

    def set_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Take over the fold."""
        self.fold = str(state["fold"])

    def _open(self, arrays: Arrays) -> Found:
        return open_predictions(self.entry, self.head, self.channels, self.fold, arrays)


def describe_trust(entry: PredictionsParams) -> str:
    """What is known of the samples that the other tool had learnt from, in one sentence."""
    if entry.is_by_fold:
        return "predicted fold by fold: out of fold if the other tool was fitted on the training samples of splits.csv"
    return "one folder for all folds: which samples the other tool had learnt from is not known, and its scores may flatter it"
