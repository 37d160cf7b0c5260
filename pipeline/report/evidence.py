"""Section: what the verdict rests on, pair by pair and unit by unit."""

from typing import Any

import pandas as pd

from pipeline.comparison.pairing import FEWEST_UNITS
from pipeline.figures.pairs import draw_differences, draw_ranks
from pipeline.metrics import METRICS
from pipeline.report.experiment import Experiment

FEWEST_RANKED = 3
"""Models from which mean ranks say more than the pair's difference."""
MOST_PAIRS = 15
"""Pairs drawn; all stand in the table."""
Clique = tuple[int, int]
APART = ("better", "worse")
"""What a test says of a pair that it tells apart."""


def describe_evidence(experiment: Experiment) -> dict[str, Any]:
    """Figures of paired differences and of mean ranks; empty where there is nothing to compare."""
    units = score_units(experiment)
    tests = choose_pairs(experiment)
    differences = [(units[test["model_a"]] - units[test["model_b"]]).tolist() for test in tests]
    ranks = rank_models(units, experiment.metric)
    cliques = find_cliques(list(ranks), experiment.tests, experiment.metric)
    is_ranked = len(ranks) >= FEWEST_RANKED
    margin = experiment.params.compare.margin
    return {
        "differences": draw_differences(tests, differences, experiment.metric, margin) if tests else "",
        "drawn": len(tests),
        "ranks": draw_ranks(ranks, cliques, experiment.metric, experiment.colours) if is_ranked else "",
        "has_untested": bool(experiment.tests.loc[experiment.tests["metric"] == experiment.metric, "p"].isna().any()),
        "units": len(units),
        "noun": "samples" if "sample_id" in units.index.names else "independent units",
    }


def score_units(experiment: Experiment) -> pd.DataFrame:
    """The deciding scores, a row an independent unit and a column a model that has any: repeats are averaged, then a unit's samples.

    Where units are so few that nothing is claimed beyond them, a row a sample.
    """
    scores, metric = experiment.sample_scores, experiment.metric
    samples = scores.pivot_table(index=["group", "sample_id"], columns="model", values=metric, aggfunc="mean").dropna()
    units = samples.groupby(level="group").mean()
    return units if len(units) >= FEWEST_UNITS else samples


def choose_pairs(experiment: Experiment) -> list[dict[str, Any]]:
    """The tests of the deciding metric that were possible, the better model first in each, and the winner's before the others."""
    tests = experiment.tests[experiment.tests["metric"] == experiment.metric].dropna(subset=["low", "high"])
    found = [{str(name): value for name, value in row.items()} for row in tests.to_dict("records")]
    order = {model: place for place, model in enumerate(experiment.models)}
    rows = [row if order[row["model_a"]] < order[row["model_b"]] else turn(row) for row in found]
    return sorted(rows, key=lambda row: (order[row["model_a"]], order[row["model_b"]]))[:MOST_PAIRS]


def turn(test: dict[str, Any]) -> dict[str, Any]:
    """The same pair, the other way round."""
    signs = {"difference": -test["difference"], "low": -test["high"], "high": -test["low"]}
    return test | signs | {"model_a": test["model_b"], "model_b": test["model_a"]}


def rank_models(units: pd.DataFrame, metric: str) -> dict[str, float]:
    """Mean rank of each model over the units, the best (1) first; equal scores share their ranks."""
    ranks = units.rank(axis=1, ascending=not METRICS[metric].higher_is_better).mean().sort_values(kind="stable")
    return {str(model): float(rank) for model, rank in ranks.items()}


def find_cliques(models: list[str], tests: pd.DataFrame, metric: str) -> list[Clique]:
    """First and last place of each longest run of models, in the order given, of which no test tells any two apart."""
    own = tests[(tests["metric"] == metric) & tests["verdict"].isin(APART)]
    apart = {frozenset(pair) for pair in zip(own["model_a"], own["model_b"], strict=True)}
    found: list[Clique] = []
    for first in range(len(models)):
        last = first
        while last + 1 < len(models) and all(
            frozenset((models[place], models[last + 1])) not in apart for place in range(first, last + 1)
        ):
            last += 1
        if last > first and (not found or last > found[-1][1]):
            found.append((first, last))
    return found
