"""What the best model makes of training tiles with batch normalisation in both of its modes."""

import logging
from pathlib import Path

from pipeline.backend import open_backend, withhold_gpus
from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.diagnosed import Diagnosed, write_diagnosed
from pipeline.datasets.splits import read_splits, subset_ids
from pipeline.models import load_model
from pipeline.packing import choose_files, has_network
from pipeline.params import TrainParams
from pipeline.provenance import read_record

logger = logging.getLogger(__name__)


def diagnose(
    index: Path, splits: Path, metrics: Path, models: list[Path], diagnosed: Path, *, train: TrainParams, seed: int
) -> None:
    """Predict a batch of training tiles of the winner's first fold in both modes.

    `models` are files MODEL/FOLD.npz; the file says little more than the winner's name where that has only one mode.
    """
    winner = str(read_record(metrics)["winner"])
    path = choose_files(models, winner, "ensemble")[0]
    nothing = Diagnosed(winner, path.stem)
    if not has_network([path]):
        write_diagnosed(diagnosed, nothing)
        return
    arrays = open_arrays(index.parent)
    positions = arrays.positions(subset_ids(read_splits(splits), path.stem, "train"))

    withhold_gpus()
    with open_backend(True, train.threads, "float32", seed):
        # here, because it imports Keras, which takes seconds that a baseline should not cost
        from pipeline.fitting.modes import compare_modes
        from pipeline.fitting.network import NetworkModel

        model, _, _ = load_model(path)
        # a network may also only give the features of another classifier
        found = (
            compare_modes(model, path.stem, arrays, positions, train) if isinstance(model, NetworkModel) else nothing
        )
    write_diagnosed(diagnosed, found)
    logger.info("%s: %d tiles of %s, fold %s", diagnosed, len(found.sample_ids), winner, path.stem)
