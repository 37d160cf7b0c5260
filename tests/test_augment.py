"""Image, mask and clip must move together, and what is off must change nothing."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import ops

from pipeline.augment import Augment, sample_linear, sample_nearest
from pipeline.params import AugmentParams

pytestmark = pytest.mark.usefixtures("keras_backend")
GEOMETRY = {
    "flip_horizontal": True,
    "flip_vertical": True,
    "quarter_turns": True,
    "rotation": 180.0,
    "scale": 0.3,
    "shear": 10.0,
    "shift": 0.1,
    "elastic_px": 2.0,
}
LABELS = np.random.default_rng(0).integers(0, 3, (4, 8, 8)) * 2


def augment(images: np.ndarray, masks: np.ndarray, seed: int = 0, **on: Any) -> tuple[np.ndarray, np.ndarray]:
    moved = Augment(AugmentParams(**on), seed)(images.astype("float32"), {"mask": masks.astype("int32")})
    return ops.convert_to_numpy(moved[0]), ops.convert_to_numpy(moved[1]["mask"])


def disc(size: int = 64) -> np.ndarray:
    """Four masks of a disc away from the centre."""
    rows, columns = np.mgrid[:size, :size]
    return np.repeat(((rows - size / 3) ** 2 + (columns - size / 2.5) ** 2 < (size / 6) ** 2)[None], 4, axis=0)


def test_nothing_on_changes_nothing() -> None:
    images, masks = augment(LABELS[..., None], LABELS)
    np.testing.assert_array_equal(images[..., 0], LABELS)
    np.testing.assert_array_equal(masks, LABELS)


@pytest.mark.parametrize("on", ["flip_horizontal", "flip_vertical", "quarter_turns"])
def test_flips_and_turns_move_whole_pixels(on: str) -> None:
    for seed in range(6):
        images, masks = augment(LABELS[..., None], LABELS, seed, **{on: True})
        np.testing.assert_array_equal(images[..., 0], masks)
        for before, after in zip(LABELS, masks, strict=True):
            mirrors = {"flip_horizontal": [before[:, ::-1]], "flip_vertical": [before[::-1]]}
            possible = [before, *mirrors.get(on, [np.rot90(before, turn) for turn in (1, 2, 3)])]
            assert any(np.array_equal(after, view) for view in possible)


def test_every_quarter_turn_and_flip_is_drawn() -> None:
    masks = np.repeat(LABELS[:1], 200, axis=0)
    _, moved = augment(masks[..., None], masks, flip_horizontal=True, quarter_turns=True)
    assert len({view.tobytes() for view in moved}) == 8


@pytest.mark.parametrize("on", sorted(GEOMETRY))
def test_image_and_mask_move_together(on: str) -> None:
    """A disc as image, cut at one half, covers its mask but for pixels that the border runs through."""
    masks = disc()
    images, moved = augment(masks[..., None], masks, seed=1, **{on: GEOMETRY[on]})
    assert np.mean((images[..., 0] >= 0.5) == moved) > 0.995
    assert on.startswith("flip") or np.any(moved != masks)


def test_masks_hold_only_values_they_had() -> None:
    for seed in range(5):
        _, masks = augment(LABELS[..., None], LABELS, seed, **GEOMETRY)
        assert set(np.unique(masks)) <= set(np.unique(LABELS))


def test_frames_of_a_clip_move_as_one() -> None:
    frames = np.repeat(disc()[..., None], 3, axis=-1)
    images, _ = augment(frames, disc(), **GEOMETRY)
    np.testing.assert_array_equal(images[..., 0], images[..., 1])
    np.testing.assert_array_equal(images[..., 0], images[..., 2])


def test_samples_of_a_batch_move_apart() -> None:
    _, masks = augment(disc()[..., None], disc(), **GEOMETRY)
    assert len({mask.tobytes() for mask in masks}) == 4


def test_rotation_keeps_the_centre_and_the_size() -> None:
    rows, columns = np.mgrid[:33, :33]
    ring = np.repeat((np.abs(np.hypot(rows - 16, columns - 16) - 9) < 2)[None], 4, axis=0)
    _, turned = augment(ring[..., None], ring, rotation=180.0)
    assert np.mean(turned == ring) > 0.96


def test_scale_enlarges_and_shrinks_within_its_range() -> None:
    masks = np.repeat(disc()[:1], 64, axis=0)
    _, scaled = augment(masks[..., None], masks, scale=0.2)
    ratio = np.sqrt(scaled.sum(axis=(1, 2)) / masks[0].sum())
    assert 1 / 1.25 < ratio.min() < 0.9 and 1.1 < ratio.max() < 1.25


def test_shift_stays_within_its_share() -> None:
    row = np.zeros((64, 40, 40), int)
    row[:, 20, 20] = 1
    _, shifted = augment(row[..., None], row, shift=0.1)
    _, rows, columns = np.nonzero(shifted)
    assert np.abs(rows - 20).max() <= 4 and np.abs(columns - 20).max() <= 4
    assert np.ptp(rows) >= 6


def test_intensity_leaves_masks_and_keeps_within_its_strength() -> None:
    images, masks = augment(np.zeros((64, 8, 8, 1)), np.repeat(LABELS, 16, axis=0), brightness=0.5)
    np.testing.assert_array_equal(masks, np.repeat(LABELS, 16, axis=0))
    assert np.ptp(images, axis=(1, 2, 3)).max() == 0
    assert 0.3 < images.max() <= 0.5 and -0.5 <= images.min() < -0.3


def test_contrast_keeps_the_mean() -> None:
    before = np.random.default_rng(1).normal(3, 1, (16, 8, 8, 1))
    after, _ = augment(before, np.zeros((16, 8, 8)), contrast=0.25)
    np.testing.assert_allclose(after.mean(axis=(1, 2)), before.mean(axis=(1, 2)), atol=1e-5)
    ratio = after.std(axis=(1, 2, 3)) / before.std(axis=(1, 2, 3))
    assert 0.75 <= ratio.min() < 0.95 and 1.05 < ratio.max() <= 1.25


def test_noise_is_drawn_up_to_its_deviation() -> None:
    noisy, _ = augment(np.zeros((64, 32, 32, 1)), np.zeros((64, 32, 32)), noise=0.2)
    deviations = noisy.std(axis=(1, 2, 3))
    assert deviations.min() < 0.05 and 0.15 < deviations.max() < 0.21


def test_seed_decides_and_state_goes_on() -> None:
    layer, twin = (Augment(AugmentParams(**GEOMETRY), 3) for _ in range(2))
    images, maps = disc()[..., None].astype("float32"), {"mask": disc().astype("int32")}
    first, second = (ops.convert_to_numpy(layer(images, maps)[1]["mask"]) for _ in range(2))
    np.testing.assert_array_equal(first, ops.convert_to_numpy(twin(images, maps)[1]["mask"]))
    assert np.any(first != second)
    assert np.any(first != augment(disc()[..., None], disc(), seed=4, **GEOMETRY)[1])


@settings(max_examples=20, deadline=None)
@given(st.floats(-40, 40), st.floats(-40, 40))
def test_beyond_the_border_lies_the_mirror_image(row: float, column: float) -> None:
    image = np.arange(30, dtype="float32").reshape(1, 5, 6, 1)
    at = np.full((1, 5, 6), 1.0, "float32")
    value = ops.convert_to_numpy(sample_linear(image, at * row, at * column))[0, 0, 0, 0]
    folded = [size - abs(size - where % (2 * size)) for where, size in ((row, 4), (column, 5))]
    assert value == pytest.approx(6 * folded[0] + folded[1], abs=1e-3)
    nearest = ops.convert_to_numpy(sample_nearest(image[..., 0].astype("int32"), at * row, at * column))[0, 0, 0]
    assert abs(nearest // 6 - folded[0]) <= 0.501 and abs(nearest % 6 - folded[1]) <= 0.501
