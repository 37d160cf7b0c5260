"""Pictures of samples: image, mask, probability and contours as small data URIs."""

import base64
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import to_hex, to_rgb
from numpy.typing import NDArray
from PIL import Image

from pipeline.datasets.arrays import IGNORED
from pipeline.figures.style import COLOURS

Picture = NDArray[np.uint8]
"""Red, green and blue, (height, width, 3)."""
IGNORED_GREY = 96
TARGET, PREDICTION, BOTH = "#3da5f0", "#e8590c", "#ffe14d"
"""Colour of the target's contour, the prediction's, and of what they share."""
OUTLINED_PX = 256  # a contour is drawn at this size at least, so that it stays thin
QUALITY = 82
DEPTH_COLOURS = "viridis"
DIFFERENCE_COLOURS = "PuOr"  # told apart by colour-blind readers, white in the middle


def show_channels(image: NDArray[Any], limits: Sequence[tuple[float, float]]) -> list[Picture]:
    """One picture of a grey or colour image, else one a channel; intensities between each channel's limits."""
    low, high = np.array(limits, np.float32).T
    scaled = (image.astype(np.float32) - low) / np.maximum(high - low, 1e-6)
    shown = (np.clip(scaled, 0, 1) * 255).astype(np.uint8)
    if shown.shape[-1] == 3:
        return [shown]
    return [np.repeat(shown[..., [channel]], 3, axis=-1) for channel in range(shown.shape[-1])]


def show_mask(mask: NDArray[np.uint8], classes: int) -> Picture:
    """Class indices as colours: white on black for two classes, grey where ignored."""
    palette = np.full((256, 3), IGNORED_GREY, np.uint8)
    palette[:classes] = class_colours(classes)
    picture: Picture = palette[mask]
    return picture


def class_colours(classes: int) -> Picture:
    """Red, green and blue of each class, background black."""
    if classes == 2:
        return np.array([[0, 0, 0], [255, 255, 255]], np.uint8)
    colours = [COLOURS[place % len(COLOURS)] for place in range(classes - 1)]
    return np.array([[0, 0, 0], *([round(255 * part) for part in to_rgb(colour)] for colour in colours)], np.uint8)


def show_probability(probabilities: NDArray[np.floating], classes: int) -> Picture:
    """(H, W, 1): probability of the foreground as grey; (H, W, K): the classes' colours mixed by probability."""
    maps = probabilities.astype(np.float32)
    if maps.shape[-1] == 1:
        maps = np.concatenate([1 - maps, maps], axis=-1)
    return np.clip(maps @ class_colours(classes).astype(np.float32), 0, 255).astype(np.uint8)


def show_depth(depth: NDArray[np.float32], limits: tuple[float, float]) -> Picture:
    """Depth as colours between two limits in metres, near is bright; grey where nothing was measured."""
    low, high = limits
    return _colour((high - depth) / max(high - low, 1e-6), DEPTH_COLOURS)


def show_difference(difference: NDArray[np.floating], limit: float) -> Picture:
    """Differences as colours, from orange at -limit over white at 0 to violet at limit; grey where there is none (NaN)."""
    return _colour((difference / max(limit, 1e-6) + 1) / 2, DIFFERENCE_COLOURS)


def depth_gradient() -> str:
    """The colours of `show_depth` from near to far, for a CSS gradient."""
    return _gradient(DEPTH_COLOURS, np.linspace(1, 0, 7))


def difference_gradient() -> str:
    """The colours of `show_difference` from -limit to limit, for a CSS gradient."""
    return _gradient(DIFFERENCE_COLOURS, np.linspace(0, 1, 9))


def show_contours(
    picture: Picture, target: NDArray[np.uint8] | None, prediction: NDArray[np.uint8] | None, size_px: int = OUTLINED_PX
) -> Picture:
    """The contours of target and prediction (class indices of any size) drawn over a picture enlarged to a size."""
    shown = enlarge(picture, size_px).copy()
    height, width = shown.shape[:2]
    outlines = [
        np.zeros((height, width), bool) if mask is None else outline(_resize(mask, height, width))
        for mask in (target, prediction)
    ]
    for drawn, colour in ((outlines[0], TARGET), (outlines[1], PREDICTION), (outlines[0] & outlines[1], BOTH)):
        shown[drawn] = [round(255 * part) for part in to_rgb(colour)]
    return shown


def outline(mask: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Pixels two wide along the borders between classes; ignored pixels count as background."""
    classes = np.where(mask == IGNORED, 0, mask)
    across = classes[:, 1:] != classes[:, :-1]
    down = classes[1:] != classes[:-1]
    drawn = np.zeros(classes.shape, bool)
    drawn[:, 1:] |= across
    drawn[:, :-1] |= across
    drawn[1:] |= down
    drawn[:-1] |= down
    return drawn


def enlarge(picture: Picture, size_px: int) -> Picture:
    """Repeat pixels until the longer side reaches a size."""
    times = max(1, -(-size_px // max(picture.shape[:2])))
    return picture.repeat(times, axis=0).repeat(times, axis=1)


def shrink(picture: Picture, size_px: int) -> Picture:
    """The picture with its longer side at most a size."""
    height, width = picture.shape[:2]
    share = size_px / max(height, width)
    if share >= 1:
        return picture
    size = (max(1, round(width * share)), max(1, round(height * share)))
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BOX))


def join(pictures: Sequence[Picture], space_px: int = 3) -> Picture:
    """Pictures side by side, on grey where one is lower than the others."""
    height = max(picture.shape[0] for picture in pictures)
    width = sum(picture.shape[1] + space_px for picture in pictures) - space_px
    joined = np.full((height, width, 3), IGNORED_GREY, np.uint8)
    left = 0
    for picture in pictures:
        joined[: picture.shape[0], left : left + picture.shape[1]] = picture
        left += picture.shape[1] + space_px
    return joined


def to_data_uri(picture: Picture, is_exact: bool = False) -> str:
    """The picture as WebP for an `src` attribute; without loss for masks."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "WEBP", lossless=is_exact, quality=70 if is_exact else QUALITY, method=2)
    return "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()


def _resize(mask: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    return np.asarray(Image.fromarray(mask).resize((width, height), Image.Resampling.NEAREST))


def _colour(shares: NDArray[np.floating], colours: str) -> Picture:
    """Colours of a map by the share of its way, 0 to 1; grey where NaN."""
    picture: Picture = (colormaps[colours](np.nan_to_num(shares))[..., :3] * 255).astype(np.uint8)
    picture[np.isnan(shares)] = IGNORED_GREY
    return picture


def _gradient(colours: str, shares: NDArray[np.floating]) -> str:
    return ", ".join(to_hex(colormaps[colours](share)) for share in shares)
