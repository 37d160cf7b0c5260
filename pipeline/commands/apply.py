"""Masks, depths or classes for the images of a folder, by a registered model."""

import logging
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from pipeline.backend import open_backend
from pipeline.datasets.faults import DataError, Fault
from pipeline.datasets.predicted import CLASSES, DEPTHS, MAPS, write_predicted
from pipeline.datasets.raw.contents import read_sample
from pipeline.datasets.raw.pairing import pair_files
from pipeline.datasets.raw.roles import list_roles
from pipeline.ensemble import Ensemble
from pipeline.packing import SETTINGS, has_network, load_packed
from pipeline.params import TrackingParams
from pipeline.tasks import Prediction
from pipeline.tracking.registry import download_model

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Image:
    """One image: its files relative to the folder, one a channel folder."""

    name: str
    sequence: str
    files: tuple[str, ...]


def apply(images: Path, out: Path, /, *, model: str, uri: str | None = None, force: bool = False) -> None:
    """Write what a model tells of every image of a folder into another: a mask (8-bit PNG) and all probabilities
    (predictions_maps.npy), depths in metres (depth/*.tiff), or classes (predictions.csv).

    Subfolders are sequences; where the model learnt from several image folders, the folder holds folders of the same names. `model` is
    in the registry (models:/NAME@champion) or a folder of a packed model, `uri` the tracking URI if not MLFLOW_TRACKING_URI or
    mlflow.db here; `force` replaces the masks and maps of a folder that is not empty.
    """
    _check_out(images, out, force)
    folder = _find_model(model, TrackingParams(uri=uri))
    with open_backend(has_network(list(folder.glob("*.npz"))), len(os.sched_getaffinity(0)), "float32", 0):
        ensemble = load_packed(folder)
        found = _find_images(images, ensemble)
        sizes = _check_images(images, found, ensemble)
        _clear(out)
        names = [image.name for image in found]
        predictions = _predict(images, found, ensemble)
        write_predicted(
            out, names, sizes, predictions, ensemble.to_file, ensemble.choose_set, ensemble.dataset.label_names
        )
    logger.info("%d images predicted in %s", len(found), out)


def _check_out(images: Path, out: Path, force: bool) -> None:
    source, target = images.resolve(), out.resolve()
    if source.is_relative_to(target) or target.is_relative_to(source):
        raise DataError(
            f"{out} and {images} lie in each other: choose a folder for the masks that is apart from the images"
        )
    if out.is_dir() and any(out.iterdir()) and not force:
        raise DataError(f"{out} is not empty: choose another folder, or add --force to replace its masks and maps")


def _clear(out: Path) -> None:
    """An empty folder, but for what is no prediction."""
    out.mkdir(parents=True, exist_ok=True)
    for name in (MAPS, DEPTHS):
        shutil.rmtree(out / name, ignore_errors=True)
    for path in [*out.rglob("*.png"), out / f"{MAPS}.npy", out / CLASSES]:
        path.unlink(missing_ok=True)


def _find_model(model: str, tracking: TrackingParams) -> Path:
    if model.startswith(("models:/", "runs:/")):
        return download_model(model, tracking)
    for folder in (Path(model), Path(model) / "artifacts" / "ensemble"):
        if (folder / SETTINGS).is_file():
            return folder
    raise DataError(f"model '{model}' is no folder with {SETTINGS}: give models:/NAME@champion, or such a folder")


def _find_images(images: Path, ensemble: Ensemble) -> list[Image]:
    """Images in natural order, their files over all channels; raises DataError with all faults."""
    data = ensemble.data.model_copy(update={"masks": None, "depth": None, "labels": None})
    if len(data.channels) == 1 and not (images / data.channels[0]).is_dir():
        data = data.model_copy(update={"channels": (".",)})
    faults: list[Fault] = []
    pairs = list(pair_files(images, list_roles(images, images, True, data, faults), faults))
    if faults:
        raise DataError(*faults)
    return [Image("/".join(part for part in key if part), key[0], tuple(files)) for key, files in pairs]


def _check_images(images: Path, found: Sequence[Image], ensemble: Ensemble) -> list[tuple[int, int]]:
    """Height and width of every image; raises DataError with all faults before anything is written."""
    sizes: list[tuple[int, int]] = []
    faults: list[Fault] = []
    for image in tqdm(found, desc="check", unit="image", disable=None):
        try:
            pixels = read_sample(images, image.files, "", "", ensemble.data).image
        except DataError as fault:
            faults += fault.faults
            continue
        sizes.append((pixels.shape[0], pixels.shape[1]))
        if unlike := ensemble.find_fault(pixels):
            faults.append(Fault("image_unlike", f"image '{images / image.files[0]}' {unlike}", image.files[0]))
    if faults:
        raise DataError(*faults)
    return sizes


def _predict(images: Path, found: Sequence[Image], ensemble: Ensemble) -> Iterator[Prediction]:
    """The prediction of each image; one that is in no sequence stands alone."""
    bar = tqdm(found, desc="apply", unit="image", disable=None)
    for _, frames in groupby(bar, key=lambda image: image.sequence or (ensemble.data.ordered or image.name)):
        yield from ensemble.predict_frames(_read_frames(images, frames, ensemble))


def _read_frames(images: Path, frames: Iterable[Image], ensemble: Ensemble) -> Iterator[np.ndarray[Any, np.dtype[Any]]]:
    return (read_sample(images, frame.files, "", "", ensemble.data).image for frame in frames)
