"""Sections: the data at a glance, and the split as a picture."""

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from pipeline.figures.data import SUBSETS, class_colours, draw_foreground, draw_intensities, draw_split
from pipeline.figures.pictures import (
    Picture,
    enlarge,
    join,
    show_channels,
    show_contours,
    show_mask,
    shrink,
    to_data_uri,
)
from pipeline.params import REFIT
from pipeline.report.experiment import Experiment

SMALL_PX = 130
TILES, TILE_PX = 12, 160
STRIPS, FRAMES, FRAME_PX = 6, 12, 112


def describe_data(experiment: Experiment) -> dict[str, Any]:
    """Counts, histograms, a grid of samples, and sequences as strips."""
    explored = experiment.explored
    channels = zip(explored["channels"], experiment.channel_names, strict=True)
    names = experiment.class_names
    return {
        **explored,
        "intensities": [draw_intensities(channel, names, name) for channel, name in channels],
        "legend": class_colours(names) if explored["samples"]["labelled"] else [],
        "foreground_figure": draw_foreground(explored["foreground"]) if explored["samples"]["labelled"] else None,
        "tiles": [tile_of(experiment, place) for place in _spread(_labelled(experiment), TILES)],
        "is_small": is_small(experiment),
        "strips": strips_of(experiment),
    }


def is_small(experiment: Experiment) -> bool:
    """Whether samples have fewer pixels than the page gives them, so that the pixels should stay sharp."""
    return int(experiment.arrays.index[["height", "width"]].to_numpy().max()) < SMALL_PX


def limits_of(experiment: Experiment) -> list[tuple[float, float]]:
    """Intensities shown as black and white, a pair a channel: colours as they are, else the middle 98 % of the pixels."""
    channels = experiment.explored["channels"]
    if len(channels) == 3:
        return [(0, float(np.iinfo(experiment.dataset.dtype).max))] * 3
    return [(channel["percentiles"]["1"], channel["percentiles"]["99"]) for channel in channels]


def channels_of(experiment: Experiment, place: int) -> list[Picture]:
    """Pictures of a sample's channels (one of a colour image)."""
    return show_channels(experiment.arrays.image(place), limits_of(experiment))


def tile_of(experiment: Experiment, place: int) -> dict[str, str]:
    """One sample's channels and mask side by side."""
    mask = show_mask(experiment.arrays.mask(place), experiment.dataset.classes)
    pictures = [*channels_of(experiment, place), mask]
    picture = join([enlarge(shrink(picture, TILE_PX), TILE_PX // 2) for picture in pictures])
    return {"caption": str(experiment.arrays.index["sample_id"].iloc[place]), "source": to_data_uri(picture)}


def strips_of(experiment: Experiment) -> list[dict[str, str]]:
    """Frames of some sequences from left to right, the truth outlined."""
    index = experiment.arrays.index.reset_index(drop=True)
    named = index[index["sequence"] != ""]
    names = [str(name) for name in named["sequence"].unique()]
    strips = []
    for name in [names[place] for place in _spread(np.arange(len(names)), STRIPS)]:
        frames = named[named["sequence"] == name].sort_values("time").index.to_numpy()
        shown = [outlined(experiment, int(place), FRAME_PX) for place in _spread(frames, FRAMES)]
        caption = f"{name}: {len(shown)} of {len(frames)} frames" if len(shown) < len(frames) else f"{name}: all frames"
        strips.append({"caption": caption, "source": to_data_uri(join(shown))})
    return strips


def outlined(experiment: Experiment, place: int, size_px: int) -> Picture:
    """A sample's first channel with the contour of its mask, if it has one."""
    picture = shrink(channels_of(experiment, place)[0], size_px)
    has_mask = experiment.arrays.index["mask_offset"].iloc[place] >= 0
    return show_contours(picture, experiment.arrays.mask(place) if has_mask else None, None, size_px)


def describe_split(experiment: Experiment) -> dict[str, Any]:
    """The picture, its legend, and a table of counts."""
    folds = [*experiment.folds, *([REFIT] if experiment.params.registry.use == "refit" else [])]
    manifest = experiment.manifest[experiment.manifest["mask"] != ""]
    blocks = manifest["sequence"].where(manifest["sequence"] != "", manifest["group"])
    if blocks.nunique() == len(blocks):
        blocks = pd.Series("", blocks.index)
    samples = pd.DataFrame({"sample_id": manifest["sample_id"], "sequence": blocks})
    samples = samples.iloc[np.argsort(pd.factorize(samples["sequence"])[0], kind="stable")]
    splits = experiment.splits[experiment.splits["fold"].isin(folds)]
    counts = Counter(zip(splits["fold"], splits["subset"], strict=True))
    subsets = [subset for subset in SUBSETS if any(counts[fold, subset] for fold in folds)]
    return {
        **experiment.split_summary,
        "figure": draw_split(splits, samples, folds),
        "subsets": [(subset.replace("_", " "), SUBSETS[subset]) for subset in subsets],
        "rows": [(fold, [counts[fold, subset] for subset in subsets]) for fold in folds],
    }


def _labelled(experiment: Experiment) -> np.ndarray[Any, np.dtype[np.intp]]:
    return np.flatnonzero(experiment.arrays.index["mask_offset"].to_numpy() >= 0)


def _spread(places: np.ndarray[Any, Any], count: int) -> list[int]:
    """Some of the places, evenly spread, first and last among them."""
    chosen = np.linspace(0, len(places) - 1, min(count, len(places))).round().astype(int)
    return [int(place) for place in places[chosen]]
