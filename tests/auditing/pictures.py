"""Pictures of several kinds, drawn: what a data set of the audit's tests is made of."""

from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

Picture = np.ndarray
Random = np.random.Generator


def draw_field(random: Random, size: int, power: float) -> np.ndarray:
    """A noise field (size, size) within 0..1 whose amplitude falls as 1/frequency^power, as in natural pictures."""
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(size), np.fft.fftfreq(size)))
    frequency[0, 0] = 1
    field = np.fft.ifft2(np.fft.fft2(random.normal(size=(size, size))) / frequency**power).real
    return (field - field.min()) / (field.max() - field.min())


def to_bytes(values: np.ndarray, random: Random, noise: float = 3.0) -> Picture:
    """Values within 0..1 as 8 bit, with the noise of a sensor in grey levels."""
    return np.clip(values * 255 + random.normal(0, noise, values.shape), 0, 255).astype(np.uint8)


def draw_clouds(random: Random, size: int = 128) -> Picture:
    return to_bytes(draw_field(random, size, random.uniform(1.0, 1.5)), random)


def draw_cells(random: Random, size: int = 128) -> Picture:
    """Soft bright blobs on an uneven dark ground, as in fluorescence microscopy."""
    y, x = np.mgrid[:size, :size]
    ground = 0.15 + 0.1 * draw_field(random, size, 2)
    for _ in range(random.integers(8, 25)):
        centre, radii, angle = random.uniform(0, size, 2), random.uniform(4, 11, 2), random.uniform(0, np.pi)
        u = (x - centre[0]) * np.cos(angle) + (y - centre[1]) * np.sin(angle)
        v = (y - centre[1]) * np.cos(angle) - (x - centre[0]) * np.sin(angle)
        inside = np.clip((1 - np.hypot(u / radii[0], v / radii[1])) * 3, 0, 1)
        ground = np.maximum(ground, random.uniform(0.4, 0.9) * inside * (0.8 + 0.2 * draw_field(random, size, 1)))
    return to_bytes(gaussian_filter(ground, 0.8), random, 5)


def draw_shapes(random: Random, size: int = 128) -> Picture:
    """A colour scene of overlapping polygons and discs over a shaded ground."""
    low, high = np.sort(random.uniform(0.1, 0.9, 2))
    shade = (low + (high - low) * draw_field(random, size, 1.6))[..., None] * random.uniform(0.5, 1, 3)
    canvas = Image.fromarray((shade * 255).astype(np.uint8))
    pen = ImageDraw.Draw(canvas)
    for _ in range(random.integers(6, 16)):
        centre, radius = random.uniform(0, size, 2), random.uniform(5, size / 4)
        colour = tuple(int(value) for value in random.integers(0, 255, 3))
        if random.random() < 0.5:
            pen.ellipse([*(centre - radius), *(centre + radius)], fill=colour)
        else:
            angles = np.sort(random.uniform(0, 2 * np.pi, random.integers(3, 7)))
            corners = centre + radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)
            pen.polygon([tuple(corner) for corner in corners], fill=colour)
    return to_bytes(np.asarray(canvas) / 255, random)


