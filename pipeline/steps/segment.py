"""Masks for the unlabelled samples."""

import logging
from pathlib import Path

import numpy as np
from tqdm import tqdm

from pipeline.backend import open_backend
from pipeline.datasets.arrays import open_arrays
from pipeline.datasets.clips import clip_positions
from pipeline.datasets.resizing import resize_mask
from pipeline.datasets.segmented import write_segmented
from pipeline.ensemble import has_network, load_models
from pipeline.params import PredictParams, TrainParams
from pipeline.provenance import read_record

logger = logging.getLogger(__name__)


def segment(
    index: Path,
    models: list[Path],
    registered: Path,
    unlabelled: Path,
    *,
    predict: PredictParams,
    train: TrainParams,
    seed: int,
) -> None:
    """Segment every sample without a mask by the models that are registered, at the size of its file.

    `index` lies beside the prepared arrays; `unlabelled` is a folder, empty where every sample has a mask.
    """
    about, arrays = read_record(registered), open_arrays(index.parent)
    chosen = [path for path in models if path.as_posix() in about["files"]]
    rows = arrays.index[arrays.index["mask_offset"] < 0]
    unlabelled.mkdir(parents=True, exist_ok=True)
    if rows.empty:
        return
    with open_backend(has_network(chosen), train.threads, "float32", seed):
        ensemble = load_models(chosen, about["threshold"], predict)
        clips = clip_positions(arrays.index, np.arange(len(arrays)), ensemble.clip)[rows.index]
        sizes = list(zip(rows["original_height"], rows["original_width"], strict=True))
        maps = (
            resize_mask(ensemble.predict(np.stack([arrays.image(frame) for frame in clip])), *size)
            for clip, size in zip(tqdm(clips, desc="segment", unit="image", disable=None), sizes, strict=True)
        )
        write_segmented(unlabelled, list(rows["sample_id"]), sizes, maps, ensemble.to_file)
    logger.info("%d unlabelled samples segmented in %s", len(rows), unlabelled)
