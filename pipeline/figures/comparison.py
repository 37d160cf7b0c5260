"""Figures of scores: means with intervals, and the score of every sample."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.figures.data import shorten_name
from pipeline.figures.style import INK, LINE, MUTED, PAPER, build_axes, shorten_ticks, styled, to_svg
from pipeline.metrics import METRICS, SPELT

DOTS = 3000  # more are drawn as pixels, which keeps the page small
ROW_PX, MEDIAN_HEIGHT, NAME_ABOVE = 56, 0.5, 0.36


@styled
def draw_intervals(comparison: pd.DataFrame, metric: str, models: list[str], colours: Mapping[str, str]) -> str:
    """Mean and interval of one metric, a line a model; `comparison` has model, metric, mean, low, high."""
    rows = comparison[comparison["metric"] == metric].set_index("model").reindex(models)
    height = 62 + 26 * len(models)
    left = _label_width(models)
    figure, axes = build_axes(340, height, left=left, top=30, bottom=32)
    for place, (model, row) in enumerate(rows.iterrows()):
        colour = colours[str(model)]
        axes.plot([row["low"], row["high"]], [place, place], color=colour, linewidth=2.5, solid_capstyle="round")
        axes.plot(row["mean"], place, "o", color=colour, markersize=7, markeredgecolor=PAPER)
    axes.set_yticks(range(len(models)), [shorten_name(model) for model in models])
    axes.tick_params(axis="y", colors=INK)
    axes.set_ylim(len(models) - 0.4, -0.6)
    axes.grid(axis="y", visible=False)
    axes.locator_params(axis="x", nbins=5)
    axes.set_title(headline(metric), x=(8 - left) / axes.bbox.width, pad=10)  # over the names, which may be long
    shorten_ticks(axes, y=False)
    return to_svg(figure, f"interval-{metric}", f"Mean {spell(metric)} with interval of {', '.join(models)}")


@styled
def draw_scores(scores: pd.DataFrame, metric: str, models: list[str], colours: Mapping[str, str], unit: str) -> str:
    """The score of every sample, a row a model below its name, and a line a unit (`sample_id` or `group`) from model to model."""
    figure, axes = build_axes(340, 66 + ROW_PX * len(models), left=14, top=30, bottom=34)
    means = scores.pivot_table(index=unit, columns="model", values=metric, aggfunc="mean").reindex(columns=list(models))
    strength = float(np.clip(12 / max(len(means), 1), 0.08, 0.6))
    axes.plot(means.to_numpy(float).T, range(len(models)), color=MUTED, linewidth=0.8, alpha=strength, zorder=1)
    for place, model in enumerate(models):
        values = scores.loc[scores["model"] == model, metric].dropna().to_numpy(float)
        # Steps of the golden ratio spread the dots evenly, and alike in every report.
        shifts = ((np.arange(len(values)) * 0.6180339887) % 1 - 0.5) * 0.36
        axes.scatter(
            values, place + shifts, s=11, color=colours[model], alpha=0.55, linewidths=0, rasterized=len(scores) > DOTS
        )
        if len(values):
            ends = [place - MEDIAN_HEIGHT / 2, place + MEDIAN_HEIGHT / 2]
            axes.plot([np.median(values)] * 2, ends, color=INK, linewidth=1.8, zorder=3)
        above = (0, place - NAME_ABOVE)
        axes.annotate(
            shorten_name(model), above, xycoords=("axes fraction", "data"), va="center", color=INK, fontsize=11
        )
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_ylim(len(models) - 0.5, -0.75)
    axes.locator_params(axis="x", nbins=6)
    axes.set_title(f"Every sample: {headline(metric)}", x=0, pad=10)
    shorten_ticks(axes, y=False)
    return to_svg(figure, "scores", f"{spell(metric)} of every sample by model")


@styled
def draw_optimism(beliefs: pd.DataFrame, metric: str, colours: Mapping[str, str]) -> str:
    """What the search believed (`belief`) against what the test fold gave (`test`), a dot a fold, and the line of no optimism."""
    figure, axes = build_axes(340, 320, left=46, top=30, bottom=42)
    ends = [float(beliefs[["belief", "test"]].min().min()), float(beliefs[["belief", "test"]].max().max())]
    margin = max(0.05 * (ends[1] - ends[0]), 0.005)
    ends = [ends[0] - margin, ends[1] + margin]
    axes.plot(ends, ends, color=LINE, linewidth=1.2)
    for model, rows in beliefs.groupby("model", sort=False):
        axes.scatter(rows["belief"], rows["test"], s=36, color=colours[str(model)], edgecolor=PAPER)
    axes.set(xlim=ends, ylim=ends, xlabel=f"{spell(metric)} believed (validation)")
    axes.set_title(f"{spell(metric)} of the test fold", x=0, pad=10)
    axes.locator_params(nbins=5)
    shorten_ticks(axes)
    return to_svg(figure, "optimism", f"{spell(metric)} that the search believed against that of the test fold")


def headline(metric: str) -> str:
    """A metric as a title, with its unit and, for an error, which way is better: RMSE in m (lower is better)."""
    about = METRICS[metric]
    unit = f" in {about.unit}" if about.unit else ""
    return f"{spell(metric)}{unit}{'' if about.higher_is_better else ' (lower is better)'}"


def spell(name: str) -> str:
    """A column's name as words: a metric as it is written, in other names the words that are metrics."""
    words = SPELT[name].split() if name in SPELT else [SPELT.get(word, word) for word in name.split("_")]
    return " ".join([words[0][0].upper() + words[0][1:], *words[1:]])


def _label_width(labels: list[str]) -> float:
    return min(18 + 7.2 * max(len(label) for label in labels), 190)
