"""Sections: the best, median and worst samples of every fold, and the predictions of unlabelled samples."""

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from pipeline.datasets.arrays import IGNORED
from pipeline.datasets.predictions import Predictions, read_predictions
from pipeline.figures.pictures import Picture, show_contours, show_mask, show_probability, shrink, to_data_uri
from pipeline.metrics import METRICS
from pipeline.report.citation import cite
from pipeline.report.experiment import Experiment
from pipeline.report.views import channels_of, is_small
from pipeline.tasks.mask import Masks

SAMPLES = 30  # pictured in all; with more folds the first ones are shown
LARGEST_PX, SMALLEST_PX = 320, 160
AT_FULL_SIZE = 60  # pictures of predictions up to which each has the largest size: keeps the page under 5 MB
ROW_PX, SPACE_PX, SMALLEST_TILE_PX, LARGEST_TILE_PX = 1072, 16, 120, 240
UNLABELLED, UNLABELLED_PX = 12, 224


def describe_samples(experiment: Experiment) -> dict[str, Any]:
    """A block a fold: samples ranked by the winner's score, each with the predictions of all models but baselines."""
    models = list(dict.fromkeys([experiment.winner, *experiment.contenders]))
    has_masks = "mask" in experiment.sheet.dataset.targets
    ranked = {fold: rank_samples(experiment, fold) if has_masks else [] for fold in experiment.folds}
    folds = list(ranked)
    while len(folds) > 1 and sum(len(ranked[fold]) for fold in folds) > SAMPLES:
        folds.pop()
    pictures = 2 * len(models) * sum(len(ranked[fold]) for fold in folds)
    size_px = int(np.clip(LARGEST_PX * (AT_FULL_SIZE / max(pictures, 1)) ** 0.5, SMALLEST_PX, LARGEST_PX))
    return {
        "blocks": [describe_fold(experiment, fold, ranked[fold], models, size_px) for fold in folds],
        "folds": len(ranked),
        "models": models,
        "is_small": is_small(experiment.sheet),
        "tile_px": fit_tiles(experiment, len(models)),
    }


def fit_tiles(experiment: Experiment, models: int) -> int:
    """Width of a tile that lets channels, truth, and two tiles a model stand in one row, within reason."""
    tiles = len(experiment.sheet.picture_names) + 1 + 2 * models
    return int(np.clip((ROW_PX - SPACE_PX * tiles) / tiles, SMALLEST_TILE_PX, LARGEST_TILE_PX))


def rank_samples(experiment: Experiment, fold: str) -> list[tuple[str, str]]:
    """Rank and sample_id of the winner's worst, median and best sample of a fold, each sample once.

    Empty samples are perfect or worthless, so that median and best are taken from those with foreground where there are any.
    """
    metric = experiment.metric
    scores = experiment.scores[experiment.winner, fold].dropna(subset=[metric])
    ids = scores.sort_values(metric, kind="stable", ascending=METRICS[metric].higher_is_better)["sample_id"].tolist()
    foreground = experiment.sheet.manifest.set_index("sample_id")["foreground"]
    filled = [sample_id for sample_id in ids if foreground[sample_id] > 0] or ids
    if len(ids) < 2:
        return [("only sample", sample_id) for sample_id in ids]
    ranked = {filled[len(filled) // 2]: "median", filled[-1]: "best", ids[0]: "worst"}
    return [(ranked[sample_id], sample_id) for sample_id in sorted(ranked, key=ids.index)]


def describe_fold(
    experiment: Experiment, fold: str, ranked: list[tuple[str, str]], models: list[str], size_px: int
) -> dict[str, Any]:
    """The pictures of one fold."""
    predictions = {model: read_predictions(experiment.predictions[model, fold]) for model in models}
    samples = [
        {"rank": rank, **describe_sample(experiment, fold, sample_id, predictions, size_px)}
        for rank, sample_id in ranked
    ]
    return {"fold": fold, "samples": samples, "citation": cite(experiment, fold=fold)}


def describe_sample(
    experiment: Experiment, fold: str, sample_id: str, predictions: dict[str, Predictions], size_px: int
) -> dict[str, Any]:
    """Image, truth, and of every model probability and contours."""
    (place,) = experiment.sheet.arrays.positions([sample_id])
    classes = experiment.sheet.dataset.classes
    target = experiment.sheet.arrays.mask(int(place))
    channels = [shrink(picture, size_px) for picture in channels_of(experiment.sheet, int(place))]
    names = experiment.sheet.picture_names if len(channels) > 1 else ["image"]
    tiles = [(name, to_data_uri(picture)) for name, picture in zip(names, channels, strict=True)]
    tiles.append(("truth", to_data_uri(shrink(show_mask(target, classes), size_px), is_exact=True)))
    return {
        "sample_id": sample_id,
        "tiles": tiles,
        "models": [
            {
                "name": model,
                "score": score_of(experiment, model, fold, sample_id),
                "tiles": draw_prediction(
                    channels[0], target, found[sample_id]["mask"], found.threshold, classes, size_px
                ),
            }
            for model, found in predictions.items()
            if "mask" in found.heads
        ],
    }


def draw_prediction(
    picture: Picture, target: Any, probabilities: Any, threshold: float, classes: int, size_px: int
) -> list[tuple[str, str]]:
    """One model's probability map, and its contours beside the target's over the image."""
    prediction = Masks(classes).decide(probabilities, threshold)
    prediction = np.where(target == IGNORED, 0, prediction).astype(np.uint8)  # what does not count is not drawn
    contours = show_contours(picture, target, prediction)
    return [
        ("probability", to_data_uri(shrink(show_probability(probabilities, classes), size_px))),
        ("contours", to_data_uri(contours)),
    ]


def score_of(experiment: Experiment, model: str, fold: str, sample_id: str) -> float:
    """The deciding score of one sample."""
    scores = experiment.scores[model, fold].set_index("sample_id")[experiment.metric]
    return float(scores[sample_id])


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
