"""Section: whether probabilities are as often right as they say, what refusing uncertain samples would gain, and whom to look at first."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.datasets.predictions import read_predictions
from pipeline.figures.calibration import draw_reliability, draw_risk_coverage
from pipeline.figures.comparison import spell
from pipeline.figures.pictures import Picture, enlarge, show_contours, shrink, to_data_uri
from pipeline.figures.style import BASELINE, INK
from pipeline.metrics import METRICS
from pipeline.report.experiment import Experiment
from pipeline.report.unlabelled import show_unlabelled
from pipeline.report.views import channels_of, has_mask, is_small
from pipeline.selective import Refusals, refuse
from pipeline.tasks.mask import Masks

FIRST, FIRST_PX = 12, 224
"""Samples that are pictured, and the longer side of their pictures."""
MOST_POINTS = 400
"""Of a curve; more would not be seen."""
KEPT = 0.8
"""Share of samples for which the table gives the error that is left."""
KINDS = (("before", "equal_width"), ("after", "equal_width"), ("after", "adaptive"))
"""State and bins of the lines of a reliability diagram."""


@dataclass(frozen=True)
class Asked:
    """Of one model: uncertainty and risk of each test sample, repeats averaged."""

    uncertainty: pd.Series
    risk: pd.Series

    @property
    def curve(self) -> Refusals:
        """What is left of the risk when uncertain samples are refused."""
        return refuse(self.uncertainty.to_numpy(), self.risk.to_numpy())

    @property
    def best(self) -> Refusals:
        """The same if those were refused that have the largest risk."""
        return refuse(self.risk.to_numpy(), self.risk.to_numpy())


def describe_calibration(experiment: Experiment) -> dict[str, Any] | None:
    """Calibration errors and reliability of every model, its refusals, and the samples to look at first; None without probabilities."""
    if experiment.calibration.empty and not len(experiment.uncertainty["unlabelled"]):
        return None
    asked = {model: found for model in experiment.models if (found := ask(experiment, model)) is not None}
    shown = next(iter(asked), "")
    return {
        "rows": [describe_head(rows) for _, rows in order_heads(experiment)],
        "figures": [draw_head(experiment, *key) for key, _ in order_heads(experiment)],
        "heads": list(experiment.calibration["head"].unique()),
        "is_without": bool(experiment.calibration["low"].isna().any()),
        "pixels": max(experiment.calibration.loc[experiment.calibration["head"] == "mask", "count"], default=0),
        "is_fitted": experiment.params.predict.temperature,
        "risk": name_risk(experiment),
        "risk_first": begin(name_risk(experiment)),
        "refusals": [describe_refusals(model, found) for model, found in asked.items()],
        "curves": draw_curves(experiment, asked) if asked else "",
        "shown": shown,
        "samples": len(asked[shown].risk) if asked else 0,
        "first": list_first(experiment, asked[shown], shown) if asked else [],
        "unlabelled": list_unlabelled(experiment),
        "is_small": is_small(experiment.sheet),
    }


def order_heads(experiment: Experiment) -> list[tuple[tuple[str, str], pd.DataFrame]]:
    """Model and head with their rows, the best model first."""
    groups = experiment.calibration.groupby(["head", "model"], sort=False)
    found = {(str(model), str(head)): rows for (head, model), rows in groups}
    return sorted(found.items(), key=lambda item: (item[0][1], experiment.models.index(item[0][0])))


def describe_head(rows: pd.DataFrame) -> dict[str, Any]:
    """One line of the table: a cell for each state and kind of bins."""
    first = {str(name): value for name, value in rows.iloc[0].items()}
    cells = {f"{row['state']}_{row['bins']}": row for row in rows.to_dict("records")}
    return {**first, "cells": cells}


def draw_head(experiment: Experiment, model: str, head: str) -> str:
    """The reliability diagram of one model and head."""
    bins = experiment.reliability
    own = bins[(bins["model"] == model) & (bins["head"] == head)]
    kinds = [kind for kind in KINDS if kind[0] == "after" or experiment.params.predict.temperature]
    tables = {
        " ".join(kind): own[(own["state"] == kind[0]) & (own["bins"] == kind[1])].rename(
            columns={"probability": "confidence", "rate": "accuracy"}
        )
        for kind in kinds
    }
    colours = dict(zip(tables, (BASELINE, experiment.colours[model], INK)[-len(tables) :], strict=True))
    name = f"{model}-{head}" if experiment.calibration["head"].nunique() > 1 else model
    return draw_reliability(tables, colours, name)


def ask(experiment: Experiment, model: str) -> Asked | None:
    """Uncertainty and risk of the samples that have both, by the deciding metric and its head; None where there are none."""
    metric, table = METRICS[experiment.metric], experiment.uncertainty["test"]
    own = table[(table["model"] == model) & (table["head"] == metric.head)].set_index(["fold", "sample_id"])
    scores = experiment.sample_scores
    if own.empty or metric.name not in scores:
        return None
    risk = scores[scores["model"] == model].set_index(["fold", "sample_id"])[metric.name]
    risk = metric.high - risk if metric.higher_is_better else risk
    both = own[["uncertainty"]].join(risk.rename("risk")).dropna().groupby(level="sample_id").mean()
    return Asked(both["uncertainty"], both["risk"]) if len(both) else None


def name_risk(experiment: Experiment) -> str:
    """The deciding metric as an error."""
    metric = METRICS[experiment.metric]
    if not metric.higher_is_better:
        return spell(metric.name)
    return "error" if metric.name == "accuracy" else f"{metric.high:g} \N{MINUS SIGN} {spell(metric.name)}"


def begin(text: str) -> str:
    """As it stands at the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def describe_refusals(model: str, asked: Asked) -> dict[str, Any]:
    """One line of the table; of refusing at random the mean risk is left, whatever is kept."""
    curve, best = asked.curve, asked.best
    return {
        "model": model,
        "area": curve.area,
        "best": best.area,
        "all": float(asked.risk.mean()),
        "kept": curve.risk_at(KEPT),
        "samples": len(asked.risk),
    }


