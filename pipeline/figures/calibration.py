"""Figures of how far probabilities can be believed: reliability, and the risk left where doubtful samples are set aside."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from pipeline.figures.data import shorten_name
from pipeline.figures.style import BASELINE, LINE, build_axes, shorten_ticks, styled, to_svg

LARGEST_DOT = 90
FEW = 0.1
"""Share of samples below which the risk of those kept jumps about."""
LETTER_PX, LEAST_PX = 6.8, 190
LINE_OF_TEXT = 0.07
"""Its height as a share of that of the axes."""


@styled
def draw_reliability(bins: Mapping[str, pd.DataFrame], colours: Mapping[str, str], name: str) -> str:
    """Share that is right against the probability said, a line a kind ("before", "after"), and the line of perfect calibration.

    Each table has a row a bin with columns confidence, accuracy and count; a dot is the larger the more its bin holds.
    """
    figure, axes = build_axes(340, 320, left=46, top=30, bottom=42)
    axes.plot([0, 1], [0, 1], color=LINE, linewidth=1.5)
    for kind, table in bins.items():
        held = table[table["count"] > 0]
        sizes = LARGEST_DOT * np.sqrt(held["count"] / held["count"].max())
        axes.plot(held["confidence"], held["accuracy"], color=colours[kind], linewidth=1.4)
        axes.scatter(held["confidence"], held["accuracy"], s=sizes, color=colours[kind], alpha=0.75, linewidths=0)
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xlabel="Probability said")
    axes.set_title(f"Share right: {shorten_name(name)}", x=0, pad=10)
    shorten_ticks(axes)
    return to_svg(figure, f"reliability-{name}", f"Share that is right against the probability said by {name}")


@styled
def draw_risk_coverage(curves: Mapping[str, pd.DataFrame], colours: Mapping[str, str], risk: str) -> str:
    """Mean risk of the samples kept against their share, the surest kept first; a line a model, dotted for one without a colour.

    Each table has columns coverage (0 to 1, ascending) and risk; `risk` is what that is: 1 − Dice.
    """
    right = 20 + LETTER_PX * max((len(name) for name in curves if name in colours), default=0)
    figure, axes = build_axes(max(340, 46 + LEAST_PX + right), 280, left=46, right=right, top=30, bottom=42)
    for model, table in curves.items():
        style = "-" if model in colours else ":"
        axes.plot(table["coverage"], table["risk"], style, color=colours.get(model, BASELINE))
    axes.set_ylim(0, 1.05 * max([*(_highest(table) for table in curves.values()), 1e-9]))
    _name_ends(axes, {model: float(table["risk"].iloc[-1]) for model, table in curves.items() if model in colours})
    axes.set(xlim=(0, 1), xlabel="Share of samples kept, the surest first")
    axes.set_title(risk, x=0, pad=10)
    axes.locator_params(nbins=5)
    shorten_ticks(axes)
    return to_svg(figure, "risk-coverage", f"{risk} against the share of samples kept, of {', '.join(curves)}")


def _highest(table: pd.DataFrame) -> float:
    """Of the risk where it is the mean of more than a handful of samples."""
    return float(table.loc[table["coverage"] >= min(FEW, table["coverage"].max()), "risk"].max())


def _name_ends(axes: Axes, ends: Mapping[str, float]) -> None:
    """Names beside the right ends of lines, a line of text apart at least."""
    step = LINE_OF_TEXT * axes.get_ylim()[1]
    lowest = -step
    for name, value in sorted(ends.items(), key=lambda end: end[1]):
        lowest = max(value, lowest + step)
        axes.annotate(
            name, (1, value), xytext=(1.03, lowest), textcoords="data", va="center", fontsize=11, annotation_clip=False
        )
