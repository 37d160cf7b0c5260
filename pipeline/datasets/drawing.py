"""The drawn data set: a faint structure that moves among still look-alikes, so that one frame is ambiguous and several are not."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.ndimage import gaussian_filter

from pipeline.params import SampleParams

Floats = np.ndarray[Any, np.dtype[np.float64]]
Bytes = np.ndarray[Any, np.dtype[np.uint8]]

OVERLAY_HEIGHT_PX = 6
OVERLAY_WIDTH_PX = 20
OVERLAY_BITS = 10
BACKGROUND = 0.35
SPEED = 0.045
"""Path of the moving structure from frame to frame, as a share of the frame's size."""
FADED = 0.7
"""Brightness of the moving structure in the frames beside those without it."""


@dataclass(frozen=True)
class DrawnSequence:
    """Frames (time, height, width) of one sequence: a filtered view, the noisy intensity, and the exact masks (0, 255)."""

    treated: Bytes
    raw: Bytes
    masks: Bytes


@dataclass(frozen=True)
class Shape:
    """An irregular blob: its radius in pixels wobbles with the angle by three waves."""

    radius: float
    waves: Floats
    phases: Floats
    turns: Floats
    brightness: float

    def depth(self, size: int, centre: Floats, time: float = 0.0) -> Floats:
        """How deep each pixel (size, size) lies inside the shape in pixels, negative outside; the waves turn with time."""
        y, x = np.mgrid[:size, :size] - centre[:, None, None]
        angle = np.arctan2(y, x)
        phases = self.phases + self.turns * time
        ripple = sum(wave * np.cos(k * angle + p) for k, wave, p in zip((2, 3, 4), self.waves, phases, strict=True))
        return np.asarray(self.radius * (1 + ripple) - np.hypot(y, x))


def draw_sequences(sample: SampleParams, seed: int) -> list[DrawnSequence]:
    """All sequences; exactly `empty_share` of the frames, rounded, have no foreground."""
    empty = _share_out(sample, np.random.default_rng([seed, sample.sequences]))
    return [
        draw_sequence(sample, count, number, np.random.default_rng([seed, sample.sequences, number]))
        for number, count in enumerate(empty)
    ]


def draw_sequence(sample: SampleParams, empty: int, number: int, random: np.random.Generator) -> DrawnSequence:
    """One sequence whose first or last `empty` frames lack the moving structure."""
    size, frames = sample.size, sample.frames
    still = _draw_still(sample, random)
    moving, path, visible = _draw_shape(size, random), _draw_path(size, frames, random), _fade(frames, empty, random)
    raw, treated, masks = (np.zeros((frames, size, size), np.uint8) for _ in range(3))
    for time in range(frames):
        depth = moving.depth(size, path[time], time)
        frame = np.maximum(still, visible[time] * moving.brightness * _soften(depth))
        intensity = (
            BACKGROUND + frame + _draw_texture(size, random) * 0.02 + random.normal(0, sample.noise, frame.shape)
        )
        filtered = 0.5 + 2 * (gaussian_filter(intensity, 1) - gaussian_filter(intensity, size / 8))
        for view, values in ((raw, intensity), (treated, filtered)):
            view[time] = np.round(np.clip(values, 0, 1) * 255)
            _burn_clock(view[time], number * frames + time)
        masks[time] = 255 * ((depth > 0) & (visible[time] > 0))
    return DrawnSequence(treated, raw, masks)


def _share_out(sample: SampleParams, random: np.random.Generator) -> list[int]:
    """Frames without foreground of each sequence; every sequence keeps one with."""
    slots = np.repeat(np.arange(sample.sequences), sample.frames - 1)
    chosen = random.permutation(slots)[: round(sample.empty_share * sample.sequences * sample.frames)]
    return [int(count) for count in np.bincount(chosen, minlength=sample.sequences)]


def _draw_still(sample: SampleParams, random: np.random.Generator) -> Floats:
    texture = 0.04 * _draw_texture(sample.size, random)
    shapes = np.zeros((sample.size, sample.size))
    for centre in _draw_centres(sample, random):
        shape = _draw_shape(sample.size, random)
        shapes = np.maximum(shapes, shape.brightness * _soften(shape.depth(sample.size, centre)))
    return np.asarray(texture + shapes)


def _draw_centres(sample: SampleParams, random: np.random.Generator) -> Floats:
    """Centres of the look-alikes, each of the best of ten draws: the one farthest from those before it."""
    centres = np.empty((0, 2))
    for _ in range(sample.look_alikes):
        draws = random.uniform(0.1, 0.9, (10, 2)) * sample.size
        distances = np.linalg.norm(draws[:, None] - centres, axis=-1).min(axis=1, initial=np.inf)
        centres = np.vstack([centres, draws[distances.argmax()]])
    return centres


def _draw_shape(size: int, random: np.random.Generator) -> Shape:
    return Shape(
        radius=size * random.uniform(0.07, 0.11),
        waves=random.uniform(0.05, 0.25, 3),
        phases=random.uniform(0, 2 * np.pi, 3),
        turns=random.uniform(-0.25, 0.25, 3),
        brightness=random.uniform(0.14, 0.22),
    )


def _draw_path(size: int, frames: int, random: np.random.Generator) -> Floats:
    """Centres (frames, 2) along a slowly bending path that is thrown back at the frame's border."""
    heading = random.uniform(0, 2 * np.pi) + random.uniform(-0.15, 0.15) * np.arange(frames)
    steps = SPEED * np.stack([np.sin(heading), np.cos(heading)], axis=1)
    free = random.uniform(0, 1, 2) + np.cumsum(steps, axis=0) / 0.8
    return np.asarray(size * (0.1 + 0.8 * np.abs((free + 1) % 2 - 1)))


def _fade(frames: int, empty: int, random: np.random.Generator) -> Floats:
    visible = np.ones(frames)
    if empty:
        visible[:empty] = 0
        visible[empty] = FADED
    return visible if random.random() < 0.5 else visible[::-1]


def _draw_texture(size: int, random: np.random.Generator) -> Floats:
    """A smooth field of mean 0 and standard deviation 1."""
    field = gaussian_filter(random.normal(size=(size, size)), size / 10)
    return np.asarray((field - field.mean()) / field.std())


def _soften(depth: Floats) -> Floats:
    return np.clip(depth / 1.5 + 0.5, 0, 1)


def _burn_clock(frame: Bytes, ticks: int) -> None:
    """A dark panel in the upper left corner with the ticks in binary, as instruments burn in the time."""
    frame[:OVERLAY_HEIGHT_PX, :OVERLAY_WIDTH_PX] = 0
    bits = [255 * (ticks >> bit & 1) for bit in range(OVERLAY_BITS)]
    digits = np.repeat(bits, OVERLAY_WIDTH_PX // OVERLAY_BITS)[: frame.shape[1]]
    frame[1 : OVERLAY_HEIGHT_PX - 1, :OVERLAY_WIDTH_PX] = digits