def draw_curves(experiment: Experiment, asked: dict[str, Asked]) -> str:
    """Risk against coverage of all models, with the first one's best possible curve."""
    shown, first = next(iter(asked.items()))
    curves = {model: found.curve for model, found in asked.items()} | {f"{shown} at best": first.best}
    tables = {name: tabulate_curve(curve) for name, curve in curves.items()}
    return draw_risk_coverage(tables, experiment.colours, begin(name_risk(experiment)))


def tabulate_curve(curve: Refusals) -> pd.DataFrame:
    """As many points as can be seen."""
    places = np.unique(np.linspace(0, len(curve.risk) - 1, MOST_POINTS).round().astype(int))
    return pd.DataFrame({"coverage": curve.coverage[places], "risk": curve.risk[places]})


def list_first(experiment: Experiment, asked: Asked, model: str) -> list[dict[str, Any]]:
    """The test samples that the model is least certain of, with what it made of them and the risk that turned out."""
    chosen = asked.uncertainty.sort_values(ascending=False, kind="stable").index[:FIRST]
    return [
        {
            "sample_id": sample_id,
            "uncertainty": float(asked.uncertainty[sample_id]),
            "risk": float(asked.risk[sample_id]),
            "source": to_data_uri(show_sample(experiment, model, sample_id)),
        }
        for sample_id in map(str, chosen)
    ]


def show_sample(experiment: Experiment, model: str, sample_id: str) -> Picture:
    """A sample's first channel, with the contours of truth and prediction where there are masks."""
    (place,) = experiment.sheet.arrays.positions([sample_id])
    picture = enlarge(shrink(channels_of(experiment.sheet, int(place))[0], FIRST_PX), FIRST_PX // 2)
    paths = [experiment.predictions[model, fold] for fold in experiment.folds]
    found = next(found for path in paths if sample_id in (found := read_predictions(path)).sample_ids)
    prediction = found[sample_id]
    if "mask" not in prediction or not has_mask(experiment.sheet, int(place)):
        return picture
    mask = Masks(experiment.sheet.dataset.classes).decide(prediction["mask"], found.threshold)
    return show_contours(picture, experiment.sheet.arrays.mask(int(place)), mask, FIRST_PX)


def list_unlabelled(experiment: Experiment) -> list[dict[str, Any]]:
    """The unlabelled samples that the registered models are least certain of; of depths, those that they disagree about most."""
    table = experiment.uncertainty["unlabelled"]
    head = METRICS[experiment.metric].head
    own = table[table["head"] == head]
    ranked = own.sort_values("disagreement" if head == "depth" else "uncertainty", ascending=False, kind="stable")
    return [
        {**{str(name): cell for name, cell in row.items()}, "source": show_unlabelled(experiment, row["sample_id"])}
        for row in ranked.head(FIRST).replace({np.nan: None}).to_dict("records")
    ]
