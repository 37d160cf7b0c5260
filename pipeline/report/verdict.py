"""Section: who won, by how much, and how sure that is."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from pipeline.comparison.pairing import FEWEST_UNITS
from pipeline.figures.comparison import draw_intervals, draw_scores, spell
from pipeline.metrics import METRICS, SPELT
from pipeline.params.tasks import HEAD_METRICS
from pipeline.report.binding import bind_numbers, cells_of_pair, cells_of_verdict
from pipeline.report.experiment import Experiment
from pipeline.report.limits import list_warnings
from pipeline.report.rendering import bind

Sentence = tuple[int, Markup]
MOST_SENTENCES = 6
"""Of so many pairs, those of four models, all sentences stand side by side."""


def describe_verdict(experiment: Experiment) -> dict[str, Any]:
    """The winner and its scores, the comparison as table and figures, sentences about pairs."""
    metrics = list(dict.fromkeys(experiment.comparison["metric"]))
    cells = {(str(row["model"]), str(row["metric"])): row for row in experiment.comparison.to_dict("records")}
    imported = {entry.name for entry in experiment.params.models if entry.is_imported}
    return {
        "sentence": bind_numbers(bind(experiment.metrics["verdict"]), cells_of_verdict(experiment)),
        **split_sentences(experiment),
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
        "is_without": bool((experiment.comparison["interval"] == "none").any()),
        "why_without": explain_absence(cells[experiment.winner, experiment.metric]),
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


def explain_absence(row: Mapping[Hashable, Any]) -> str:
    """Why a mean has no interval; `row` is that of the winner."""
    if row["units"] >= FEWEST_UNITS:
        return "the metric has too few samples"
    counted = "1 independent unit is" if row["units"] == 1 else f"{row['units']} independent units are"
    return f"{counted} too few to resample, and no two blocks of samples that resemble each other fit into one"


def split_sentences(experiment: Experiment) -> dict[str, list[Sentence]]:
    """Sentences on the pairs of the winner and, apart from them where pairs are many, on the others."""
    told = list_sentences(experiment)
    if len(told) <= MOST_SENTENCES:
        return {"sentences": [sentence for _, sentence in told], "others": []}
    return {
        "sentences": [sentence for pair, sentence in told if experiment.winner in pair],
        "others": [sentence for pair, sentence in told if experiment.winner not in pair],
    }


def list_sentences(experiment: Experiment) -> list[tuple[tuple[str, str], Sentence]]:
    """Each pair with its place in metrics.json, counted from 1, and words on it, the better models' first."""
    told = list(enumerate(zip(experiment.metrics["sentences"], experiment.metrics["pairs"], strict=True), start=1))
    order = {model: place for place, model in enumerate(experiment.models)}
    told.sort(key=lambda item: sorted(order[item[1][1][name]] for name in ("model_a", "model_b")))
    return [
        ((test["model_a"], test["model_b"]), (place, bind_numbers(bind(words), cells_of_pair(experiment, test))))
        for place, (words, test) in told
    ]


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
    """What is followed from model to model: groups where samples share them, and there are enough to tell anything."""
    scores = experiment.sample_scores
    groups = scores["group"].nunique()
    return "group" if FEWEST_UNITS <= groups < scores["sample_id"].nunique() else "sample_id"
