"""The rows of the score table that metrics of many samples are computed from, lined up between models."""

from collections.abc import Mapping
from dataclasses import fields

import numpy as np
import pandas as pd

from pipeline.comparison.blocks import block_length
from pipeline.comparison.pairing import Paired
from pipeline.comparison.pooled import Pooled
from pipeline.metrics import METRICS
from pipeline.metrics.pooled import POOLED


def mark_rows(scores: pd.DataFrame, metrics: tuple[str, ...]) -> pd.DataFrame:
    """The score table with a column for each pooled metric: the number of each row that has all that the metric needs, else NaN.

    So lined up like scores, they tell which rows of each model belong together.
    """
    number = np.arange(len(scores), dtype=np.float64)
    columns = {metric: _needed(scores, metric) for metric in metrics}
    return scores.assign(
        **{
            metric: np.where(scores[names].notna().all(axis=1), number, np.nan) if names else np.nan
            for metric, names in columns.items()
        }
    )


def pool(scores: pd.DataFrame, pairs: Mapping[str, Paired]) -> dict[str, Paired]:
    """The same pairs, those of pooled metrics (see mark_rows) with what they are computed from."""
    return {
        metric: _pool(scores, metric, paired, pairs) if metric in POOLED else paired for metric, paired in pairs.items()
    }


def _pool(scores: pd.DataFrame, metric: str, paired: Paired, pairs: Mapping[str, Paired]) -> Pooled:
    table = scores[_needed(scores, metric)]
    cells = tuple(POOLED[metric].read(table.iloc[rows.astype(np.int64)]) for rows in paired.scores.T)
    parts = {part.name: getattr(paired, part.name) for part in fields(Paired)}
    return Pooled(**parts, cells=cells, metric=POOLED[metric], block_length=_block_length(metric, pairs))


def _block_length(metric: str, pairs: Mapping[str, Paired]) -> int | None:
    """The longest that the scores of the first metric of the same head demand, of any model."""
    for name, paired in pairs.items():
        if name not in POOLED and METRICS[name].head == METRICS[metric].head and len(paired.scores):
            return max(block_length(column, paired.sample_stretch) for column in paired.sample_scores.T)
    return None


def _needed(scores: pd.DataFrame, metric: str) -> list[str]:
    """Columns of what the metric needs."""
    return [
        str(name) for name in scores.columns if str(name).startswith(POOLED[metric].prefixes) and name not in POOLED
    ]
