"""The split as a picture."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.ticker import MaxNLocator

from pipeline.figures.style import INK, MUTED, PAPER, build_axes, styled, to_svg

SUBSETS = {
    "train": "#8fb4d6",
    "validation": "#e3a92b",
    "test": "#b8400a",
    "gap": "#8b939b90",
    "unused_past": "#8b939b30",
    "unused_future": "#8b939b18",
    "final_test": "#6a4c93",
}
"""Colour of each subset; of about the same strength on light and dark pages."""
MOST_COLUMNS = 4000
"""Samples drawn side by side, evenly chosen where there are more: browsers decode no picture of any width."""


@styled
def draw_split(splits: pd.DataFrame, samples: pd.DataFrame, folds: Sequence[str]) -> str:
    """The split as a picture: samples along x in the manifest's order, folds along y, one colour a subset.

    `samples` has sample_id and sequence, without the unlabelled ones; borders of sequences are ticked.
    """
    samples = samples.iloc[
        np.unique(np.linspace(0, len(samples) - 1, min(len(samples), MOST_COLUMNS)).round().astype(int))
    ]
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
    """RGBA (folds, samples, 4), uint8; samples that a fold leaves out are transparent, those not named are left out."""
    palette = np.zeros((len(SUBSETS) + 1, 4), np.uint8)
    palette[:-1] = [np.round(np.array(to_rgba(colour)) * 255) for colour in SUBSETS.values()]
    column = {sample_id: place for place, sample_id in enumerate(sample_ids)}
    codes = np.full((len(folds), len(sample_ids)), len(SUBSETS))
    for row, fold in enumerate(folds):
        rows = splits[splits["fold"] == fold]
        columns = rows["sample_id"].map(column)
        subsets = rows["subset"].map({name: code for code, name in enumerate(SUBSETS)})
        is_drawn = columns.notna().to_numpy()
        codes[row, columns[is_drawn].to_numpy(int)] = subsets[is_drawn].to_numpy(int)
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
