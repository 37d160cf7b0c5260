"""Section: the best, median and worst samples of every fold."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from pipeline.datasets.predictions import Predictions, read_predictions
from pipeline.figures.pictures import shrink, to_data_uri
from pipeline.metrics import METRICS
from pipeline.params.tasks import HEAD_METRICS
from pipeline.report.experiment import Experiment
from pipeline.report.heads import MAP_VIEWS, MapView, Shown, Tile
from pipeline.report.views import Array, channels_of, is_small

SAMPLES = 30  # pictured in all; with more folds the first ones are shown
LARGEST_PX, SMALLEST_PX = 320, 160
AT_FULL_SIZE = 60  # pictures of predictions up to which each has the largest size: keeps the page under 5 MB
ROW_PX, SPACE_PX, SMALLEST_TILE_PX, LARGEST_TILE_PX = 1072, 16, 120, 240
TILES_A_HEAD = 2  # of a prediction
Ranked = dict[str, list[tuple[str, str]]]
"""By fold: rank and sample_id."""


def describe_samples(experiment: Experiment) -> dict[str, Any] | None:
    """A block a fold: samples ranked by the winner's score, each with the predictions of all models but baselines.

    None where no head is a map.
    """
    heads = [head for head in experiment.heads if head in MAP_VIEWS]
    if not heads:
        return None
    models = list(dict.fromkeys([experiment.winner, *experiment.contenders]))
    ranked = {fold: rank_samples(experiment, fold) for fold in experiment.folds}
    shown = choose_folds(ranked)
    views: dict[str, MapView] = {
        head: MAP_VIEWS[head](experiment.sheet, read_pairs(experiment, head, models, shown)) for head in heads
    }
    pictures = TILES_A_HEAD * len(heads) * len(models) * sum(map(len, shown.values()))
    size_px = int(np.clip(LARGEST_PX * (AT_FULL_SIZE / max(pictures, 1)) ** 0.5, SMALLEST_PX, LARGEST_PX))
    return {
        "blocks": [describe_fold(experiment, fold, shown[fold], models, views, size_px) for fold in shown],
        "folds": len(ranked),
        "models": models,
        "legends": [(head, view.legend) for head, view in views.items()],
        "is_small": is_small(experiment.sheet),
        "is_of_masks": is_of_masks(experiment),
        "tile_px": fit_tiles(experiment, len(heads), len(models)),
    }


def choose_folds(ranked: Ranked) -> Ranked:
    """The first folds, as many as make at most SAMPLES samples, and one at least."""
    folds = list(ranked)
    while len(folds) > 1 and sum(len(ranked[fold]) for fold in folds) > SAMPLES:
        folds.pop()
    return {fold: ranked[fold] for fold in folds}


def fit_tiles(experiment: Experiment, heads: int, models: int) -> int:
    """Width of a tile that lets channels, truths, and two tiles a head and model stand in one row, within reason."""
    tiles = len(experiment.sheet.picture_names) + heads * (1 + TILES_A_HEAD * models)
    return int(np.clip((ROW_PX - SPACE_PX * tiles) / tiles, SMALLEST_TILE_PX, LARGEST_TILE_PX))


def rank_samples(experiment: Experiment, fold: str) -> list[tuple[str, str]]:
    """Rank and sample_id of the winner's worst, median and best sample of a fold, each sample once.

    By a metric of masks, empty samples are perfect or worthless, so that median and best are taken from those with foreground
    where there are any.
    """
    metric = experiment.metric
    scores = experiment.judged_scores[experiment.winner, fold].dropna(subset=[metric])
    ids = scores.sort_values(metric, kind="stable", ascending=METRICS[metric].higher_is_better)["sample_id"].tolist()
    filled = ids
    if is_of_masks(experiment):
        foreground = experiment.sheet.manifest.set_index("sample_id")["foreground"]
        filled = [sample_id for sample_id in ids if foreground[sample_id] > 0] or ids
    if len(ids) < 2:
        return [("only sample", sample_id) for sample_id in ids]
    ranked = {filled[len(filled) // 2]: "median", filled[-1]: "best", ids[0]: "worst"}
    return [(ranked[sample_id], sample_id) for sample_id in sorted(ranked, key=ids.index)]


def is_of_masks(experiment: Experiment) -> bool:
    """Whether the deciding metric is one of masks."""
    return experiment.metric in HEAD_METRICS["mask"]


def read_pairs(experiment: Experiment, head: str, models: list[str], shown: Ranked) -> Iterator[tuple[int, Array]]:
    """Place and prediction of the samples that are shown, one at a time, by the first of the models that has the head."""
    fold = next(iter(shown))
    having = (model for model in models if head in read_predictions(experiment.predictions[model, fold]).heads)
    model = next(having, None)
    for fold, ranked in shown.items() if model else ():
        predictions = read_predictions(experiment.predictions[str(model), fold])
        ids = [sample_id for _, sample_id in ranked]
        for sample_id, place in zip(ids, experiment.sheet.arrays.positions(ids), strict=True):
            yield int(place), predictions[sample_id][head]


def describe_fold(
    experiment: Experiment,
    fold: str,
    ranked: list[tuple[str, str]],
    models: list[str],
    views: dict[str, MapView],
    size_px: int,
) -> dict[str, Any]:
    """The pictures of one fold."""
    predictions = {model: read_predictions(experiment.predictions[model, fold]) for model in models}
    samples = [
        {"rank": rank, **describe_sample(experiment, fold, sample_id, predictions, views, size_px)}
        for rank, sample_id in ranked
    ]
    return {"fold": fold, "samples": samples}


def describe_sample(
    experiment: Experiment,
    fold: str,
    sample_id: str,
    predictions: dict[str, Predictions],
    views: dict[str, MapView],
    size_px: int,
) -> dict[str, Any]:
    """Channels, truths, and of every model the tiles of each head that it has."""
    (place,) = experiment.sheet.arrays.positions([sample_id])
    channels = [shrink(picture, size_px) for picture in channels_of(experiment.sheet, int(place))]
    names = experiment.sheet.picture_names if len(channels) > 1 else ["image"]
    shown = Shown(int(place), channels[0], size_px)
    tiles = [Tile(name, to_data_uri(picture)) for name, picture in zip(names, channels, strict=True)]
    return {
        "sample_id": sample_id,
        "tiles": tiles + [tile for view in views.values() for tile in view.show_truth(shown)],
        "models": [
            {
                "name": model,
                "score": score_of(experiment, model, fold, sample_id),
                "tiles": show_heads(shown, found[sample_id], found.threshold, views),
            }
            for model, found in predictions.items()
        ],
    }


def show_heads(shown: Shown, prediction: dict[str, Array], threshold: float, views: dict[str, MapView]) -> list[Tile]:
    """One model's tiles of one sample, head by head."""
    return [
        tile
        for head, view in views.items()
        if head in prediction
        for tile in view.show_prediction(shown, prediction[head], threshold)
    ]


def score_of(experiment: Experiment, model: str, fold: str, sample_id: str) -> float:
    """The deciding score of one sample."""
    scores = experiment.judged_scores[model, fold].set_index("sample_id")[experiment.metric]
    return float(scores[sample_id])
