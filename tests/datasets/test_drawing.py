"""The drawn data set: one frame is ambiguous, several decide."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from pipeline.datasets.drawing import OVERLAY_HEIGHT_PX, OVERLAY_WIDTH_PX, draw_sequences
from pipeline.params import SampleParams


@pytest.fixture(scope="module")
def masks() -> np.ndarray:
    return np.stack([drawn.masks for drawn in draw_sequences(SampleParams(), 0)]) > 0


def best_dice(brightness: np.ndarray, masks: np.ndarray) -> float:
    """Dice of foreground at the best threshold of brightness, without the overlay."""
    counted = np.ones(masks.shape[-2:], bool)
    counted[:OVERLAY_HEIGHT_PX, :OVERLAY_WIDTH_PX] = False
    order = np.argsort(brightness[..., counted], axis=None)[::-1]
    hits = np.cumsum(masks[..., counted].ravel()[order])
    return float((2 * hits / (np.arange(1, len(hits) + 1) + hits[-1])).max())


@pytest.mark.parametrize("view", ["treated", "raw"])
def test_brightness_of_one_frame_does_not_tell_the_structure(view: str, masks: np.ndarray) -> None:
    frames = np.stack([getattr(drawn, view) for drawn in draw_sequences(SampleParams(), 0)]).astype(float)
    assert best_dice(gaussian_filter(frames, (0, 0, 1.5, 1.5)), masks) < 0.4


@pytest.mark.parametrize("view", ["treated", "raw"])
def test_difference_in_time_tells_the_structure(view: str, masks: np.ndarray) -> None:
    frames = np.stack([getattr(drawn, view) for drawn in draw_sequences(SampleParams(), 0)]).astype(float)
    change = frames - np.median(frames, axis=1, keepdims=True)
    assert best_dice(gaussian_filter(change, (0, 0, 1.5, 1.5)), masks) > 0.6


def test_the_asked_share_of_frames_is_empty(masks: np.ndarray) -> None:
    empty = ~masks.any(axis=(2, 3))
    assert empty.sum() == round(0.15 * 24 * 12)
    assert not empty.all(axis=1).any()


def test_a_seed_draws_the_same_and_another_seed_others() -> None:
    sample = SampleParams(sequences=2, frames=3, size=16, look_alikes=0)
    first, again, other = (draw_sequences(sample, seed)[1] for seed in (0, 0, 1))
    np.testing.assert_array_equal(first.raw, again.raw)
    assert (first.raw != other.raw).any()


def test_the_clock_changes_with_every_frame() -> None:
    drawn = draw_sequences(SampleParams(sequences=2, frames=12), 0)
    clocks = {
        frame[:OVERLAY_HEIGHT_PX, :OVERLAY_WIDTH_PX].tobytes() for sequence in drawn for frame in sequence.treated
    }
    assert len(clocks) == 24
