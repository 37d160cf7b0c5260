"""Means of every model, each with its interval."""

import numpy as np
import pandas as pd

from pipeline.comparison.blocks import estimate_by_blocks
from pipeline.comparison.estimates import NOTHING, Estimate
from pipeline.comparison.intervals import estimate_mean
from pipeline.comparison.pairing import Paired, is_within
from pipeline.comparison.pooled import Pooled, estimate_pooled
from pipeline.metrics import METRICS

SUMMARY_COLUMNS = ["model", "metric", "mean", "low", "high", "samples", "units", "interval", "left_out"]


def summarise_means(pairs: dict[str, Paired], confidence: float) -> pd.DataFrame:
    """A row a model and metric, columns SUMMARY_COLUMNS, from the scores of every metric; `interval` is its method."""
    rows = [row for metric, paired in pairs.items() for row in _summarise(metric, paired, confidence)]
    return pd.DataFrame(rows, columns=SUMMARY_COLUMNS)


def _summarise(metric: str, paired: Paired, confidence: float) -> list[list[object]]:
    samples, units = len(paired.sample_scores), len(paired.unit_scores)
    rows: list[list[object]] = []
    for place, model in enumerate(paired.models):
        mean = _estimate(metric, paired, place, confidence)
        low, high = np.clip([mean.low, mean.high], METRICS[metric].low, METRICS[metric].high)
        rows.append([model, metric, mean.mean, low, high, samples, units, mean.interval, paired.left_out])
    nothing = [NOTHING.mean, NOTHING.low, NOTHING.high, 0, 0, NOTHING.interval, paired.left_out]
    return rows + [[model, metric, *nothing] for model in paired.without]


def _estimate(metric: str, paired: Paired, place: int, confidence: float) -> Estimate:
    if not len(paired.scores):
        return NOTHING
    if isinstance(paired, Pooled):
        return estimate_pooled(paired, place, confidence)
    if is_within(paired):
        return estimate_by_blocks(paired.sample_scores[:, place], paired.sample_unit, paired.sample_stretch, confidence)
    return estimate_mean(paired.unit_scores[:, place], confidence, metric)
