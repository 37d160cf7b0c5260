"""Section: the data at a glance."""

from typing import Any

import numpy as np

from pipeline.datasets.overview.means import unpack_mean
from pipeline.figures.data import (
    class_colours,
    draw_depth,
    draw_foreground,
    draw_intensities,
    draw_labels,
    draw_sizes,
)
from pipeline.figures.pictures import depth_gradient, enlarge, join, show_contours, shrink, to_data_uri
from pipeline.params import NetworkParams
from pipeline.report.sheet import DataSheet
from pipeline.report.views import (
    Array,
    depth_limits,
    is_small,
    limits_of,
    outlined,
    show_pictures,
    spread,
    strip_of,
    tile_of,
)

TILES, MOST_TILES = 12, 30
STRIPS = 6
LISTED_SIZES = 8
MEAN_PX, OUTLIER_PX, DRAW_PX = 128, 160, 192


def describe_data(sheet: DataSheet) -> dict[str, Any]:
    """Counts, histograms, a grid of samples, sequences as strips, augmentations and outliers."""
    explored, names = sheet.explored, sheet.class_names
    samples = explored["samples"]
    channels = zip(explored["channels"], sheet.channel_names, strict=True)
    return {
        **explored,
        "intensities": [draw_intensities(channel, names, name) for channel, name in channels],
        "legend": class_colours(names) if samples["mask"] else [],
        "figures": list(draw_figures(explored)),
        "mean_tiles": [mean_tile(sheet, mean) for mean in explored["means"]] if has_telling_mean(sheet) else [],
        "tiles": [tile_of(sheet, place) for place in choose_tiles(sheet)],
        "is_small": is_small(sheet),
        "strips": [strip_of(sheet, name, frames) for name, frames in choose_sequences(sheet)],
        "depth_scale": (depth_gradient(), *depth_limits(sheet)) if explored["depth"] else None,
        "draws": draws_of(sheet),
        "outlier_tiles": [outlier_tile(sheet, outlier) for outlier in explored["outliers"]],
    }


def draw_figures(explored: dict[str, Any]) -> list[str]:
    """Figures of what the data have: sizes, labels, foreground, depth."""
    figures = [draw_sizes(explored["sizes"])] if len(explored["sizes"]) > LISTED_SIZES else []
    figures += [draw_labels(explored["labels"])] if explored["labels"] else []
    figures += [draw_foreground(explored["foreground"])] if explored["samples"]["mask"] else []
    return figures + ([draw_depth(explored["depth"])] if explored["depth"] else [])


def choose_tiles(sheet: DataSheet) -> list[int]:
    """Places of samples to show: labelled ones where there are any, of all labels, evenly spread."""
    index = sheet.arrays.index
    has_target = (index["mask_offset"] >= 0) | (index["depth_offset"] >= 0) | (index["label"] != "")
    places = np.flatnonzero(has_target) if has_target.any() else np.arange(len(index))
    labels = index["label"].to_numpy()[places]
    count = min(max(TILES, 2 * len(set(labels))), MOST_TILES)
    return spread(places[np.argsort(labels, kind="stable")], count)


def choose_sequences(sheet: DataSheet) -> list[tuple[str, Array]]:
    """Name and places in time of some sequences."""
    index = sheet.arrays.index.reset_index(drop=True)
    named = index[index["sequence"] != ""]
    names = [str(name) for name in named["sequence"].unique()]
    chosen = [names[place] for place in spread(range(len(names)), STRIPS)]
    return [(name, named[named["sequence"] == name].sort_values("time").index.to_numpy()) for name in chosen]


def has_telling_mean(sheet: DataSheet) -> bool:
    """Whether a mean image shows anything: of one sample it is that sample, and of photographs of classes a grey blur."""
    return sheet.explored["samples"]["all"] > 1 and not (sheet.is_colour and sheet.explored["labels"])


def mean_tile(sheet: DataSheet, mean: dict[str, Any]) -> dict[str, Any]:
    """A mean image, its channels side by side, each between its own darkest and brightest unless they are colours."""
    image = unpack_mean(mean)
    limits = limits_of(sheet) if sheet.is_colour else list(zip(mean["low"], mean["high"], strict=True))
    pictures = [enlarge(picture, MEAN_PX) for picture in show_pictures(sheet, image, limits)]
    return {"label": mean["label"], "samples": mean["samples"], "source": to_data_uri(join(pictures))}


def draws_of(sheet: DataSheet) -> dict[str, Any] | None:
    """The augmented sample: as it is, then its random draws, masks outlined; None where nothing is augmented."""
    augmented = sheet.augmented
    if augmented is None:
        return None
    limits = limits_of(sheet)
    pictures = [
        show_contours(shrink(show_pictures(sheet, image, limits)[0], DRAW_PX), mask, None, DRAW_PX)
        for image, mask in zip(augmented.images, augmented.masks, strict=True)
    ]
    shown = sheet.params.shown_augment
    settings = shown.model_dump(exclude_defaults=True)
    networks = [entry for entry in sheet.params.models if isinstance(entry, NetworkParams)]
    drawn_for = [entry.name for entry in networks if entry.augment_of(sheet.params.augment) == shown]
    return {
        "models": drawn_for if len(drawn_for) < len(networks) else [],
        "sample_id": augmented.sample_id,
        "share": augmented.share,
        "sources": [to_data_uri(picture) for picture in pictures],
        "settings": ", ".join(f"{name} {value}" if value is not True else name for name, value in settings.items()),
    }


def outlier_tile(sheet: DataSheet, outlier: dict[str, Any]) -> dict[str, str]:
    """A sample that is far from the others, and in what."""
    (place,) = sheet.arrays.positions([outlier["sample_id"]])
    picture = outlined(sheet, int(place), OUTLIER_PX)
    return {"caption": outlier["sample_id"], "reason": outlier["reason"], "source": to_data_uri(picture)}
