"""Figures of why the curves of one fit differ."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.figures.curves import limit_to_losses, mark_stages
from pipeline.figures.style import COLOURS, INK, PAPER, build_axes, shorten_ticks, styled, to_svg

LOSSES = {"loss": COLOURS[1], "train_loss": COLOURS[0], "validation_loss": COLOURS[2]}
"""Loss as logged while training, re-evaluated after the epoch, and of the validation subset, with their colours."""
MODES = {"train_loss": COLOURS[0], "batch_loss": COLOURS[3]}
"""Loss of the same tiles by moving statistics and by those of the batch, with their colours."""


@styled
def draw_three_losses(history: pd.DataFrame, best_epoch: int | None, model: str) -> str:
    """The losses of one fit over samples seen, with a dot at the epoch whose weights were kept."""
    return _draw(history, LOSSES, best_epoch, f"losses-{model}", f"Loss of {model}: logged, re-evaluated, validation")


@styled
def draw_modes(history: pd.DataFrame, best_epoch: int | None, model: str) -> str:
    """The loss of the same training tiles with batch normalisation in both of its modes."""
    return _draw(history, MODES, best_epoch, f"modes-{model}", f"Loss of {model} on the same tiles in both modes")


@styled
def draw_truths(moving: np.ndarray, batch: np.ndarray, model: str) -> str:
    """Probability of the true class of the same tiles by moving statistics (x) and by those of the batch (y)."""
    figure, axes = build_axes(340, 320, left=46, top=30, bottom=42)
    axes.plot([0, 1], [0, 1], color=INK, linewidth=0.8, alpha=0.4)
    axes.scatter(moving, batch, s=30, color=COLOURS[0], edgecolor=PAPER, alpha=0.8)
    axes.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03), xlabel="Moving statistics")
    axes.set_title("True class's probability, batch statistics", x=0, pad=10)
    shorten_ticks(axes)
    return to_svg(figure, f"truths-{model}", f"Probability of the true class by {model} in both modes")


def _draw(
    history: pd.DataFrame, columns: Mapping[str, str], best_epoch: int | None, name: str, description: str
) -> str:
    figure, axes = build_axes(340, 260, left=46, top=30, bottom=42)
    at_best = history[history["epoch"] == best_epoch]
    for column, colour in columns.items():
        axes.plot(history["samples"], history[column], color=colour)
        axes.plot(
            at_best["samples"], at_best[column], "o", color=colour, markersize=7.5, markeredgecolor=PAPER, zorder=4
        )
    mark_stages(axes, [history])
    limit_to_losses(axes, [history[list(columns)]])
    axes.set_xlabel("Samples seen")
    axes.set_title("Loss", x=0, pad=10)
    axes.locator_params(nbins=5)
    shorten_ticks(axes, x=False)
    return to_svg(figure, name, description)
