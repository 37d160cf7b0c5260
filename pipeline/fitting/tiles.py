"""Prediction of whole images: overlapping tiles blended, and the mean over flips and turns."""

import itertools
from collections.abc import Callable

import numpy as np

from pipeline.params import PredictParams

Forward = Callable[[np.ndarray], np.ndarray]


def predict_tiled(forward: Forward, clip: np.ndarray, params: PredictParams, stride: int) -> np.ndarray:
    """Probabilities (height, width, channel) of a clip (time, height, width, channel) of any size.

    `forward` maps clips (batch, time, height, width, channel), sides multiples of `stride`, to (batch, height, width, channel).
    """
    height, width = clip.shape[1:3]
    tile = [
        min(_round_up(side, stride), _round_up(most, stride))
        for side, most in zip((height, width), params.tile, strict=True)
    ]
    if tile[0] >= height and tile[1] >= width:
        return _predict_padded(forward, clip, (tile[0], tile[1]), params)
    total: np.ndarray | None = None
    weight = np.zeros((height, width, 1), "float32")
    blend = blend_window(tile[0], tile[1])
    for top, left in itertools.product(
        tile_starts(height, tile[0], params.overlap), tile_starts(width, tile[1], params.overlap)
    ):
        part = clip[:, top : top + tile[0], left : left + tile[1]]
        rows, columns = part.shape[1:3]
        scores = _predict_padded(forward, part, (tile[0], tile[1]), params)
        total = np.zeros((height, width, scores.shape[-1]), "float32") if total is None else total
        total[top : top + rows, left : left + columns] += scores * blend[:rows, :columns]
        weight[top : top + rows, left : left + columns] += blend[:rows, :columns]
    return np.asarray(total) / weight


def tile_starts(size: int, tile: int, overlap: float) -> list[int]:
    """First pixels of the fewest evenly spread tiles that cover a side and overlap by at least a share of the tile."""
    if tile >= size:
        return [0]
    step = max(1, int(tile * (1 - overlap)))
    count = -(-(size - tile) // step) + 1
    return [round(index * (size - tile) / (count - 1)) for index in range(count)]


def blend_window(height: int, width: int) -> np.ndarray:
    """Weights (height, width, 1) of a tile's pixels, falling linearly to the border so that seams vanish."""
    sides = [np.minimum(np.arange(1, size + 1), np.arange(size, 0, -1)).astype("float32") for size in (height, width)]
    return (sides[0][:, None, None] / sides[0].max()) * (sides[1][None, :, None] / sides[1].max())


def symmetries(kind: str, is_square: bool) -> list[tuple[int, bool]]:
    """(quarter turns, mirrored) to average over; a tile that is not square is turned by halves only."""
    if kind == "none":
        return [(0, False)]
    turns = (0, 1, 2, 3) if kind == "flips_and_turns" and is_square else (0, 2)
    return [(turn, mirror) for turn in turns for mirror in (False, True)]


def _predict_padded(forward: Forward, clip: np.ndarray, tile: tuple[int, int], params: PredictParams) -> np.ndarray:
    height, width = clip.shape[1:3]
    padded = np.pad(clip, [(0, 0), (0, tile[0] - height), (0, tile[1] - width), (0, 0)], mode="symmetric")
    views = symmetries(params.test_time_augmentation, tile[0] == tile[1])
    scores = [_turn_back(forward(_turn(padded, *view)[None])[0], *view) for view in views]
    return np.mean(scores, axis=0, dtype="float32")[:height, :width]


def _turn(clip: np.ndarray, turns: int, mirror: bool) -> np.ndarray:
    mirrored = clip[:, :, ::-1] if mirror else clip
    return np.ascontiguousarray(np.rot90(mirrored, turns, axes=(1, 2)))


def _turn_back(scores: np.ndarray, turns: int, mirror: bool) -> np.ndarray:
    upright = np.rot90(scores, -turns, axes=(0, 1))
    return upright[:, ::-1] if mirror else upright


def _round_up(size: int, stride: int) -> int:
    return -(-size // stride) * stride
