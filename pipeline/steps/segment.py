"""Predictions for the unlabelled samples."""

import logging
from pathlib import Path

import numpy as np
from tqdm import tqdm

from pipeline.backend import open_backend
from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.clips import clip_positions
from pipeline.datasets.predicted import write_predicted
from pipeline.datasets.scores import SAMPLE_COLUMNS, write_scores
from pipeline.ensemble import Polled, resize_maps
from pipeline.packing import has_network, load_models
from pipeline.params import PredictParams, TrainParams
from pipeline.provenance import read_record
from pipeline.uncertainty import DISAGREEMENT_COLUMNS

logger = logging.getLogger(__name__)


def segment(
    index: Path,
    models: list[Path],
    registered: Path,
    unlabelled: Path,
    uncertainty: Path,
    *,
    predict: PredictParams,
    train: TrainParams,
    seed: int,
) -> None:
    """Predict every sample without its targets by the models that are registered, at the size of its file.

    `index` lies beside the prepared arrays; `unlabelled` is a folder, empty where every sample is labelled; `uncertainty` is a table of
    how uncertain each prediction is and how far the models disagree.
    """
    about, arrays = read_record(registered), open_arrays(index.parent)
    chosen = [path for path in models if path.as_posix() in about["files"]]
    rows = arrays.index[~arrays.is_labelled]
    unlabelled.mkdir(parents=True, exist_ok=True)
    samples = rows[SAMPLE_COLUMNS].reset_index(drop=True)
    if rows.empty:
        write_scores(uncertainty, samples.reindex(columns=[*SAMPLE_COLUMNS, *DISAGREEMENT_COLUMNS]))
        return
    with open_backend(has_network(chosen), train.threads, "float32", seed):
        decided = {name: about[name] for name in ("threshold", "quantile", "temperatures")}
        ensemble = load_models(chosen, predict=predict, **decided)
        polled = Polled(ensemble)
        clips = clip_positions(arrays.index, np.arange(len(arrays)), ensemble.clip)[rows.index]
        sizes = list(zip(rows["original_height"], rows["original_width"], strict=True))
        predictions = (
            resize_maps(polled.predict(np.stack([arrays.image(frame) for frame in clip])), *size)
            for clip, size in zip(tqdm(clips, desc="predict", unit="image", disable=None), sizes, strict=True)
        )
        names = list(rows["sample_id"])
        write_predicted(
            unlabelled, names, sizes, predictions, ensemble.to_file, ensemble.choose_set, ensemble.dataset.label_names
        )
    write_scores(uncertainty, polled.tabulate(samples))
    logger.info("%d unlabelled samples predicted in %s", len(rows), unlabelled)
