"""Figure of a learning curve: what more training samples gave, and are expected to give."""

from collections.abc import Sequence

import pandas as pd

from pipeline.figures.style import INK, build_axes, shorten_ticks, styled, to_svg


@styled
def draw_learning_curve(
    sizes: Sequence[float], scores: Sequence[float], band: pd.DataFrame, metric: str, colour: str
) -> str:
    """A dot a fit at its number of training samples, and the fitted curve with its interval.

    `band` has columns samples, mean, low and high; beyond the largest of `sizes` it is dashed: there it is a forecast.
    """
    figure, axes = build_axes(340, 280, left=46, top=30, bottom=42)
    most = max(sizes)
    axes.fill_between(band["samples"], band["low"], band["high"], color=colour, alpha=0.15, linewidth=0)
    seen, ahead = band[band["samples"] <= most], band[band["samples"] >= most]
    axes.plot(seen["samples"], seen["mean"], color=colour)
    axes.plot(ahead["samples"], ahead["mean"], color=colour, linestyle=(0, (3, 2)))
    axes.scatter(sizes, scores, s=22, color=INK, alpha=0.7, linewidths=0, zorder=3)
    axes.set_xlabel("Training samples")
    axes.set_title(metric, x=0, pad=10)
    axes.locator_params(nbins=5)
    shorten_ticks(axes, x=False)
    return to_svg(
        figure, f"learning-curve-{metric}", f"{metric} against the number of training samples, with its forecast"
    )
