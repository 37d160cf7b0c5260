"""Section: sets of classes in place of one, whether they cover what was stated, and the close calls."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.comparison import summarise_models
from pipeline.conformal import prediction_sets
from pipeline.datasets.predictions import read_predictions
from pipeline.figures.ambiguity import draw_set_sizes
from pipeline.figures.pictures import shrink, to_data_uri
from pipeline.report.experiment import Experiment
from pipeline.report.views import Array, channels_of, is_small, spread

SETS, CALLS, TILE_PX = 24, 12, 160
MEASURES = ("covered", "set_size")


@dataclass(frozen=True)
class Told:
    """What the winner says of one sample: probabilities (K,) and the set (K,) of classes."""

    sample_id: str
    target: int
    probabilities: Array
    chosen: Array

    @property
    def ranked(self) -> Array:
        """Numbers of the classes, the likeliest first."""
        return np.argsort(-self.probabilities, kind="stable")

    @property
    def margin(self) -> float:
        """By how much the likeliest class leads the runner-up."""
        first, second = self.probabilities[self.ranked[:2]]
        return float(first - second)


def describe_ambiguity(experiment: Experiment) -> dict[str, Any] | None:
    """Coverage and size of the sets of every model, and the winner's ambiguous samples; None where there are no sets."""
    asked = experiment.params.predict.sets
    models = [model for model in experiment.models if has_sets(experiment, model)]
    if asked is None or not models:
        return None
    shown = experiment.winner if experiment.winner in models else models[0]
    told = [sample for fold in experiment.folds for sample in read_told(experiment, shown, fold)]
    ambiguous = sorted((sample for sample in told if sample.chosen.sum() > 1), key=lambda sample: sample.chosen.sum())
    calls = sorted(told, key=lambda sample: sample.margin)[:CALLS]
    return {
        "stated": asked.coverage,
        "method": asked.method,
        "rows": [describe_model(experiment, model, cells) for model, cells in estimate_sets(experiment, models)],
        "figures": [draw_sizes(experiment, model) for model in models],
        "shown": shown,
        "samples": len(told),
        "ambiguous": len(ambiguous),
        "single_right": share_right([sample for sample in told if sample.chosen.sum() == 1]),
        "sets": [tile_told(experiment, ambiguous[place]) for place in spread(range(len(ambiguous)), SETS)],
        "calls": [tile_told(experiment, sample) for sample in calls],
        "is_small": is_small(experiment.sheet),
    }


def has_sets(experiment: Experiment, model: str) -> bool:
    """Whether a model's samples were scored by their sets."""
    scores = [table for (of_model, _), table in experiment.scores.items() if of_model == model]
    return all("covered" in table and table["covered"].notna().any() for table in scores)


def estimate_sets(experiment: Experiment, models: list[str]) -> list[tuple[str, dict[str, Any]]]:
    """Model and, by measure, its mean with interval; a repeated sample's scores are averaged, as in the comparison."""
    params, scores = experiment.params, experiment.sample_scores
    asked = params.evaluate.model_copy(update={"metrics": MEASURES})
    own = scores[scores["model"].isin(models)]
    summary = summarise_models(own, asked, params.compare, params.split)
    rows = {(row["model"], row["metric"]): row for row in summary.to_dict("records")}
    return [(model, {measure: rows[model, measure] for measure in MEASURES}) for model in models]


def describe_model(experiment: Experiment, model: str, cells: dict[str, Any]) -> dict[str, Any]:
    """One line of the table, and what its interval says of the stated coverage."""
    asked, covered = experiment.params.predict.sets, cells["covered"]
    stated = 1.0 if asked is None else asked.coverage
    says = "as stated"
    if covered["high"] < stated:
        says = "less than stated"
    elif covered["low"] > stated:
        says = "more than stated"
    scores = experiment.sample_scores
    sizes = scores.loc[scores["model"] == model, "set_size"]
    return {"model": model, **cells, "single": float((sizes == 1).mean()), "says": says}


def draw_sizes(experiment: Experiment, model: str) -> str:
    """The histogram of one model's sets."""
    scores = experiment.sample_scores
    own = scores[scores["model"] == model]
    longest = int(scores["set_size"].max()) + 1
    counts = [
        np.bincount(own.loc[own["covered"] == is_in, "set_size"].astype(int), minlength=longest) for is_in in (1, 0)
    ]
    return draw_set_sizes(counts[0].tolist(), counts[1].tolist(), model, experiment.colours[model])


def read_told(experiment: Experiment, model: str, fold: str) -> list[Told]:
    """All test samples of one fold."""
    asked = experiment.params.predict.sets
    predictions = read_predictions(experiment.predictions[model, fold])
    if asked is None or predictions.quantile is None:
        return []
    found = [(sample_id, np.asarray(prediction["label"], np.float32)) for sample_id, prediction in predictions.items()]
    chosen = prediction_sets(np.stack([part for _, part in found]), predictions.quantile, asked.method)
    arrays = experiment.sheet.arrays
    positions = arrays.positions(sample_id for sample_id, _ in found)
    return [
        Told(sample_id, arrays.label(int(place)), probabilities, classes)
        for (sample_id, probabilities), place, classes in zip(found, positions, chosen, strict=True)
    ]


def share_right(samples: list[Told]) -> float:
    """Share of the samples whose likeliest class is the true one; NaN of none."""
    return float(np.mean([sample.ranked[0] == sample.target for sample in samples])) if samples else float("nan")


def tile_told(experiment: Experiment, sample: Told) -> dict[str, Any]:
    """The picture, its true class, and the likeliest classes: as many as the set has, and two at least."""
    sheet = experiment.sheet
    (place,) = sheet.arrays.positions([sample.sample_id])
    names = sheet.dataset.label_names
    listed = sample.ranked[: max(2, int(sample.chosen.sum()))]
    return {
        "sample_id": sample.sample_id,
        "source": to_data_uri(shrink(channels_of(sheet, int(place))[0], TILE_PX)),
        "truth": names[sample.target],
        "is_covered": bool(sample.chosen[sample.target]),
        "classes": [
            (names[number], float(sample.probabilities[number]), bool(sample.chosen[number]), number == sample.target)
            for number in listed
        ],
    }
