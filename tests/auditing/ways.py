"""Ways in which a copy of a picture comes to look different, each in several strengths."""

import io
from collections.abc import Callable
from functools import partial

import cv2
import numpy as np
from PIL import Image

Picture = np.ndarray
Way = Callable[[Picture], Picture]


def encode(picture: Picture, quality: int) -> Picture:
    """Through JPEG."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer))


def resize(picture: Picture, scale: float) -> Picture:
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=way)


def shade(picture: Picture, gain: float = 1.0, offset: float = 0.0, gamma: float = 1.0) -> Picture:
    values = np.clip(picture / 255 * gain + offset, 0, 1) ** gamma
    return np.round(values * 255).astype(np.uint8)


def flip(picture: Picture, axis: int) -> Picture:
    return np.ascontiguousarray(np.flip(picture, axis))


def quarter(picture: Picture, turns: int) -> Picture:
    return np.ascontiguousarray(np.rot90(picture, turns))


def turn(picture: Picture, degrees: float, border: int = cv2.BORDER_CONSTANT) -> Picture:
    """About the centre; the corners that come from outside are black, or mirrored."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1)
    return cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=border)


def crop(picture: Picture, share: float, place: tuple[float, float] = (0.0, 0.0), keep: bool = False) -> Picture:
    """Without a share of each side; `place` 0..1 says where, `keep` brings it back to its size."""
    height, width = picture.shape[:2]
    rows, columns = round(height * (1 - share)), round(width * (1 - share))
    top, left = round(place[0] * (height - rows)), round(place[1] * (width - columns))
    part = np.ascontiguousarray(picture[top : top + rows, left : left + columns])
    return cv2.resize(part, (width, height), interpolation=cv2.INTER_CUBIC) if keep else part


def chain(*ways: Way) -> Way:
    def both(picture: Picture) -> Picture:
        for way in ways:
            picture = way(picture)
        return picture

    return both


WAYS: dict[tuple[str, str], Way] = {
    ("renamed", "same pixels"): np.copy,
    ("re-encoded", "quality 95"): partial(encode, quality=95),
    ("re-encoded", "quality 60"): partial(encode, quality=60),
    ("re-encoded", "quality 30"): partial(encode, quality=30),
    ("resized", "half"): partial(resize, scale=0.5),
    ("resized", "double"): partial(resize, scale=2.0),
    ("shaded", "brighter by .2"): partial(shade, offset=0.2),
    ("shaded", "contrast .5"): partial(shade, gain=0.5, offset=0.2),
    ("shaded", "gamma .6"): partial(shade, gamma=0.6),
    ("shaded", "gamma 1.7"): partial(shade, gamma=1.7),
    ("flipped", "left to right"): partial(flip, axis=1),
    ("flipped", "upside down"): partial(flip, axis=0),
    ("turned", "90 degrees"): partial(quarter, turns=1),
    ("turned", "180 degrees"): partial(quarter, turns=2),
    ("turned", "270 degrees"): partial(quarter, turns=3),
    ("turned", "5 degrees"): partial(turn, degrees=5),
    ("turned", "15 degrees"): partial(turn, degrees=15, border=cv2.BORDER_REFLECT),
    ("turned", "30 degrees"): partial(turn, degrees=-30),
    ("turned", "45 degrees"): partial(turn, degrees=45),
    ("cropped", "by 10 % at a corner"): partial(crop, share=0.1),
    ("cropped", "by 10 %, same size"): partial(crop, share=0.1, place=(0.5, 0.5), keep=True),
    ("cropped", "by 20 % at a corner"): partial(crop, share=0.2, place=(1.0, 1.0)),
    ("cropped", "by 20 %, same size"): partial(crop, share=0.2, place=(0.3, 0.6), keep=True),
    ("both", "cropped 20 %, quality 30"): chain(partial(crop, share=0.2), partial(encode, quality=30)),
    ("both", "flipped, brighter"): chain(partial(flip, axis=1), partial(shade, offset=0.15, gamma=0.8)),
    ("both", "30 degrees, half size"): chain(partial(turn, degrees=30), partial(resize, scale=0.5)),
    ("both", "15 degrees, cropped 15 %"): chain(partial(turn, degrees=15), partial(crop, share=0.15, place=(0.5, 0.5))),
    ("both", "flipped, cropped 20 %"): chain(partial(flip, axis=1), partial(crop, share=0.2, keep=True)),
    ("both", "90 degrees, quality 40"): chain(partial(quarter, turns=1), partial(encode, quality=40)),
    ("both", "half size, quality 50"): chain(partial(resize, scale=0.5), partial(encode, quality=50)),
}
"""What was done, and how strongly."""
