"""Section: what the registered model made of the samples without their targets."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import tifffile
from PIL import Image

from pipeline.datasets.predicted import CLASSES, DEPTHS
from pipeline.figures.pictures import Picture, enlarge, join, show_contours, show_depth, shrink, to_data_uri
from pipeline.report.experiment import Experiment
from pipeline.report.views import channels_of, depth_limits

UNLABELLED, UNLABELLED_PX = 12, 224


def describe_unlabelled(experiment: Experiment) -> dict[str, Any] | None:
    """Some of these samples with the contours, depths and classes predicted; None where there are none."""
    for folder in experiment.unlabelled:
        masks = {_name_of(path, folder): path for path in sorted(folder.rglob("*.png"))}
        depths = {_name_of(path, folder / DEPTHS): path for path in sorted((folder / DEPTHS).rglob("*.tiff"))}
        classes = _read_classes(folder / CLASSES)
        ids = [name for name in experiment.sheet.arrays.index["sample_id"] if name in masks | depths | classes]
        if ids:
            shown = [ids[place] for place in np.unique(np.linspace(0, len(ids) - 1, UNLABELLED).round().astype(int))]
            tiles = [
                (name, classes.get(name, ""), _picture(experiment, name, masks.get(name), depths.get(name)))
                for name in shown
            ]
            has = {"masks": bool(masks), "depths": bool(depths), "classes": bool(classes)}
            return {"count": len(ids), "tiles": tiles, "folder": str(folder), **has}
    return None


def show_unlabelled(experiment: Experiment, sample_id: str) -> str:
    """The picture of one of these samples with what was predicted, by its name."""
    (folder,) = experiment.unlabelled
    mask, depth = folder / f"{sample_id}.png", folder / DEPTHS / f"{sample_id}.tiff"
    return _picture(experiment, sample_id, mask if mask.exists() else None, depth if depth.exists() else None)


def _name_of(path: Path, folder: Path) -> str:
    return str(path.relative_to(folder).with_suffix(""))


def _read_classes(path: Path) -> dict[str, str]:
    """The likeliest class of each image with its probability, as text."""
    if not path.exists():
        return {}
    table = pd.read_csv(path, dtype={"image": "str", "class": "str"}, keep_default_na=False)
    return {row["image"]: f"{row['class']} {row['confidence']:.2f}" for row in table.to_dict("records")}


def _picture(experiment: Experiment, sample_id: str, mask: Path | None, depth: Path | None) -> str:
    """The image, with the mask's contour where there is one, and the depth beside it."""
    (place,) = experiment.sheet.arrays.positions([sample_id])
    image = enlarge(shrink(channels_of(experiment.sheet, int(place))[0], UNLABELLED_PX), UNLABELLED_PX // 2)
    pictures: list[Picture] = [image if mask is None else show_contours(image, None, _read_mask(mask), UNLABELLED_PX)]
    if depth is not None:
        shown = shrink(show_depth(tifffile.imread(depth), depth_limits(experiment.sheet)), UNLABELLED_PX)
        pictures.append(enlarge(shown, UNLABELLED_PX // 2))
    return to_data_uri(join(pictures))


def _read_mask(path: Path) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Class numbers in the order of the file's values."""
    with Image.open(path) as file:
        mask = np.asarray(file)
    _, classes = np.unique(mask, return_inverse=True)
    return classes.reshape(mask.shape).astype(np.uint8)
