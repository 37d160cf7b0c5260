"""Figures of what models and steps took."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, MaxNLocator

from pipeline.figures.comparison import spell
from pipeline.figures.data import shorten_name
from pipeline.figures.style import COLOURS, INK, MUTED, PAPER, build_axes, shorten_ticks, styled, to_svg
from pipeline.metrics import METRICS

CPU, WALL = COLOURS[:2]
DECADE = 10
LABEL_PX, LETTER_PX = 14, 6.8
MINUTE, HOUR = 60, 3600
LEAST_PX = 180
"""Width of a plot beside names; no wider than a phone shows where the names are short."""
ROUND_SECONDS = (0.01, 0.1, 1, 10, MINUTE, 10 * MINUTE, HOUR, 10 * HOUR, 100 * HOUR)
"""Ticks of a logarithmic axis; every other one where the times are apart by more than MOST_TICKED."""
MOST_TICKED = 1000


@styled
def draw_quality(
    comparison: pd.DataFrame, costs: pd.DataFrame, metric: str, models: list[str], colours: Mapping[str, str]
) -> str:
    """Mean and interval of a metric against seconds, a dot a model; a line joins those that none beats in both.

    `comparison` has model, metric, mean, low, high; `costs` has model and seconds.
    """
    scores = comparison[comparison["metric"] == metric].set_index("model")[["mean", "low", "high"]]
    rows = (
        scores.join(costs.set_index("model")["seconds"], how="inner").reindex(models).dropna(subset=["mean", "seconds"])
    )
    rows["seconds"] = rows["seconds"].clip(lower=0.01)  # a moment, for the logarithm
    names = [shorten_name(str(name)) for name in rows.index]
    right = 24 + LETTER_PX * max(map(len, names), default=0)
    figure, axes = build_axes(max(340, 52 + LEAST_PX + right), 300, left=52, right=right, top=30, bottom=42)
    front = find_front(rows, METRICS[metric].sign)
    axes.plot(front["seconds"], front["mean"], color=MUTED, linewidth=1, drawstyle="steps-post", zorder=0)
    for name, row in rows.iterrows():
        colour = colours[str(name)]
        axes.plot([row["seconds"]] * 2, [row["low"], row["high"]], color=colour, linewidth=2, alpha=0.55)
        axes.plot(row["seconds"], row["mean"], "o", color=colour, markersize=7.5, markeredgecolor=PAPER, zorder=3)
    if len(rows) and rows["seconds"].max() > DECADE * rows["seconds"].min():
        axes.set_xscale("log")
        is_wide = rows["seconds"].max() > MOST_TICKED * rows["seconds"].min()
        axes.xaxis.set_major_locator(FixedLocator(ROUND_SECONDS[:: 2 if is_wide else 1]))
        axes.xaxis.set_major_formatter(lambda value, _: _spell_seconds(value))
        axes.minorticks_off()
        axes.set_xlabel("Time of all fits and searches")
    else:
        axes.set_xlabel(f"Time of all fits and searches, {_scale_seconds(axes)}")
    axes.set_title(
        " ".join([spell(metric), f"({METRICS[metric].unit})" * bool(METRICS[metric].unit)]).strip(), x=0, pad=10
    )
    shorten_ticks(axes, x=False)
    _name_dots(axes, rows)
    return to_svg(figure, "quality", f"{spell(metric)} against the time of all fits, by model")


def find_front(rows: pd.DataFrame, sign: int) -> pd.DataFrame:
    """Rows, the quickest first, each better than all that are quicker; `sign` is that of the metric."""
    ordered = rows.assign(better=sign * rows["mean"]).sort_values(["seconds", "better"], ascending=[True, False])
    return ordered[ordered["better"].cummax().diff().fillna(1) > 0]


@styled
def draw_profile(costs: Sequence[Mapping[str, Any]]) -> str:
    """Wall and CPU seconds of every rule, a bar each, the dearest first; `costs` has rule, seconds, cpu_seconds."""
    names = [str(cost["rule"]) for cost in costs]
    left = 18 + LETTER_PX * max(map(len, names))
    figure, axes = build_axes(520, 72 + 24 * len(names), left=left, right=64, top=30, bottom=42)
    places = np.arange(len(names))
    for shift, column, colour in ((-0.2, "cpu_seconds", CPU), (0.2, "seconds", WALL)):
        axes.barh(places + shift, [cost[column] for cost in costs], height=0.36, color=colour, alpha=0.8)
    for place, cost in zip(places, costs, strict=True):
        most = max(cost["cpu_seconds"], cost["seconds"])
        axes.annotate(
            _spell_seconds(most), (most, place), (5, 0), textcoords="offset points", va="center", color=INK, fontsize=11
        )
    axes.set_yticks(places, names, color=INK)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(f"Time, {_scale_seconds(axes)}")
    axes.set_title("Time of every rule", x=0, pad=10)
    return to_svg(figure, "profile", "Wall and CPU time of every rule")


def _name_dots(axes: Axes, rows: pd.DataFrame) -> None:
    """The models' names to the right of the plot, in the order of their scores, each joined with its dot."""
    axes.figure.canvas.draw()
    low, high = axes.get_ylim()
    height = axes.bbox.height
    heights = ((rows["mean"] - low) / (high - low) * height).sort_values()
    placed = _spread(heights.to_numpy(float), height)
    for name, place in zip(heights.index, placed, strict=True):
        axes.annotate(
            shorten_name(str(name)),
            xy=(float(rows.loc[name, "seconds"]), float(rows.loc[name, "mean"])),
            xytext=(1.02, place / height),
            textcoords="axes fraction",
            va="center",
            color=INK,
            fontsize=11,
            arrowprops={"arrowstyle": "-", "color": MUTED, "linewidth": 0.5, "shrinkA": 1, "shrinkB": 5},
        )


def _spread(heights: np.ndarray, most: float) -> np.ndarray:
    """Ascending heights, at least LABEL_PX apart, as near to the wanted ones as going up and down once allows."""
    placed = heights.copy()
    for place in range(1, len(placed)):
        placed[place] = max(placed[place], placed[place - 1] + LABEL_PX)
    if len(placed):
        placed[-1] = min(placed[-1], most)
    for place in range(len(placed) - 2, -1, -1):
        placed[place] = min(placed[place], placed[place + 1] - LABEL_PX)
    return placed


def _scale_seconds(axes: Axes) -> str:
    """Tick an axis of seconds in the unit that fits its end; gives the unit."""
    end = axes.get_xlim()[1]
    unit, seconds = ("s", 1) if end < 2 * MINUTE else ("min", MINUTE) if end < 2 * HOUR else ("h", HOUR)
    ticks = MaxNLocator(5).tick_values(0, end / seconds)
    axes.xaxis.set_major_locator(FixedLocator([tick * seconds for tick in ticks if tick * seconds <= end]))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value / seconds:g}")
    return unit


def _spell_seconds(value: float) -> str:
    if value < MINUTE:
        return f"{value:.3g} s"
    return f"{value / MINUTE:.3g} min" if value < HOUR else f"{value / HOUR:.3g} h"
