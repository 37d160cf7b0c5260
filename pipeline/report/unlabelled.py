"""Section: what the registered model made of the unlabelled samples."""

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from pipeline.figures.pictures import show_contours, shrink, to_data_uri
from pipeline.report.experiment import Experiment
from pipeline.report.views import channels_of

UNLABELLED, UNLABELLED_PX = 12, 224


def describe_unlabelled(experiment: Experiment) -> dict[str, Any] | None:
    """Some unlabelled samples with the contours predicted; None where there are none."""
    masks = {
        str(path.relative_to(folder).with_suffix("")): path
        for folder in experiment.unlabelled
        for path in sorted(folder.rglob("*.png"))
    }
    ids = [sample_id for sample_id in experiment.sheet.arrays.index["sample_id"] if sample_id in masks]
    if not ids:
        return None
    shown = [ids[place] for place in np.unique(np.linspace(0, len(ids) - 1, UNLABELLED).round().astype(int))]
    tiles = [(sample_id, _outline_prediction(experiment, sample_id, masks[sample_id])) for sample_id in shown]
    return {"count": len(ids), "tiles": tiles, "folder": str(experiment.unlabelled[0])}


def _outline_prediction(experiment: Experiment, sample_id: str, path: Path) -> str:
    (place,) = experiment.sheet.arrays.positions([sample_id])
    with Image.open(path) as file:
        mask = np.asarray(file)
    _, labels = np.unique(mask, return_inverse=True)
    picture = shrink(channels_of(experiment.sheet, int(place))[0], UNLABELLED_PX)
    return to_data_uri(show_contours(picture, None, labels.reshape(mask.shape).astype(np.uint8)))
