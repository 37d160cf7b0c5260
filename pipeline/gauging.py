"""How far the probabilities of a model can be believed: reliability and calibration error, before and after its temperature."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from pipeline.calibration import Drawn, Pair, draw, gather, scale
from pipeline.comparison.pairing import number_units
from pipeline.comparison.settling import join_parts
from pipeline.datasets.arrays import Arrays
from pipeline.datasets.predictions import Predictions
from pipeline.metrics.calibration import Reliability, count_reliability, judge_likeliest
from pipeline.params import SplitParams
from pipeline.uncertainty import UNCERTAINTY_COLUMNS, tell_uncertainty

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Row = dict[str, Any]

STATES = ("before", "after")
WIDTHS = {"equal_width": False, "adaptive": True}
"""Bins of equal width, or of equal count."""
FEWEST_UNITS = 5
"""With fewer independent units nothing is claimed beyond them."""
CALIBRATION_COLUMNS = [
    *("model", "head", "state", "bins", "error", "low", "high", "count", "samples", "units"),
    *("temperature", "temperature_low", "temperature_high"),
]
RELIABILITY_COLUMNS = ["model", "head", "state", "bins", "low", "high", "count", "probability", "rate"]


@dataclass(frozen=True)
class Said:
    """What one model's head said of its test samples after its temperature, and what came true; in the order of the folds."""

    parts: tuple[Pair, ...]
    """Probabilities and true classes drawn from each sample."""
    temperatures: tuple[float, ...]
    """Of each sample's fold; 1 where there is none."""
    units: Integers
    """Number of each sample's independent unit."""


def collect(
    model: Mapping[str, Predictions], arrays: Arrays, heads: Sequence[str], split: SplitParams, seed: int
) -> tuple[dict[str, Said], pd.DataFrame]:
    """What a model said with each head, from its predictions by fold, and a row of uncertainty a test sample, fold and head."""
    random, samples = np.random.default_rng(seed), sum(map(len, model.values()))
    parts: dict[str, list[Pair]] = {head: [] for head in heads}
    temperatures: dict[str, list[float]] = {head: [] for head in heads}
    places: list[int] = []
    in_fold: list[str] = []
    rows: list[Row] = []
    for fold, predictions in model.items():
        for place, (sample_id, prediction) in zip(
            arrays.positions(predictions.sample_ids), predictions.items(), strict=True
        ):
            places.append(int(place))
            in_fold.append(fold)
            told = tell_uncertainty(prediction, predictions.threshold)
            rows += [{"sample_id": sample_id, "fold": fold, **row} for row in told]
            for head in [head for head in heads if head in prediction]:
                parts[head].append(draw(arrays.target(head, int(place)), prediction[head], samples, random))
                temperatures[head].append(predictions.temperatures.get(head, 1.0))
    tested = arrays.index.iloc[places].assign(fold=in_fold)
    units = number_units(join_parts(tested, split), split.divides_sequences)
    said = {head: Said(tuple(part), tuple(temperatures[head]), units) for head, part in parts.items() if part}
    return said, pd.DataFrame(rows, columns=["sample_id", "fold", *UNCERTAINTY_COLUMNS])


def gauge_models(
    models: Iterable[tuple[str, Mapping[str, Predictions]]],
    arrays: Arrays,
    heads: Sequence[str],
    split: SplitParams,
    confidence: float,
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Of all models, each with its predictions by fold: CALIBRATION_COLUMNS, RELIABILITY_COLUMNS, and a row of uncertainty a test sample."""
    errors: list[Row] = []
    bins: list[Row] = []
    tables = [pd.DataFrame(columns=["model", "sample_id", "fold", *UNCERTAINTY_COLUMNS])]
    for model, folds in models:
        said, table = collect(folds, arrays, heads, split, seed)
        tables.append(table.assign(model=model))
        for head, part in said.items():
            for kept, rows in zip((errors, bins), gauge(part, confidence), strict=True):
                kept += [{"model": model, "head": head, **row} for row in rows]
    uncertainty = pd.concat([table for table in tables if len(table)] or tables)
    return (
        pd.DataFrame(errors, columns=CALIBRATION_COLUMNS),
        pd.DataFrame(bins, columns=RELIABILITY_COLUMNS),
        uncertainty,
    )


def gauge(said: Said, confidence: float) -> tuple[list[Row], list[Row]]:
    """Rows of CALIBRATION_COLUMNS and of RELIABILITY_COLUMNS without model and head, for both states and kinds of bins."""
    errors, bins = [], []
    about = _describe(said)
    for state, (name, is_adaptive) in product(STATES, WIDTHS.items()):
        drawn = _at_state(said, state)
        values, came_true = judge(drawn)
        found = count_reliability(values, came_true, is_adaptive=is_adaptive)
        low, high = find_interval(found, values, came_true, said.units[drawn.sample], confidence)
        key = {"state": state, "bins": name}
        errors.append({**key, "error": found.error, "low": low, "high": high, "count": len(values), **about})
        bins += [{**key, **row} for row in _list_bins(found)]
    return errors, bins


def judge(drawn: Drawn) -> tuple[Floats, NDArray[np.bool_]]:
    """Probabilities (n,) and whether they came true (n,): of foreground where there is one channel, else of the likeliest class."""
    if drawn.probabilities.shape[-1] == 1:
        return drawn.probabilities[:, 0], drawn.targets > 0
    values, came_true = judge_likeliest(drawn.targets, drawn.probabilities)
    return values.astype(np.float64), came_true


def find_interval(
    found: Reliability, values: Floats, came_true: NDArray[np.bool_], unit: Integers, confidence: float
) -> tuple[float, float]:
    """Interval of the calibration error over independent units, by leaving each out in turn (Efron & Stein 1981); NaN under five.

    Bins keep their ends. Error +- t s with s^2 = (n - 1) / n sum (error_i - mean)^2 and n - 1 degrees of freedom, within [0, 1].
    """
    units = int(unit.max()) + 1 if unit.size else 0
    if units < FEWEST_UNITS:
        return float("nan"), float("nan")
    places = np.searchsorted(found.high[:-1], values, side="left")
    cells = unit * len(found.high) + places
    gaps = np.bincount(cells, weights=came_true - values, minlength=units * len(found.high)).reshape(units, -1)
    counts = np.bincount(unit, minlength=units)
    left = np.abs(gaps.sum(axis=0) - gaps).sum(axis=1) / (counts.sum() - counts)
    margin = stats.t.ppf((1 + confidence) / 2, units - 1) * np.sqrt((units - 1) * left.var())
    return max(0.0, found.error - margin), min(1.0, found.error + margin)


def _at_state(said: Said, state: str) -> Drawn:
    """What was said at the temperature, or as it was before."""
    if state == "after":
        return gather(said.parts)
    pairs = zip(said.parts, said.temperatures, strict=True)
    return gather([(scale(given, 1 / temperature), targets) for (given, targets), temperature in pairs])


def _describe(said: Said) -> Row:
    """What both states have in common; of the temperatures of folds the median, the lowest and the highest."""
    middle, low, high = (float(part(said.temperatures)) for part in (np.median, np.min, np.max))
    spread = {"temperature": middle, "temperature_low": low, "temperature_high": high}
    return {"samples": len(said.parts), "units": len(np.unique(said.units)), **spread}


def _list_bins(found: Reliability) -> Iterator[Row]:
    columns: Sequence[NDArray[Any]] = (found.low, found.high, found.count, found.probability, found.rate)
    for row in zip(*columns, strict=True):
        yield dict(zip(RELIABILITY_COLUMNS[4:], (value.item() for value in row), strict=True))
