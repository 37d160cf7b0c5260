"""Prediction of whole images: overlapping tiles blended, and the mean over flips and turns."""

import itertools
from collections.abc import Callable

import numpy as np

from pipeline.params import PredictParams

Forward = Callable[[np.ndarray], dict[str, np.ndarray]]
MAP_AXES = 4


def predict_tiled(forward: Forward, clip: np.ndarray, params: PredictParams, stride: int) -> dict[str, np.ndarray]:
    """By head a map (height, width, channel), or a vector (channel,), of a clip (time, height, width, channel) of any size.

    `forward` maps clips (batch, time, height, width, channel), sides multiples of `stride`, to (batch, height, width, channel) or
    (batch, channel) by head. Maps of tiles are blended, vectors averaged.
    """
    height, width = clip.shape[1:3]
    tile = [
        min(_round_up(side, stride), _round_up(most, stride))
        for side, most in zip((height, width), params.tile, strict=True)
    ]
    if tile[0] >= height and tile[1] >= width:
        return _predict_padded(forward, clip, (tile[0], tile[1]), params)
    totals: dict[str, np.ndarray] = {}
    weight = np.zeros((height, width, 1), "float32")
    blend = blend_window(tile[0], tile[1])
    corners = list(
        itertools.product(tile_starts(height, tile[0], params.overlap), tile_starts(width, tile[1], params.overlap))
    )
    for top, left in corners:
        part = clip[:, top : top + tile[0], left : left + tile[1]]
        rows, columns = part.shape[1:3]
        place = (slice(top, top + rows), slice(left, left + columns))
        weight[place] += blend[:rows, :columns]
        for head, scores in _predict_padded(forward, part, (tile[0], tile[1]), params).items():
            if scores.ndim == 1:
                totals[head] = totals.get(head, np.float32(0)) + scores / np.float32(len(corners))
                continue
            total = totals.setdefault(head, np.zeros((height, width, scores.shape[-1]), "float32"))
            total[place] += scores * blend[:rows, :columns]
    return {head: total if total.ndim == 1 else total / weight for head, total in totals.items()}


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


def _predict_padded(
    forward: Forward, clip: np.ndarray, tile: tuple[int, int], params: PredictParams
) -> dict[str, np.ndarray]:
    height, width = clip.shape[1:3]
    padded = np.pad(clip, [(0, 0), (0, tile[0] - height), (0, tile[1] - width), (0, 0)], mode="symmetric")
    views = symmetries(params.test_time_augmentation, tile[0] == tile[1])
    found = [_upright(forward(_turn(padded, *view)[None]), view) for view in views]
    means = {head: np.mean([scores[head] for scores in found], axis=0, dtype="float32") for head in found[0]}
    return {head: scores[:height, :width] if scores.ndim > 1 else scores for head, scores in means.items()}


def _upright(found: dict[str, np.ndarray], view: tuple[int, bool]) -> dict[str, np.ndarray]:
    """What was found of the only clip of a batch, maps turned back."""
    return {head: _turn_back(part[0], *view) if part.ndim == MAP_AXES else part[0] for head, part in found.items()}


def _turn(clip: np.ndarray, turns: int, mirror: bool) -> np.ndarray:
    mirrored = clip[:, :, ::-1] if mirror else clip
    return np.ascontiguousarray(np.rot90(mirrored, turns, axes=(1, 2)))


def _turn_back(scores: np.ndarray, turns: int, mirror: bool) -> np.ndarray:
    upright = np.rot90(scores, -turns, axes=(0, 1))
    return upright[:, ::-1] if mirror else upright


def _round_up(size: int, stride: int) -> int:
    return -(-size // stride) * stride
