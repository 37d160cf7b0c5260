"""Samples as pages show them: channels, mask, depth and contours."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipeline.figures.pictures import (
    Picture,
    enlarge,
    join,
    show_channels,
    show_contours,
    show_depth,
    show_mask,
    shrink,
    to_data_uri,
)
from pipeline.report.sheet import DataSheet

Array = np.ndarray[Any, np.dtype[Any]]
SMALL_PX = 130
TILE_PX, FRAME_PX, FRAMES = 160, 112, 12


def is_small(sheet: DataSheet) -> bool:
    """Whether samples have fewer pixels than the page gives them, so that the pixels should stay sharp."""
    return int(sheet.arrays.index[["height", "width"]].to_numpy().max()) < SMALL_PX


def limits_of(sheet: DataSheet) -> list[tuple[float, float]]:
    """Intensities shown as black and white, a pair a channel: 8-bit colours as they are, else the middle 98 % of the pixels,
    of other colours all together."""
    if sheet.is_colour and sheet.dataset.dtype == "uint8":
        return [(0, 255)] * sheet.dataset.channels
    limits = [(part["percentiles"]["1"], part["percentiles"]["99"]) for part in sheet.explored["channels"]]
    if not sheet.is_colour:
        return limits
    return [(min(low for low, _ in limits), max(high for _, high in limits))] * len(limits)


def depth_limits(sheet: DataSheet) -> tuple[float, float]:
    """Depths in metres shown as the nearest and the farthest, the middle 98 % of what was measured."""
    percentiles = sheet.explored["depth"]["percentiles"]
    return (percentiles["1"], percentiles["99"]) if percentiles else (0.0, 1.0)


def channels_of(sheet: DataSheet, place: int) -> list[Picture]:
    """Pictures of a sample: one a channel, or one a colour image."""
    return show_pictures(sheet, sheet.arrays.image(place), limits_of(sheet))


def show_pictures(sheet: DataSheet, image: Array, limits: Sequence[tuple[float, float]]) -> list[Picture]:
    """Pictures of an image (height, width, channel), as many as `sheet.picture_names`; intensities between limits."""
    step = 3 if sheet.is_colour else 1
    parts = [slice(first, first + step) for first in range(0, image.shape[-1], step)]
    return [picture for part in parts for picture in show_channels(image[..., part], limits[part])]


def has_mask(sheet: DataSheet, place: int) -> bool:
    """Whether the sample has a mask."""
    return bool(sheet.arrays.index["mask_offset"].iloc[place] >= 0)


def tile_of(sheet: DataSheet, place: int) -> dict[str, str]:
    """One sample's channels, mask and depth side by side, with its name and label."""
    pictures = channels_of(sheet, place)
    row = sheet.arrays.index.iloc[place]
    if has_mask(sheet, place):
        pictures.append(show_mask(sheet.arrays.mask(place), sheet.dataset.classes))
    if row["depth_offset"] >= 0:
        pictures.append(show_depth(sheet.arrays.depth(place), depth_limits(sheet)))
    picture = join([enlarge(shrink(picture, TILE_PX), TILE_PX // 2) for picture in pictures])
    return {"caption": str(row["sample_id"]), "label": str(row["label"]), "source": to_data_uri(picture)}


def strip_of(sheet: DataSheet, name: str, frames: Array) -> dict[str, str]:
    """Frames of a sequence from left to right, the truth outlined."""
    shown = [outlined(sheet, place, FRAME_PX) for place in spread(frames, FRAMES)]
    caption = f"{name}: {len(shown)} of {len(frames)} frames" if len(shown) < len(frames) else f"{name}: all frames"
    return {"caption": caption, "source": to_data_uri(join(shown))}


def outlined(sheet: DataSheet, place: int, size_px: int) -> Picture:
    """A sample's first channel with the contour of its mask, if it has one."""
    picture = shrink(channels_of(sheet, place)[0], size_px)
    mask = sheet.arrays.mask(place) if has_mask(sheet, place) else None
    return show_contours(picture, mask, None, size_px)


def spread(places: Array | Sequence[int], count: int) -> list[int]:
    """Some of the places, evenly spread, first and last among them."""
    chosen = np.linspace(0, len(places) - 1, min(count, len(places))).round().astype(int)
    return [int(places[place]) for place in chosen]
