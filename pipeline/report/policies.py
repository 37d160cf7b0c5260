"""Section: samples without foreground, and what other policies than the chosen one would make of them."""

from typing import Any, get_args

import pandas as pd

from pipeline.comparison.policy_means import summarise_policies
from pipeline.metrics import METRICS, SPELT
from pipeline.params import EmptyPolicy
from pipeline.report.experiment import Experiment

POLICIES: tuple[EmptyPolicy, ...] = get_args(EmptyPolicy)


def describe_policies(experiment: Experiment) -> dict[str, Any] | None:
    """Means under each policy by metric, the one that decides first, and how many masks are empty; None without masks."""
    scores, chosen = experiment.raw_scores, experiment.params.evaluate.empty_masks
    if "mask" not in experiment.heads:
        return None
    table = summarise_policies(scores, experiment.params.evaluate, experiment.params.split)
    is_empty = scores["empty"] != ""
    metrics = sorted(table["metric"].unique(), key=lambda metric: metric != experiment.metric)
    return {
        "policies": POLICIES,
        "chosen": chosen,
        "samples": scores["sample_id"].nunique(),
        "empty": scores.loc[is_empty, "sample_id"].nunique(),
        "metrics": [describe_metric(experiment, table[table["metric"] == metric]) for metric in metrics],
        "leaders": describe_leaders(table[table["metric"] == experiment.metric], experiment.metric),
        "silent": count_silent(experiment),
    }


def describe_metric(experiment: Experiment, table: pd.DataFrame) -> dict[str, Any]:
    """A row a model, a cell a policy: mean, and whether no other model has a better one."""
    metric = str(table["metric"].iloc[0])
    means = table.pivot_table(index="model", columns="policy", values="mean", dropna=False)
    best = means.max() if METRICS[metric].higher_is_better else means.min()
    counts = table.drop_duplicates("policy").set_index("policy")["samples"]
    names = [model for model in experiment.models if model in means.index]
    return {
        "metric": metric,
        "spelt": SPELT[metric],
        "unit": METRICS[metric].unit,
        "counts": [int(counts[policy]) for policy in POLICIES],
        "rows": [
            (model, [(means.loc[model, policy], means.loc[model, policy] == best[policy]) for policy in POLICIES])
            for model in names
        ],
    }


def describe_leaders(table: pd.DataFrame, metric: str) -> list[tuple[str, list[str]]]:
    """Model and the policies under which its mean is the best, the one with the most first; none where the metric has no policy."""
    leaders: dict[str, list[str]] = {}
    for policy, rows in table.dropna(subset="mean").groupby("policy", sort=False):
        place = int((METRICS[metric].sign * rows["mean"]).to_numpy().argmax())
        leaders.setdefault(str(rows["model"].iloc[place]), []).append(str(policy))
    return sorted(leaders.items(), key=lambda pair: -len(pair[1]))


def count_silent(experiment: Experiment) -> dict[str, tuple[int, int]]:
    """By model its predictions for samples without foreground in truth, and those of them that are empty too."""
    scores = experiment.raw_scores
    rows = scores[scores["empty"] != ""].groupby("model")["empty"]
    counts = rows.agg(samples="size", silent=lambda cells: int((cells == "both").sum()))
    return {str(model): (int(row["samples"]), int(row["silent"])) for model, row in counts.iterrows()}
