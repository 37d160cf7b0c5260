"""Section: who won, by how much, and how sure that is."""

from collections import defaultdict
from typing import Any

import pandas as pd
from markupsafe import Markup

from pipeline.figures.comparison import draw_intervals, draw_scores, spell
from pipeline.metrics import METRICS, SPELT
from pipeline.params.tasks import HEAD_METRICS
from pipeline.report.binding import bind_numbers, cells_of_pair, cells_of_verdict
from pipeline.report.experiment import Experiment, Fit
from pipeline.report.rendering import bind
from pipeline.report.warnings import list_data_warnings


def describe_verdict(experiment: Experiment) -> dict[str, Any]:
    """The winner and its scores, the comparison as table and figures, sentences about pairs."""
    metrics = list(dict.fromkeys(experiment.comparison["metric"]))
    cells = {(str(row["model"]), str(row["metric"])): row for row in experiment.comparison.to_dict("records")}
    imported = {entry.name for entry in experiment.params.models if entry.is_imported}
    return {
        "sentence": bind_numbers(bind(experiment.metrics["verdict"]), cells_of_verdict(experiment)),
        "sentences": list_sentences(experiment),
        "margin": experiment.params.compare.margin,
        "winner": cells[experiment.winner, experiment.metric],
        "columns": [(spell(metric), METRICS[metric].unit) for metric in metrics],
        "rows": [
            {
                "model": model,
                "is_baseline": model in experiment.baselines,
                "is_imported": model in imported,
                "cells": [cells[model, metric] for metric in metrics],
            }
            for model in experiment.models
        ],
        "best": [find_best(experiment, metric) for metric in metrics],
        "errors": [SPELT[metric] for metric in metrics if not METRICS[metric].higher_is_better],
        "methods": describe_methods(experiment.comparison),
        "intervals": [
            draw_intervals(experiment.comparison, metric, experiment.models, experiment.colours) for metric in metrics
        ],
        "scores": draw_scores(
            experiment.sample_scores, experiment.metric, experiment.models, experiment.colours, unit_of(experiment)
        ),
        "agreement": count_agreement(experiment),
        "unit_of_metric": METRICS[experiment.metric].unit,
        "unit": "sequence or group" if unit_of(experiment) == "group" else "sample",
        "pairs": int((experiment.tests["metric"] == experiment.metric).sum()),
        "tests": experiment.tests.to_dict("records"),
        "warnings": list_warnings(experiment),
    }


def describe_methods(comparison: pd.DataFrame) -> str:
    """How the intervals of the table were found, the commonest method first; blocks have the length that each model's scores want."""
    rows = comparison[comparison["interval"] != "none"]
    rows = rows.assign(interval=rows["interval"].str.replace(r", blocks of \d+$", "", regex=True))
    methods = [str(method) for method in rows["interval"].value_counts(sort=True).index]
    return ", ".join([*methods[:1], *(_where(method, rows) for method in methods[1:])])


def _where(method: str, rows: pd.DataFrame) -> str:
    if method == "Wilson":
        return "Wilson's where every score is 0 or 1"
    metrics = rows.loc[rows["interval"] == method, "metric"].drop_duplicates().map(SPELT)
    return f"{method} for {', '.join(metrics)}"


def list_sentences(experiment: Experiment) -> list[tuple[int, Markup]]:
    """Place in metrics.json, counted from 1, and words on each pair, the better models' first."""
    told = list(enumerate(zip(experiment.metrics["sentences"], experiment.metrics["pairs"], strict=True), start=1))
    order = {model: place for place, model in enumerate(experiment.models)}
    told.sort(key=lambda item: sorted(order[item[1][1][name]] for name in ("model_a", "model_b")))
    return [(place, bind_numbers(bind(words), cells_of_pair(experiment, test))) for place, (words, test) in told]


def find_best(experiment: Experiment, metric: str) -> float:
    """The best mean of any model, which is the lowest of an error; NaN where no model has the metric."""
    rows = experiment.comparison[experiment.comparison["metric"] == metric]
    return float(rows["mean"].max() if METRICS[metric].higher_is_better else rows["mean"].min())


def count_agreement(experiment: Experiment) -> list[dict[str, Any]]:
    """Of each other model the predictions right and wrong beside the winner's; empty where a sample's score is more than right or wrong."""
    scores, metric, winner = experiment.sample_scores, experiment.metric, experiment.winner
    if metric not in HEAD_METRICS["label"] or not scores[metric].dropna().isin((0, 1)).all():
        return []
    right = scores.pivot_table(index=["fold", "sample_id"], columns="model", values=metric) == 1
    others = [model for model in experiment.models if model != winner and model in right]
    return [
        {
            "model": model,
            "both": int((right[winner] & right[model]).sum()),
            "winner": int((right[winner] & ~right[model]).sum()),
            "other": int((right[model] & ~right[winner]).sum()),
            "neither": int((~right[winner] & ~right[model]).sum()),
        }
        for model in others
    ]


def unit_of(experiment: Experiment) -> str:
    """What is followed from model to model: groups where samples share them."""
    scores = experiment.sample_scores
    return "group" if scores["group"].nunique() < scores["sample_id"].nunique() else "sample_id"


def list_warnings(experiment: Experiment) -> list[str]:
    """What a reader must know before believing the numbers."""
    return [*experiment.metrics["notes"], *list_data_warnings(experiment.sheet), *_about_fits(experiment)]


def tell_fits(fits: list[Fit], experiment: Experiment) -> str:
    """Such as: unet, all folds; forest, fold 2."""
    told = []
    for name in dict.fromkeys(model for model, _ in fits):
        folds = [fold for model, fold in fits if model == name]
        is_all = len(folds) > 1 and len(folds) == sum(model == name for model, _ in experiment.fits)
        told.append(
            f"{name}, " + ("all folds" if is_all else f"fold{'s' if len(folds) > 1 else ''} {', '.join(folds)}")
        )
    return "; ".join(told)


def _about_fits(experiment: Experiment) -> list[str]:
    places: dict[str, list[Fit]] = defaultdict(list)
    for (model, fold), record in experiment.fits.items():
        for note in record.get("notes", []):
            places[str(note)].append((model, fold))
        if not record.get("reproducible", True):
            places["cut short by a budget in minutes: not reproducible"].append((model, fold))
    warnings = [f"{tell_fits(where, experiment)}: {note}" for note, where in places.items()]
    records = list(experiment.fits.values())
    if any(not record["git_commit"] for record in records):
        warnings.append("The commit of some fits is unknown: they ran outside a git repository.")
    if any(record["git_dirty"] and record["git_commit"] for record in records):
        warnings.append("The code of some fits differed from its commit (marked +): it cannot be had back exactly.")
    if len({record["git_commit"] for record in records}) > 1:
        warnings.append("Fits come from more than one commit: see the table of fits.")
    return warnings
