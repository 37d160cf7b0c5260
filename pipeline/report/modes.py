"""Section: why the curves of a fit differ, and what batch normalisation does in its two modes."""

from typing import Any

import numpy as np
import pandas as pd

from pipeline.datasets.diagnosed import Diagnosed
from pipeline.figures.modes import LOSSES, MODES, draw_modes, draw_three_losses, draw_truths
from pipeline.figures.pictures import difference_gradient, show_difference, shrink, to_data_uri
from pipeline.provenance import Record
from pipeline.report.experiment import Experiment
from pipeline.report.fits import CURVE
from pipeline.report.heads import MAP_VIEWS, MapView, Scale, Tile
from pipeline.report.views import Array, is_small, limits_of, show_pictures

TILE_PX = 224
NAMES = {"loss": "as logged", "train_loss": "training tiles re-evaluated", "validation_loss": "validation"}
MODE_NAMES = {"train_loss": "moving statistics, as in inference", "batch_loss": "the batch's, as in training"}
GRID = "augment.elastic_grid"  # says how augmentation is done, and not whether
WITHIN = 99
"""Percentile of the differences that the colours end at."""


def describe_modes(experiment: Experiment) -> dict[str, Any] | None:
    """The winner's curves in its first fold, with what sets them apart; None where it was not fitted epoch by epoch."""
    model, fold = experiment.winner, experiment.folds[0]
    history, record = experiment.histories[model, fold], experiment.fits[model, fold]
    if len(history) < CURVE or history["train_loss"].isna().all():
        return None
    best, has_modes = int(record["best_epoch"]), bool(history["batch_loss"].notna().any())
    return {
        "model": model,
        "fold": fold,
        "best_epoch": best,
        "figure": draw_three_losses(history, best, model),
        "legend": [(NAMES[column], colour) for column, colour in LOSSES.items()],
        "modes_figure": draw_modes(history, best, model) if has_modes else "",
        "modes_legend": [(MODE_NAMES[column], colour) for column, colour in MODES.items()],
        "kept": describe_epoch(history, best),
        "causes": tell_causes(record),
        **describe_tiles(experiment),
        "is_small": is_small(experiment.sheet),
    }


def describe_epoch(history: pd.DataFrame, epoch: int) -> dict[str, float]:
    """The losses of one epoch by column."""
    (row,) = history[history["epoch"] == epoch].to_dict("records")
    return {column: float(row[column]) for column in (*LOSSES, "batch_loss")}


def tell_causes(record: Record) -> str:
    """What parts the loss as logged from that of training tiles afterwards, as far as this fit had it."""
    params = record["params"]
    causes = ["the weights moved while it was taken"]
    if any(value for name, value in params.items() if name.startswith("augment.") and name != GRID):
        causes.append("its samples were augmented")
    if params.get("model.dropout"):
        causes.append("dropout left features out")
    if params.get("train.foreground_share"):
        causes.append("its patches were drawn about foreground more often")
    if params.get("train.optimizer.average"):
        causes.append("the averaged weights, which are validated and kept, had no part in it")
    *first, last = causes
    return f"{', '.join(first)} and {last}" if first else last


def describe_tiles(experiment: Experiment) -> dict[str, Any]:
    """The same tiles in both modes: pictures of the heads that are maps, figures of the others."""
    found = experiment.diagnosed
    views = {head: MAP_VIEWS[head](experiment.sheet, []) for head in found.moving if head in MAP_VIEWS}
    limits = {head: limit_of(view, found.batch[head], found.moving[head]) for head, view in views.items()}
    others = [head for head in found.moving if head not in views]
    return {
        "rows": [describe_tile(experiment, found, views, limits, place) for place in choose_tiles(found, views)],
        "scales": [
            Scale(
                f"{view.noun} by the batch less by moving statistics", difference_gradient(), -limit, limit, view.unit
            )
            for view, limit in zip(views.values(), limits.values(), strict=True)
        ],
        "truths": "".join(draw_truths(*truths_of(found, head), found.model) for head in others),
    }


def limit_of(view: MapView, batch: Array, moving: Array) -> float:
    """The difference that the colours end at."""
    differences = [np.abs(view.subtract(*pair)) for pair in zip(batch, moving, strict=True)]
    return max(float(np.percentile(differences, WITHIN)), 1e-3)


def choose_tiles(found: Diagnosed, views: dict[str, MapView]) -> list[int]:
    """The tile whose maps differ most, and the one in the middle; none without a map."""
    for head, view in views.items():
        pairs = zip(found.batch[head], found.moving[head], strict=True)
        order = np.argsort([np.abs(view.subtract(*pair)).mean() for pair in pairs], kind="stable")
        return list(dict.fromkeys([int(order[-1]), int(order[len(order) // 2])]))
    return []


def describe_tile(
    experiment: Experiment, found: Diagnosed, views: dict[str, MapView], limits: dict[str, float], place: int
) -> dict[str, Any]:
    """One tile: the image, and of each head the maps in both modes and their difference."""
    image = show_pictures(experiment.sheet, found.images[place], limits_of(experiment.sheet))[0]
    tiles = [Tile("image", to_data_uri(shrink(image, TILE_PX)))]
    for head, view in views.items():
        moving, batch = found.moving[head][place], found.batch[head][place]
        pictures = {
            f"{view.noun}, moving statistics": view.show_map(moving),
            f"{view.noun}, the batch's": view.show_map(batch),
            "difference": show_difference(view.subtract(batch, moving), limits[head]),
        }
        tiles += [Tile(name, to_data_uri(shrink(picture, TILE_PX))) for name, picture in pictures.items()]
    return {"sample_id": found.sample_ids[place], "tiles": tiles}


def truths_of(found: Diagnosed, head: str) -> tuple[Array, Array]:
    """Probability of the true class of every tile, in both modes."""
    classes = found.targets[head]
    rows = np.arange(len(classes))
    return found.moving[head][rows, classes], found.batch[head][rows, classes]
