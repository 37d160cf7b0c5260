"""Curves over a fit or a search."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from pipeline.figures.comparison import spell
from pipeline.figures.style import COLOURS, MUTED, PAPER, build_axes, shorten_ticks, styled, to_svg
from pipeline.metrics import METRICS

SCORE = "validation_score"


@styled
def draw_losses(histories: Mapping[str, pd.DataFrame], best: Mapping[str, int | None], model: str) -> str:
    """Training (dotted) and validation loss of one model over samples seen, a colour a fold, best epochs as dots."""
    figure, axes = build_axes(340, 250, left=46, top=30, bottom=42)
    for place, (fold, history) in enumerate(histories.items()):
        colour = COLOURS[place % len(COLOURS)]
        axes.plot(history["samples"], history["loss"], color=colour, linewidth=1.3, linestyle=(0, (1, 1.2)))
        axes.plot(history["samples"], history["validation_loss"], color=colour)
        _mark_best(axes, history, "validation_loss", best.get(fold), colour)
    mark_stages(axes, histories.values())
    limit_to_losses(axes, [history[["loss", "validation_loss"]] for history in histories.values()])
    axes.set_xlabel("Samples seen")
    axes.set_title("Loss", x=0, pad=10)
    axes.locator_params(nbins=5)
    shorten_ticks(axes, x=False)
    return to_svg(figure, f"loss-{model}", f"Training and validation loss of {model}, fold by fold")


@styled
def draw_validation_scores(
    histories: Mapping[str, pd.DataFrame], best: Mapping[str, int | None], model: str, metric: str
) -> str:
    """The validation score of one model over samples seen, a colour a fold, best epochs as dots; `metric` says what it is."""
    figure, axes = build_axes(340, 250, left=46, top=30, bottom=42)
    for place, (fold, history) in enumerate(histories.items()):
        colour = COLOURS[place % len(COLOURS)]
        axes.plot(history["samples"], history[SCORE], color=colour)
        _mark_best(axes, history, SCORE, best.get(fold), colour)
    mark_stages(axes, histories.values())
    axes.set_xlabel("Samples seen")
    axes.set_title(f"{spell(metric)} (validation)", x=0, pad=10)
    axes.locator_params(nbins=5)
    shorten_ticks(axes, x=False)
    return to_svg(figure, f"validation-{model}", f"{spell(metric)} of {model} on validation, fold by fold")


@styled
def draw_search(trials: Mapping[str, pd.DataFrame], model: str, metric: str) -> str:
    """Value of every trial of one model (dots) and the best so far (steps), which of an error is the lowest; a colour a fold."""
    best = np.fmax if METRICS[metric].higher_is_better else np.fmin
    figure, axes = build_axes(340, 250, left=46, top=30, bottom=42)
    for place, (_, table) in enumerate(trials.items()):
        colour = COLOURS[place % len(COLOURS)]
        values = table["value"].to_numpy(float)
        axes.scatter(table["number"], values, s=14, color=colour, alpha=0.6, linewidths=0)
        if not np.isnan(values).all():
            axes.step(table["number"], best.accumulate(values), where="post", color=colour)
    axes.set_xlabel("Trial")
    axes.set_title(f"{spell(metric)} (validation)", x=0, pad=10)
    axes.locator_params(axis="y", nbins=5)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    shorten_ticks(axes, x=False)
    return to_svg(figure, f"search-{model}", f"Trials of the search of {model}, fold by fold")


def _mark_best(axes: Axes, history: pd.DataFrame, column: str, epoch: int | None, colour: str) -> None:
    rows = history[history["epoch"] == epoch]
    axes.plot(rows["samples"], rows[column], "o", color=colour, markersize=7.5, markeredgecolor=PAPER, zorder=4)


def mark_stages(axes: Axes, histories: Iterable[pd.DataFrame]) -> None:
    """A vertical line where a stage of the fits begins, but the first."""
    starts: set[float] = set()
    for history in histories:
        is_new = (history["stage"] != history["stage"].shift()) & (history.index > 0)
        starts |= set(history["samples"].shift()[is_new])
    for start in sorted(starts):
        axes.axvline(start, color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)


def limit_to_losses(axes: Axes, losses: Sequence[pd.DataFrame]) -> None:
    """Leave the first epochs' peaks out of the picture: they flatten the rest."""
    values = np.concatenate([table.to_numpy(float).ravel() for table in losses])
    values = values[np.isfinite(values)]
    if len(values):
        low, high = values.min(), min(values.max(), np.percentile(values, 98) * 1.1)
        margin = 0.05 * (high - low) or 0.01
        axes.set_ylim(low - margin, high + margin)
