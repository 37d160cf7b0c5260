"""Sections: curves of the fits, and what the search believed."""

from typing import Any

import pandas as pd

from pipeline.datasets.predictions import read_predictions
from pipeline.figures.comparison import draw_optimism
from pipeline.figures.curves import draw_losses, draw_search, draw_validation_scores
from pipeline.figures.style import COLOURS
from pipeline.report.experiment import Experiment, Fit

CURVE = 2  # epochs from which there is something to draw
VALIDATED_BY = {"mask": "dice", "label": "accuracy", "depth": "delta_1"}
"""The metric that a fit tells of its validation subset, by the first head of the model."""


def describe_fits(experiment: Experiment) -> dict[str, Any]:
    """Curves a model, the folds' colours, and a table of all fits."""
    blocks = [describe_curves(experiment, model) for model in experiment.models]
    return {
        "curves": [block for block in blocks if block],
        "folds": fold_colours([fold for _, fold in experiment.fits]),
        "rows": [describe_fit(experiment, fit) for fit in experiment.fits],
        "seconds": sum(record["seconds"] for record in experiment.fits.values()),
    }


def describe_fit(experiment: Experiment, fit: Fit) -> dict[str, Any]:
    """A fit's record with its run and, where the fold is tested and masks are told, its threshold."""
    tested = experiment.predictions.get(fit)
    return {
        **experiment.fits[fit],
        "run_id": experiment.tracked["runs"].get("/".join(fit)),
        "threshold": read_predictions(tested).threshold if tested and "mask" in experiment.heads else None,
    }


def describe_curves(experiment: Experiment, model: str) -> dict[str, Any] | None:
    """The loss and validation curves of one model; None where it has no epochs."""
    histories = {
        fold: history
        for (of_model, fold), history in experiment.histories.items()
        if of_model == model and len(history) >= CURVE and history["loss"].notna().any()
    }
    if not histories:
        return None
    best = {fold: experiment.fits[model, fold]["best_epoch"] for fold in histories}
    return {
        "model": model,
        "figures": [
            draw_losses(histories, best, model),
            draw_validation_scores(histories, best, model, VALIDATED_BY[experiment.heads_of(model)[0]]),
        ],
        "stages": max(int(history["stage"].max()) for history in histories.values()),
    }


def fold_colours(folds: list[str]) -> list[tuple[str, str]]:
    """Fold and colour, as the curves have them."""
    return [(fold, COLOURS[place % len(COLOURS)]) for place, fold in enumerate(dict.fromkeys(folds))]


def describe_search(experiment: Experiment) -> dict[str, Any] | None:
    """Trials a model, and belief against test fold; None when there was no search."""
    if not experiment.searches:
        return None
    beliefs = pd.DataFrame(
        [
            {
                "model": model,
                "fold": fold,
                "belief": record["value"],
                "test": score_of_fold(experiment, model, fold, record["metric"]),
                "best": record["best"],
            }
            for (model, fold), record in experiment.searches.items()
        ]
    )
    metric = str(next(iter(experiment.searches.values()))["metric"])
    tested = beliefs.dropna(subset=["belief", "test"])
    searched = [model for model in experiment.models if model in set(beliefs["model"])]
    return {
        "metric": metric,
        "legend": [(model, experiment.colours[model]) for model in searched],
        "figures": [
            (model, draw_search({fold: t for (of, fold), t in experiment.trials.items() if of == model}, model, metric))
            for model in searched
        ],
        "folds": fold_colours([fold for _, fold in experiment.searches]),
        "optimism_figure": draw_optimism(tested, metric, experiment.colours) if len(tested) else None,
        "optimism": [(model, (rows["belief"] - rows["test"]).mean()) for model, rows in tested.groupby("model")],
        "rows": beliefs.to_dict("records"),
    }


def score_of_fold(experiment: Experiment, model: str, fold: str, metric: str) -> float:
    """Mean score of one model in one test fold; NaN where there is none."""
    scores = experiment.judged_scores.get((model, fold))
    return float("nan") if scores is None or metric not in scores else float(scores[metric].mean())
