"""Sections: what more samples would give, where the variance comes from, labels in doubt, and what to label next."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipeline.datasets.predictions import read_predictions
from pipeline.figures.learning import draw_learning_curve
from pipeline.figures.pictures import Picture, enlarge, show_contours, shrink, to_data_uri
from pipeline.learning_curve import describe_gain
from pipeline.report.experiment import Experiment
from pipeline.report.unlabelled import show_unlabelled
from pipeline.report.views import channels_of, is_small
from pipeline.tasks.mask import Masks
from pipeline.variance import ALL

SHOWN, TILE_PX = 12, 224


def describe_curve(experiment: Experiment) -> dict[str, Any] | None:
    """A figure and two sentences a model; None where no curve was asked for."""
    table = experiment.advice.get("learning_curve")
    if table is None:
        return None
    confidence = experiment.params.compare.confidence
    return {
        "models": [
            {
                "model": str(model),
                "figure": _draw_curve(rows, str(model), experiment.colours[str(model)]),
                "sentences": tell_gains(rows, confidence),
                "has_line": bool((rows["kind"] == "fitted").any()),
            }
            for model, rows in table.groupby("model", sort=False)
        ]
    }


def tell_gains(rows: pd.DataFrame, confidence: float) -> list[str]:
    """A sentence a forecast; of several that cannot be had for the same reason the first."""
    told = [describe_gain(rows, row, confidence) for _, row in rows[rows["kind"] == "predicted"].iterrows()]
    reasons = [sentence.partition(": ")[2] for sentence in told]
    return [
        sentence for place, sentence in enumerate(told) if not reasons[place] or reasons[place] not in reasons[:place]
    ]


def _draw_curve(rows: pd.DataFrame, model: str, colour: str) -> str:
    measured, fitted = (rows[rows["kind"] == kind] for kind in ("measured", "fitted"))
    band = fitted.rename(columns={"score": "mean"})[["samples", "mean", "low", "high"]]
    return draw_learning_curve(measured["samples"].tolist(), measured["score"].tolist(), band, model, colour)


def describe_variance(experiment: Experiment) -> dict[str, Any] | None:
    """The parts of seeds, folds and models, and the seeds that would be enough; None where there is one seed."""
    table = experiment.advice.get("variance")
    if table is None:
        return None
    rows = table.assign(deviation=np.sqrt(table["variance"])).to_dict("records")
    seeds = [row for row in rows if row["source"] == "seeds"]
    return {
        "rows": rows,
        "seeds": int(table["seeds"].iloc[0]),
        "sentences": [_tell_seeds(row, experiment.params.compare.confidence) for row in seeds],
    }


def _tell_seeds(row: Mapping[Any, Any], confidence: float) -> str:
    """How many seeds of one model, or of a difference of two, would be enough."""
    what = "the difference of two models" if row["model"] == ALL else f"the mean of {row['model']}"
    if not np.isfinite(row["enough"]):
        return f"How many seeds a fold would be enough for {what} is not to be told: beside the seeds no other variance shows."
    within = ""
    if row["enough_low"] == row["enough_low"]:
        high = f"{row['enough_high']:.0f}" if np.isfinite(row["enough_high"]) else "any number"
        within = f" ({100 * confidence:g} % interval {row['enough_low']:.0f} to {high})"
    count = f"{row['enough']:.0f} seed{'s' if row['enough'] > 1 else ''}"
    return f"For {what} {count} a fold would be enough{within}."


def describe_suspects(experiment: Experiment) -> dict[str, Any] | None:
    """The samples whose labels the models doubt most, pictured; None where none was judged."""
    table = experiment.advice.get("suspects")
    if table is None or table.empty:
        return None
    shown = table.head(SHOWN).to_dict("records")
    return {
        "tiles": [{**row, **_picture_suspect(experiment, row)} for row in shown],
        "count": len(table),
        "judges": int(table["models"].max()),
        "path": _path_of(experiment, "suspects"),
        "has_masks": bool((table["head"] == "mask").any()),
        "is_small": is_small(experiment.sheet),
    }


def _picture_suspect(experiment: Experiment, row: Mapping[Any, Any]) -> dict[str, str]:
    """The image with the contours of label and prediction, or with the names of both classes."""
    arrays, sample_id = experiment.sheet.arrays, row["sample_id"]
    (place,) = arrays.positions([sample_id])
    image: Picture = shrink(channels_of(experiment.sheet, int(place))[0], TILE_PX)
    found = read_predictions(experiment.predictions[experiment.winner, row["fold"]])
    predicted = np.asarray(found[sample_id][row["head"]], np.float32) if row["head"] in found.heads else None
    text = ""
    if row["head"] == "mask":
        decided = None if predicted is None else Masks.of(experiment.sheet.dataset).decide(predicted, found.threshold)
        image = show_contours(image, arrays.mask(int(place)), decided, TILE_PX)
    elif row["head"] == "label":
        names = experiment.sheet.dataset.label_names
        text = f"labelled {names[arrays.label(int(place))]}"
        text += "" if predicted is None else f", taken for {names[int(predicted.argmax())]}"
    return {"source": to_data_uri(enlarge(image, TILE_PX // 2)), "text": text}


def describe_suggested(experiment: Experiment) -> dict[str, Any] | None:
    """The unlabelled samples to label first, pictured; None where every sample is labelled."""
    table = experiment.advice.get("suggested")
    if table is None or table.empty or not experiment.unlabelled:
        return None
    shown = table.head(SHOWN).to_dict("records")
    return {
        "tiles": [{**row, "source": show_unlabelled(experiment, str(row["sample_id"]))} for row in shown],
        "count": len(table),
        "path": _path_of(experiment, "suggested"),
    }


def _path_of(experiment: Experiment, name: str) -> str:
    """The file of one of the tables, as a reader in the project's root would type it."""
    return next(path.as_posix() for path in experiment.files["advice"] if path.stem == name)
