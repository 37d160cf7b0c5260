"""Numbers, units, intervals and lists of names inside a sentence."""

from collections.abc import Iterable
from math import floor, log10

from pipeline.comparison.pairing import Paired, is_within
from pipeline.metrics import METRICS, SPELT

DIGITS = 4


def number(value: float) -> str:
    """Three digits after the point and none before it, or four in all beyond 1: .034, -.120, 1.000, 12.35, 1235."""
    value = round(value, DIGITS - 1) + 0.0  # + 0.0 makes -0.0 positive
    before = floor(log10(max(abs(value), 1))) + 1
    text = f"{value:.{max(DIGITS - before, 0)}f}"
    return text.replace("0.", ".", 1) if abs(value) < 1 else text


def quantity(value: float, metric: str) -> str:
    """A score, or a difference of two, with the metric's unit: .712, .120 m."""
    return f"{number(value)} {METRICS[metric].unit}".rstrip()


def interval(low: float, high: float, metric: str, confidence: float) -> str:
    """95 % interval .100 to .140 m."""
    return f"{100 * confidence:g} % interval {number(low)} to {quantity(high, metric)}"


def lead(value: float, metric: str) -> str:
    """By what a model is ahead: .595 Dice, .120 m less RMSE."""
    less = "" if METRICS[metric].higher_is_better else "less "
    return f"{quantity(value, metric)} {less}{SPELT[metric]}"


def best(metric: str) -> str:
    """What the winner has: best Dice, lowest RMSE."""
    return f"{'best' if METRICS[metric].higher_is_better else 'lowest'} {SPELT[metric]}"


def chance(p: float) -> str:
    """A p-value: p = .034, p < .001."""
    return "p < .001" if p < 0.001 else f"p = {number(p)}"


def listed(names: Iterable[str]) -> str:
    """At least one name: a, b and c."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else str(last)


def count_units(paired: Paired) -> str:
    """What was counted: "12 sequences", or "30 samples of 1 sequence" where units are few."""
    units, samples = len(paired.unit_scores), len(paired.sample_scores)
    noun = f"{units} {paired.noun}{'s' if units != 1 else ''}"
    return f"{samples} samples of {noun}" if is_within(paired) and samples > units else noun


def scope(paired: Paired) -> str:
    """That nothing is claimed beyond the units just counted, where they are few."""
    return f", not beyond {'it' if len(paired.unit_scores) == 1 else 'them'}" if is_within(paired) else ""
