"""Figures of the data: intensities, foreground, sizes, labels and depth."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from pipeline.figures.style import BASELINE, COLOURS, INK, build_axes, shorten_ticks, styled, to_svg

WIDTH, HEIGHT = 340, 220
BAR_PX = 20
LETTER_PX = 6.6
MOST_BARS = 30
SHOWN_LETTERS = 22


@styled
def draw_intensities(channel: Mapping[str, Any], classes: Sequence[str], name: str) -> str:
    """Share of each class's pixels by intensity, from `overview.summarise_values`; all pixels where none is labelled."""
    figure, axes = build_axes(WIDTH, HEIGHT, left=20, top=30, bottom=40)
    edges = np.array(channel["edges"], float)
    rows = channel["counts"] if np.any(channel["counts"]) else [channel["uncounted"]]
    for (_, colour), counts in zip(class_colours(classes or [name]), rows, strict=False):
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
    figure, axes = build_axes(WIDTH, HEIGHT, left=44, top=30, bottom=40)
    edges = np.array(foreground["edges"], float) * 100
    axes.stairs(foreground["counts"], edges, fill=True, color=COLOURS[0], alpha=0.75)
    axes.set(xlabel="Foreground, % of a sample's pixels", xlim=(edges[0], edges[-1]))
    axes.set_title("Samples by foreground", x=0, pad=10)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    shorten_ticks(axes, y=False)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    return to_svg(figure, "foreground", "Samples by share of foreground")


@styled
def draw_depth(depth: Mapping[str, Any]) -> str:
    """Share of the measured pixels by depth."""
    figure, axes = build_axes(WIDTH, HEIGHT, left=20, top=30, bottom=40)
    axes.stairs(depth["counts"], depth["edges"], fill=True, color=COLOURS[2], alpha=0.75)
    axes.set(xlabel="Depth, m", xlim=(depth["edges"][0], depth["edges"][-1]), yticks=[])
    axes.spines["left"].set_visible(False)
    axes.set_title("Measured pixels by depth", x=0, pad=10)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    return to_svg(figure, "depth", "Measured pixels by depth in metres")


@styled
def draw_sizes(sizes: Sequence[Mapping[str, int]]) -> str:
    """A dot a size, the larger the more samples have it."""
    figure, axes = build_axes(WIDTH, HEIGHT, left=52, top=30, bottom=40)
    samples = np.array([size["samples"] for size in sizes])
    area = 12 + 120 * samples / samples.max() if samples.max() > 1 else 14
    widths, heights = [size["width"] for size in sizes], [size["height"] for size in sizes]
    axes.scatter(widths, heights, s=area, color=COLOURS[0], alpha=0.45, linewidths=0)
    axes.set(xlabel="Width, px", ylabel="Height, px", xlim=(0, max(widths) * 1.08), ylim=(0, max(heights) * 1.1))
    axes.set_title("Sizes", x=0, pad=10)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    return to_svg(figure, "sizes", "Width and height of the samples in pixels")


@styled
def draw_labels(labels: Sequence[Mapping[str, Any]]) -> str:
    """A bar a label, as long as it has samples, the first MOST_BARS of them."""
    shown = labels[:MOST_BARS]
    names = [shorten_name(label["label"]) for label in shown]
    left = 16 + LETTER_PX * max(map(len, names))
    figure, axes = build_axes(WIDTH, 62 + BAR_PX * len(shown), left=left, right=44, top=30, bottom=32)
    counts = [label["samples"] for label in shown]
    axes.barh(range(len(shown)), counts, height=0.7, color=COLOURS[0], alpha=0.75)
    for row, count in enumerate(counts):
        axes.annotate(
            f"{count:,}", (count, row), (4, 0), textcoords="offset points", va="center", color=INK, fontsize=11
        )
    axes.set_yticks(range(len(shown)), names, color=INK)
    axes.set(ylim=(len(shown) - 0.4, -0.6), xlabel="Samples")
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.grid(visible=False, axis="y")
    axes.set_title("Samples by label", x=0, pad=10)
    return to_svg(figure, "labels", "Samples of each label")


def shorten_name(name: str) -> str:
    """The name, its end as an ellipsis where it is long."""
    return name if len(name) <= SHOWN_LETTERS else name[: SHOWN_LETTERS - 1] + "…"
