"""Figures of sets of classes."""

from collections.abc import Sequence

import numpy as np
from matplotlib.ticker import MaxNLocator

from pipeline.figures.style import BASELINE, build_axes, styled, to_svg

WIDTH, HEIGHT = 340, 220


@styled
def draw_set_sizes(covered: Sequence[int], missed: Sequence[int], model: str, colour: str) -> str:
    """Samples by the size of their set, from no class on: those whose set holds the true class, and on them, grey, the others."""
    figure, axes = build_axes(WIDTH, HEIGHT, left=48, top=30, bottom=40)
    sizes = np.arange(len(covered))
    axes.bar(sizes, covered, width=0.8, color=colour, alpha=0.75)
    axes.bar(sizes, missed, width=0.8, bottom=covered, color=BASELINE)
    axes.set(xlabel="Classes in the set", xlim=(sizes[0] - 0.6 if covered[0] or missed[0] else 0.4, sizes[-1] + 0.6))
    axes.set_title(model, x=0, pad=10)
    axes.grid(visible=False, axis="x")
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    return to_svg(figure, f"sets-{model}", f"Samples by the size of the set of classes that {model} gives")