def draw_text(random: Random, size: int = 160) -> Picture:
    """A page of random words."""
    canvas = Image.new("L", (size, size), 235)
    pen = ImageDraw.Draw(canvas)
    letters = list("abcdefghijklmnopqrstuvwxyz")
    for line in range(size // 14):
        words = ["".join(random.choice(letters, random.integers(2, 9))) for _ in range(6)]
        pen.text((4, 3 + 14 * line), " ".join(words)[: random.integers(8, 30)], fill=30)
    return to_bytes(gaussian_filter(np.asarray(canvas) / 255, 0.5), random)


def draw_membranes(random: Random, size: int = 160) -> Picture:
    """Dark borders between cells, as in electron microscopy."""
    seeds = random.uniform(0, size, (size // 4, 2))
    nearest, _ = cKDTree(seeds).query(np.moveaxis(np.mgrid[:size, :size], 0, -1), 2)
    border = np.exp(-(((nearest[..., 1] - nearest[..., 0]) / 2.5) ** 2))
    return to_bytes(0.7 - 0.5 * border - 0.25 * draw_field(random, size, 0.8), random, 8)


def draw_tiny(random: Random) -> Picture:
    """A scene of 32x32 pixels."""
    return cv2.resize(draw_shapes(random, 96), (32, 32), interpolation=cv2.INTER_AREA)


KINDS: dict[str, Callable[[Random], Picture]] = {
    "clouds": draw_clouds,
    "cells": draw_cells,
    "shapes": draw_shapes,
    "text": draw_text,
    "membranes": draw_membranes,
    "tiny": draw_tiny,
}


def draw_many(kind: str, random: Random, number: int) -> list[Picture]:
    return [KINDS[kind](random) for _ in range(number)]


def draw_sections(random: Random, number: int) -> list[Picture]:
    """Neighbouring sections of one block: alike, not the same."""
    block = gaussian_filter(random.normal(size=(number * 3, 128, 128)), (2.5, 2, 2))
    block = (block - block.min()) / np.ptp(block)
    return [to_bytes(section, random, 6) for section in block[::3]]


def draw_static_camera(random: Random, number: int) -> list[Picture]:
    """One background before which other things move."""
    ground = draw_shapes(random) / 255
    pictures = []
    for _ in range(number):
        scene = ground.copy()
        for _ in range(2):
            top, left = random.integers(0, 104, 2)
            height, width = random.integers(14, 24, 2)
            scene[top : top + height, left : left + width] = random.uniform(0, 1, 3)
        pictures.append(to_bytes(scene, random))
    return pictures


def draw_logos(random: Random, number: int) -> list[Picture]:
    """Different pictures with the same logo in a corner, at several sizes."""
    logo, pictures = draw_text(random, 60), draw_many("clouds", random, number)
    for picture in pictures:
        size = int(random.integers(36, 52))
        picture[:size, -size:] = cv2.resize(logo, (size, size), interpolation=cv2.INTER_AREA)
    return pictures


def draw_discs(random: Random, number: int) -> list[Picture]:
    """A few bright discs on an even ground, with noise: few corners, all of one kind."""
    y, x = np.mgrid[:64, :64]
    pictures = []
    for _ in range(number):
        scene = np.full((64, 64), 0.2)
        for _ in range(random.integers(1, 4)):
            centre, radius = random.uniform(8, 56, 2), random.uniform(4, 12)
            scene[np.hypot(y - centre[0], x - centre[1]) < radius] = 0.8
        pictures.append(to_bytes(scene, random, 5))
    return pictures


def draw_empty(random: Random, number: int) -> list[Picture]:
    """Constant pictures among pictures of noise alone."""
    constant = [np.full((64, 64), value, np.uint8) for value in (0, 0, 255, 17)]
    return constant + [to_bytes(np.full((64, 64), 0.5), random, 4) for _ in range(number - len(constant))]


def draw_gradients(random: Random, number: int) -> list[Picture]:
    """Skies: smooth shades with little else."""
    y, x = np.mgrid[:96, :96] / 96
    pictures = []
    for _ in range(number):
        a, b, c = random.uniform(-0.5, 0.5, 3)
        scene = np.clip(0.5 + a * (y - 0.5) + b * (x - 0.5) + c * (y - 0.5) ** 2, 0, 1)
        pictures.append(to_bytes(scene, random, 2))
    return pictures


CLEAN: dict[str, Callable[[Random, int], list[Picture]]] = {
    "sections": draw_sections,
    "static_camera": draw_static_camera,
    "logos": draw_logos,
    "discs": draw_discs,
    "empty": draw_empty,
    "gradients": draw_gradients,
}
"""Data sets whose pictures are alike in some way, yet not the same."""
