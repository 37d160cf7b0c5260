"""Whole images from tiles: the identity gives the image back, whatever its size, the tiles and the views."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.fitting.tiles import blend_window, predict_tiled, symmetries, tile_starts
from pipeline.params import PredictParams


def predict(image: np.ndarray, stride: int = 4, **params: Any) -> np.ndarray:
    """Tiled prediction by a network that gives back the last frame, and takes sides that are multiples of the stride only."""

    def forward(clips: np.ndarray) -> dict[str, np.ndarray]:
        assert all(side % stride == 0 for side in clips.shape[2:4])
        return {"mask": clips[:, -1]}

    return predict_tiled(forward, image[None], PredictParams(**params), stride)["mask"]


@settings(max_examples=60, deadline=None)
@given(
    size=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    tile=st.tuples(st.integers(5, 24), st.integers(5, 24)),
    overlap=st.sampled_from([0.0, 0.25, 0.5, 0.9]),
    views=st.sampled_from(["none", "flips", "flips_and_turns"]),
)
def test_identity_gives_the_image_back(
    size: tuple[int, int], tile: tuple[int, int], overlap: float, views: str
) -> None:
    image = np.random.default_rng(0).random((*size, 2)).astype("float32")
    scores = predict(image, tile=tile, overlap=overlap, test_time_augmentation=views)
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores, image, atol=1e-5)


@given(st.integers(1, 200), st.integers(1, 60), st.sampled_from([0.0, 0.25, 0.5, 0.8]))
def test_tiles_cover_and_overlap(size: int, tile: int, overlap: float) -> None:
    starts = tile_starts(size, tile, overlap)
    assert starts[0] == 0 and starts[-1] == max(0, size - tile)
    steps = np.diff(starts)
    assert (steps <= max(1, tile * (1 - overlap)) + 0.5).all()


def test_no_tile_more_than_needed() -> None:
    assert tile_starts(100, 50, 0.0) == [0, 50]
    assert tile_starts(100, 50, 0.25) == [0, 25, 50]
    assert tile_starts(50, 50, 0.5) == [0]


def test_blend_falls_to_the_border_and_is_never_nothing() -> None:
    window = blend_window(5, 8)[..., 0]
    np.testing.assert_array_equal(window, window[::-1, ::-1])
    assert window.max() == 1 and window.min() > 0
    np.testing.assert_allclose(window[2], [0.25, 0.5, 0.75, 1, 1, 0.75, 0.5, 0.25])


def test_seams_are_blended() -> None:
    """Tiles of two heights give a slope where they overlap, not a step."""
    calls = iter([0.0, 1.0])
    scores = predict_tiled(
        lambda clips: {"mask": np.full((*clips[:, 0].shape[:3], 1), next(calls), "float32")},
        np.zeros((1, 8, 24, 1), "float32"),
        PredictParams(tile=(8, 16), overlap=0.5),
        8,
    )["mask"]
    assert (np.diff(scores[0, :, 0]) >= 0).all() and scores[0, 0, 0] == 0 and scores[0, -1, 0] == 1
    assert np.diff(scores[0, :, 0]).max() < 0.3


@pytest.mark.parametrize(("kind", "count"), [("none", 1), ("flips", 4), ("flips_and_turns", 8)])
def test_views_are_distinct(kind: str, count: int) -> None:
    assert len(set(symmetries(kind, is_square=True))) == count
    assert len(symmetries("flips_and_turns", is_square=False)) == 4


@pytest.mark.parametrize(("kind", "turns"), [("flips", [0, 2]), ("flips_and_turns", [0, 1, 2, 3])])
def test_averaged_views_make_a_prediction_symmetric(kind: str, turns: list[int]) -> None:
    """A network that sees a corner only then sees it wherever the image is turned."""

    def forward(clips: np.ndarray) -> dict[str, np.ndarray]:
        scores = clips[:, -1].copy()
        scores[:, :3, :2] *= 5
        return {"mask": scores}

    params = PredictParams(test_time_augmentation=kind)
    image = np.random.default_rng(1).random((1, 8, 8, 1)).astype("float32")
    expected = predict_tiled(forward, image, params, 8)["mask"]
    for turn in turns:
        for mirror in (1, -1):
            view = np.rot90(image, turn, axes=(1, 2))[:, :, ::mirror]
            upright = np.rot90(predict_tiled(forward, view, params, 8)["mask"][:, ::mirror], -turn, axes=(0, 1))
            np.testing.assert_allclose(upright, expected, atol=1e-6)


def test_memory_is_bounded_by_the_tile() -> None:
    largest = 0

    def forward(clips: np.ndarray) -> dict[str, np.ndarray]:
        nonlocal largest
        largest = max(largest, clips.size)
        return {"mask": clips[:, -1]}

    predict_tiled(forward, np.zeros((1, 100, 130, 1), "float32"), PredictParams(tile=(32, 32)), 8)
    assert largest == 32 * 32


def test_vectors_are_averaged_over_tiles_and_views() -> None:
    """Each tile's own mean: their mean is the image's where the tiles do not overlap."""
    image = np.random.default_rng(2).random((1, 8, 16, 1)).astype("float32")
    params = PredictParams(tile=(8, 8), overlap=0.0, test_time_augmentation="flips")
    found = predict_tiled(lambda clips: {"label": clips.mean(axis=(1, 2, 3))}, image, params, 8)
    np.testing.assert_allclose(found["label"], [image.mean()], atol=1e-6)
