"""What a fitted network makes of a batch of training tiles with batch normalisation in both of its modes."""

from collections.abc import Callable

import numpy as np

from pipeline.batches import ValidationBatches
from pipeline.datasets.arrays import Arrays
from pipeline.datasets.clips import clip_positions
from pipeline.datasets.diagnosed import Diagnosed
from pipeline.fitting.diagnosing import choose_tiles, use_batch_statistics
from pipeline.fitting.network import NetworkModel
from pipeline.fitting.stages import view_of_stage
from pipeline.fitting.trainer import to_network_input
from pipeline.params import NetworkParams, TrainParams

Forward = Callable[[np.ndarray], dict[str, np.ndarray]]


def compare_modes(
    model: NetworkModel[NetworkParams], fold: str, arrays: Arrays, train: np.ndarray, params: TrainParams
) -> Diagnosed:
    """Predictions of one batch of un-augmented tiles of the samples at positions `train`, as the last stage of the fit saw them.

    Without any tile where the network has no batch normalisation that learns.
    """
    network = use_batch_statistics(model.network)
    if network is None:
        return Diagnosed(model.entry.name, fold)
    stage = params.fits[-1]
    clips = clip_positions(arrays.index, train, model.clip)
    view = view_of_stage(model.view(arrays, train[0]), stage, model.entry.stride)
    tiles = choose_tiles(ValidationBatches(arrays, clips, view, batch_size=stage.batch_size), stage.batch_size)
    (batch,) = tiles[0]
    frames = (batch["clip"] - model.statistics.mean) / model.statistics.deviation
    inputs = np.asarray(to_network_input(frames, model.network))
    moving, by_batch = (model.activate(found.predict_on_batch(inputs)) for found in (model.network, network))
    return Diagnosed(
        model=model.entry.name,
        fold=fold,
        sample_ids=tuple(arrays.index["sample_id"].iloc[clips[tiles.places[:, 0], -1]]),
        images=batch["clip"][:, -1],
        targets={name: values for name, values in batch.items() if name != "clip"},
        moving=moving,
        batch=by_batch,
    )
