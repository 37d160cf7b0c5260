"""Figures of the data: intensities, foreground, and the split as a picture."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.ticker import MaxNLocator

from pipeline.figures.style import BASELINE, COLOURS, INK, MUTED, PAPER, build_axes, shorten_ticks, styled, to_svg

SUBSETS = {"train": "#8fb4d6", "validation": "#e3a92b", "test": "#b8400a", "gap": "#8b939b40", "final_test": "#6a4c93"}
"""Colour of each subset; of about the same strength on light and dark pages."""


@styled
def draw_intensities(channel: Mapping[str, Any], classes: Sequence[str], name: str) -> str:
    """Share of each class's pixels by intensity, from `overview.summarise_channel`; all pixels where none is labelled."""
    figure, axes = build_axes(340, 220, left=20, top=30, bottom=40)
    edges = np.array(channel["edges"], float)
    rows = channel["counts"] if np.any(channel["counts"]) else [channel["uncounted"]]
    for (_, colour), counts in zip(class_colours(classes), rows, strict=False):
        density = np.array(counts) / max(sum(counts), 1) / np.diff(edges)
        axes.stairs(density, edges, color=colour, linewidth=1.6)
        axes.stairs(density, edges, color=colour, fill=True, alpha=0.15)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlim(edges[0], edges[-1])
    axes.set_ylim(bottom=0)
    axes.set_xlabel("Intensity")
    axes.set_title(name, x=0, pad=10)
    axes.locator_params(axis="x", nbins=6)
    return to_svg(figure, f"intensities-{''.join(filter(str.isalnum, name))}", f"Intensities of {name} by class")


def class_colours(classes: Sequence[str]) -> list[tuple[str, str]]:
    """Class and colour, as the histograms have them: background is grey."""
    colours = [BASELINE, *(COLOURS[place % len(COLOURS)] for place in range(len(classes) - 1))]
    return list(zip(classes, colours, strict=True))


@styled
def draw_foreground(foreground: Mapping[str, Any]) -> str:
    """How many samples have which share of foreground."""
    figure, axes = build_axes(340, 220, left=44, top=30, bottom=40)
    edges = np.array(foreground["edges"], float) * 100
    axes.stairs(foreground["counts"], edges, fill=True, color=COLOURS[0], alpha=0.75)
    axes.set(xlabel="Foreground, % of a sample's pixels", xlim=(edges[0], edges[-1]))
    axes.set_title("Samples by foreground", x=0, pad=10)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    shorten_ticks(axes, y=False)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    return to_svg(figure, "foreground", "Samples by share of foreground")


@styled
def draw_split(splits: pd.DataFrame, samples: pd.DataFrame, folds: Sequence[str]) -> str:
    """The split as a picture: samples along x in the manifest's order, folds along y, one colour a subset.

    `samples` has sample_id and sequence, without the unlabelled ones; borders of sequences are ticked.
    """
    row_height = 26 if len(folds) <= 20 else max(400 / len(folds), 2)
    height = 56 + row_height * len(folds)
    figure, axes = build_axes(860, height, left=74, top=8, bottom=48)
    axes.imshow(
        colour_split(splits, samples["sample_id"].tolist(), folds),
        aspect="auto",
        interpolation="none",
        extent=(0, len(samples), len(folds), 0),
    )
    starts = np.flatnonzero((samples["sequence"] != samples["sequence"].shift()).to_numpy())
    if len(starts) <= 200:
        axes.vlines(starts[1:], 0, len(folds), color=INK, linewidth=0.8)
    axes.hlines(range(1, len(folds)), 0, len(samples), color=PAPER, linewidth=1.5 if row_height > 8 else 0)
    step = int(np.ceil(len(folds) / 30))
    axes.set_yticks(np.arange(0, len(folds), step) + 0.5, [_fold_label(fold) for fold in folds[::step]])
    if len(starts) > 1:
        _label_blocks(axes, samples["sequence"].iloc[starts].tolist(), starts, len(samples))
    else:
        axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    axes.set_xlabel("Sequences or groups" if len(starts) > 1 else "Labelled samples, in order")
    axes.grid(visible=False)
    axes.tick_params(axis="y", colors=INK)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return to_svg(figure, "split", "Subset of every sample in every fold")


def colour_split(splits: pd.DataFrame, sample_ids: Sequence[str], folds: Sequence[str]) -> np.ndarray[Any, Any]:
    """RGBA (folds, samples, 4), uint8; samples that a fold leaves out are transparent."""
    palette = np.zeros((len(SUBSETS) + 1, 4), np.uint8)
    palette[:-1] = [np.round(np.array(to_rgba(colour)) * 255) for colour in SUBSETS.values()]
    column = {sample_id: place for place, sample_id in enumerate(sample_ids)}
    codes = np.full((len(folds), len(sample_ids)), len(SUBSETS))
    for row, fold in enumerate(folds):
        rows = splits[splits["fold"] == fold]
        columns = rows["sample_id"].map(column).to_numpy(int)
        codes[row, columns] = rows["subset"].map({name: code for code, name in enumerate(SUBSETS)}).to_numpy(int)
    picture: np.ndarray[Any, Any] = palette[codes]
    return picture


def _fold_label(fold: str) -> str:
    return f"fold {fold}" if fold.isdigit() else fold


def _label_blocks(axes: Axes, names: list[str], starts: np.ndarray[Any, Any], count: int) -> None:
    ends = np.append(starts[1:], count)
    middles = (starts + ends) / 2
    longest = max(len(name) for name in names)
    room = 770 * np.diff(np.append(starts, count)).min() / count
    step = max(1, int(np.ceil((longest * 6.5 + 8) / max(room, 1))))
    axes.set_xticks(middles[::step], names[::step], color=MUTED)
