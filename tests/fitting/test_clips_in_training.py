"""A clip is augmented by one transform, inside the step: its frames and the mask move and brighten as one."""

from typing import Any

import keras
import numpy as np
import pytest

from pipeline.augment import Augment
from pipeline.fitting.trainer import Statistics, Trainer
from pipeline.params import AugmentParams
from pipeline.tasks import Head

pytestmark = pytest.mark.usefixtures("keras_backend")
FRAMES = 3
HEADS = (Head("mask", 1, "sigmoid"),)
MASKS = np.zeros((4, 32, 32), "int32")
MASKS[:, 4:18, 6:24] = 1


def show_frames(augment: AugmentParams) -> tuple[np.ndarray, np.ndarray]:
    """Frames (batch, height, width, time) as the network is given them in training, each being the mask; and the mask then."""
    clip = keras.Input((FRAMES, None, None, 1))
    frames = keras.layers.Concatenate()([clip[:, frame] for frame in range(FRAMES)])
    statistics = Statistics(np.zeros(1, "float32"), np.ones(1, "float32"))
    loss: Any = None
    trainer = Trainer(keras.Model(clip, {"mask": frames}), HEADS, Augment(augment, seed=1), loss, statistics)
    seen = np.repeat(MASKS[:, None, ..., None], FRAMES, axis=1).astype("float32")
    outputs = trainer({"clip": seen, "mask": MASKS}, training=True)
    return np.asarray(outputs["logits"]["mask"]), np.asarray(outputs["targets"]["mask"])


@pytest.mark.parametrize(
    "transform",
    [
        {"flip_horizontal": True, "flip_vertical": True},
        {"quarter_turns": True},
        {"rotation": 90.0},
        {"elastic_px": 2.0},
    ],
    ids=lambda transform: next(iter(transform)),
)
def test_frames_and_mask_move_as_one(transform: dict[str, Any]) -> None:
    frames, mask = show_frames(AugmentParams(**transform))
    for frame in range(1, FRAMES):
        np.testing.assert_array_equal(frames[..., frame], frames[..., 0])
    assert np.mean((frames[..., 0] >= 0.5) == mask) > 0.99 and np.any(mask != MASKS)


def test_frames_brighten_as_one_and_the_mask_does_not() -> None:
    frames, mask = show_frames(AugmentParams(brightness=1.0, contrast=0.5))
    np.testing.assert_allclose(frames[..., 1], frames[..., 0], atol=1e-6)
    np.testing.assert_array_equal(mask, MASKS)
    assert len(np.unique(frames[:, 0, 0, 0].round(3))) == 4
