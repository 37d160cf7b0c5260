"""Metrics of many samples, by the comparison's bootstrap over units."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
from scipy import stats
from tqdm import tqdm

from pipeline.comparison.pairing import pair_scores
from pipeline.comparison.pooled import Pooled, estimate_pooled, estimate_pooled_difference
from pipeline.comparison.pooled_rows import mark_rows, pool
from pipeline.metrics.pooled import POOLED
from tests.benchmarks.evidence.claims import CONFIDENCE, LEVEL
from tests.benchmarks.evidence.coverage import BARS
from tests.benchmarks.evidence.drawing import Floats

UNITS = (30, 100)
RESAMPLES = 100  # of each bootstrap; the comparison draws more
MANY = 200_000  # samples whose metric is taken for the true one where theory gives none
PROBABLE = 3 / 8
"""How often the first of three classes comes; the second comes as often, the third in a quarter."""
COLUMNS = ["metric", "samples", "drawn_for", "units", "replications", "claims", "rate", "low_99", "bar", "holds"]
COLUMNS += ["coverage", "student", "width", "coverage_bar", "covers"]
Columns = dict[str, Floats]
Draw = Callable[[int, np.random.Generator], Columns]


def draw_two_classes(apart: float) -> Draw:
    """Two equally frequent classes whose scores are normal, so many standard deviations apart, and said with the right confidence."""

    def draw(units: int, generator: np.random.Generator) -> Columns:
        label = np.tile(np.arange(units) % 2, 2)
        probability = 1 / (1 + np.exp(-apart * generator.normal((label - 0.5) * apart, 1)))
        return {"label": label, "probability_0": 1 - probability, "probability_1": probability}

    return draw


def draw_three_classes(units: int, generator: np.random.Generator) -> Columns:
    """Three classes, one of them rarer, each with evidence of its own; with the right confidence."""
    label = np.tile(np.searchsorted([PROBABLE, 2 * PROBABLE], generator.random(units)), 2)
    evidence = generator.normal(1.5 * (label[:, None] == np.arange(3)), 1)
    weights = np.exp(1.5 * evidence) * [PROBABLE, PROBABLE, 1 - 2 * PROBABLE]
    shares = weights / weights.sum(axis=1, keepdims=True)
    return {"label": label, **{f"probability_{number}": shares[:, number] for number in range(3)}}


def draw_masks(units: int, generator: np.random.Generator) -> Columns:
    """Pixels of background and of foreground, its size lognormal, its IoU beta."""
    union = np.tile(generator.lognormal(5, 0.7, units), 2)
    found = union * generator.beta(8, 2, 2 * units)
    rest = 4096 - union
    return {"intersection_0": rest, "union_0": rest + union - found, "intersection_1": found, "union_1": union}


def draw_thresholds(units: int, generator: np.random.Generator) -> Columns:
    """V_rand at three thresholds of images that are hard or easy at each."""
    hard, own = np.tile(generator.normal(size=units), 2), generator.normal(size=(3, 2 * units))
    levels = zip((0.3, 0.5, 0.7), (1.7, 2.0, 1.4), own, strict=True)
    return {
        f"v_rand_{threshold:g}": 1 / (1 + np.exp(-(level + 0.5 * hard + 0.3 * noise)))
        for threshold, level, noise in levels
    }


DRAWS: tuple[tuple[str, Draw, tuple[str, ...], str], ...] = (
    ("two classes", draw_two_classes(1.5), ("auc", "balanced_accuracy", "calibration_error"), "choice"),
    ("two classes far apart", draw_two_classes(3), ("auc", "balanced_accuracy"), "choice"),
    ("three classes", draw_three_classes, ("auc", "balanced_accuracy", "macro_f1"), "confirmation"),
    ("masks", draw_masks, ("mean_iou",), "confirmation"),
    ("thresholds", draw_thresholds, ("best_v_rand",), "confirmation"),
)


def draw_rows(draw: Draw, units: int, seed: int) -> pd.DataFrame:
    """Score table of two models that are equally good."""
    names = [f"s{number:06d}" for number in range(units)] * 2
    columns = {"sample_id": names, "sequence": names, "group": names, "time": 0, "fold": "0"}
    table = pd.DataFrame({"model": np.repeat(["a", "b"], units), **columns})
    return table.assign(**draw(units, np.random.default_rng([units, seed])))


def pair_rows(metrics: tuple[str, ...], draw: Draw, units: int) -> dict[str, Pooled]:
    """The rows of both models, lined up as the comparison does."""
    scores = mark_rows(draw_rows(draw, units, 0), metrics)
    pairs = pool(scores, pair_scores(scores, metrics, by_sequence=False))
    return {
        metric: replace(paired, resamples=RESAMPLES) for metric, paired in pairs.items() if isinstance(paired, Pooled)
    }


def draw_again(paired: Pooled, table: pd.DataFrame) -> Pooled:
    """The same lines with what another table holds, whose rows are in the same order."""
    halves = np.split(paired.metric.read(table), len(paired.models))
    return replace(paired, cells=tuple(halves))


@cache
def find_truth(metric: str, draw: Draw) -> float:
    """The metric of so many samples that it is the true one; a calibration error has none that few samples could have."""
    if metric == "calibration_error":
        return float("nan")
    return POOLED[metric].compute(draw_rows(draw, MANY, 0))


def claim_pooled(place: int, units: int, replications: int) -> list[list[object]]:
    """Rows of COLUMNS, one a metric of the kind of samples at this place of DRAWS."""
    told, draw, metrics, drawn_for = DRAWS[place]
    pairs = pair_rows(metrics, draw, units)
    found: dict[str, list[tuple[bool, bool, bool, float]]] = {metric: [] for metric in metrics}
    for seed in tqdm(range(1, replications + 1), desc=f"metrics of {told}, {units} units", unit="replication"):
        table = pd.DataFrame(draw(units, np.random.default_rng([units, seed])))
        for metric, paired in ((metric, draw_again(first, table)) for metric, first in pairs.items()):
            difference = estimate_pooled_difference(paired, 0, 1, CONFIDENCE, None)
            interval, truth = estimate_pooled(paired, 0, CONFIDENCE), find_truth(metric, draw)
            reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, units - 1)) * interval.error
            is_near = abs(interval.mean - truth) <= reach
            is_within = interval.low <= truth <= interval.high
            found[metric].append((difference.p <= LEVEL, is_within, is_near, interval.high - interval.low))
    return [[metric, told, drawn_for, units, *_judge(rows, metric, units)] for metric, rows in found.items()]


def simulate_pooled(replications: int) -> pd.DataFrame:
    """A row a kind of samples, metric and number of units."""
    rows = [row for place in range(len(DRAWS)) for units in UNITS for row in claim_pooled(place, units, replications)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _judge(rows: list[tuple[bool, bool, bool, float]], metric: str, units: int) -> list[object]:
    claimed, within, near, width = np.array(rows, float).T
    low = float(stats.binomtest(int(claimed.sum()), len(rows), alternative="greater").proportion_ci(0.99).low)
    test = [len(rows), int(claimed.sum()), float(claimed.mean()), low, "low_99 <= .05", low <= LEVEL]
    if metric == "calibration_error":
        return [*test, np.nan, np.nan, float(width.mean()), np.nan, ""]
    covered, bar = float(within.mean()), BARS[units]
    return [*test, covered, float(near.mean()), float(width.mean()), bar, covered >= bar]
