"""Figures of pairs of models: differences with intervals, and mean ranks with what the tests cannot tell apart."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pipeline.figures.comparison import headline, spell
from pipeline.figures.data import LETTER_PX, shorten_name
from pipeline.figures.style import INK, LINE, MUTED, build_axes, shorten_ticks, styled, to_svg

WIDTH, ROW_PX, RANK_PX, LANE_PX = 340, 44, 26, 12
RIGHT_OR_WRONG = 3
"""Values of a difference where a score is 0 or 1: dots would fall on three lines."""
MOST_DOTS = 400
"""Of a pair; of more units evenly spread ones are drawn."""
GOLDEN = 0.6180339887
"""Steps of the golden ratio spread dots evenly, and alike in every report."""


@styled
def draw_differences(
    tests: Sequence[Mapping[str, Any]], units: Sequence[Sequence[float]], metric: str, margin: float | None
) -> str:
    """Mean difference and interval of each pair, a line a pair, and a pale dot a unit unless units are only right or wrong; dark where
    the pair is told apart.

    `tests` have model_a, model_b, difference, low, high and verdict; `units` are the same differences unit by unit.
    """
    figure, axes = build_axes(WIDTH, 66 + ROW_PX * len(tests), left=14, top=30, bottom=34)
    axes.axvline(0, color=MUTED, linewidth=1.2)
    if margin is not None:
        axes.axvspan(-margin, margin, color=LINE, alpha=0.5, linewidth=0)
    has_dots = any(len(set(values)) > RIGHT_OR_WRONG for values in units)
    for place, (test, values) in enumerate(zip(tests, units, strict=True)):
        shown = _thin(np.sort(np.asarray(values, float))) if has_dots else np.zeros(0)
        shifts = ((np.arange(len(shown)) * GOLDEN) % 1 - 0.5) * 0.3
        axes.scatter(shown, place + shifts, s=7, color=MUTED, alpha=0.35, linewidths=0)
        colour = INK if test["verdict"] in ("better", "worse") else MUTED
        axes.plot([test["low"], test["high"]], [place, place], color=colour, linewidth=3, solid_capstyle="round")
        axes.plot(test["difference"], place, "o", color=colour, markersize=7)
        name = f"{shorten_name(test['model_a'])} − {shorten_name(test['model_b'])}"
        axes.annotate(name, (0, place - 0.42), xycoords=("axes fraction", "data"), va="center", color=INK, fontsize=11)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_ylim(len(tests) - 0.5, -0.75)
    axes.locator_params(axis="x", nbins=6)
    axes.set_title(f"Difference in {headline(metric)}", x=0, pad=10)
    shorten_ticks(axes, y=False)
    return to_svg(figure, "differences", f"Paired differences in {spell(metric)} of {len(tests)} pairs, with intervals")


@styled
def draw_ranks(
    ranks: Mapping[str, float], cliques: Sequence[tuple[int, int]], metric: str, colours: Mapping[str, str]
) -> str:
    """Mean rank of each model, the best first, and a bar beside those that the tests cannot tell apart (after Demšar 2006).

    `ranks` ascend; a clique is the places of its first and last model in them.
    """
    names = [shorten_name(name) for name in ranks]
    left, right = 18 + LETTER_PX * max(map(len, names)), 16 + LANE_PX * len(cliques)
    figure, axes = build_axes(WIDTH, 62 + RANK_PX * len(names), left=left, right=right, top=30, bottom=32)
    for place, (model, rank) in enumerate(ranks.items()):
        axes.plot([1, rank], [place, place], color=LINE, linewidth=1.5, zorder=1)
        axes.plot(rank, place, "o", color=colours[model], markersize=8)
    for lane, (first, last) in enumerate(cliques):
        x = 1 + (LANE_PX * (lane + 0.7)) / axes.bbox.width
        ends = [first - 0.25, last + 0.25]
        axes.plot([x, x], ends, transform=axes.get_yaxis_transform(), color=INK, linewidth=4, clip_on=False)
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", colors=INK)
    axes.set(ylim=(len(names) - 0.4, -0.6), xlim=(0.9, max(len(names), 2) + 0.1))
    axes.set_xticks(range(1, len(names) + 1))
    axes.grid(axis="y", visible=False)
    axes.set_title(f"Mean rank in {spell(metric)}", x=(8 - left) / axes.bbox.width, pad=10)
    return to_svg(figure, "ranks", f"Mean rank in {spell(metric)} of {', '.join(ranks)}, 1 is the best")


def _thin(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    places = np.linspace(0, len(values) - 1, min(len(values), MOST_DOTS)).round().astype(int)
    return values[places]
