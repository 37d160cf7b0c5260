"""Past masks are the network's own: their way into the input, and that no truth finds one."""

import keras
import numpy as np
import pytest

from pipeline.fitting.past_masks import Build, build_fed_network, inner_network
from pipeline.tasks import Head

pytestmark = pytest.mark.usefixtures("keras_backend")
FRAMES, CHANNELS = 3, 2
BINARY = (Head("mask", 1, "sigmoid"),)
CLIP = np.random.default_rng(0).normal(size=(2, FRAMES, 8, 8, CHANNELS)).astype("float32")


def build_stacked(channels: int, heads: tuple[Head, ...] = ()) -> keras.Model:
    """A network of stacked frames, whose mask depends on every input channel."""
    frames = keras.Input((None, None, FRAMES * channels))
    features = keras.layers.Conv2D(4, 3, padding="same", activation="tanh")(frames)
    features = keras.layers.Dropout(0.5)(keras.layers.BatchNormalization()(features))
    return keras.Model(
        frames, {"mask": keras.layers.Conv2D(1, 1)(features), "depth": keras.layers.Conv2D(1, 1)(features)}
    )


def build_sequential(channels: int, heads: tuple[Head, ...] = ()) -> keras.Model:
    """A network of clips that keeps time apart."""
    clip = keras.Input((FRAMES, None, None, channels))
    return keras.Model(clip, {"mask": keras.layers.Conv3D(2, (FRAMES, 1, 1))(clip)[:, 0]})


def unroll(network: keras.Model, clip: np.ndarray, classes: int) -> np.ndarray:
    """By hand: three passes, the masks of the first two in the channels behind their frames'."""
    first, second, last = (clip[:, frame] for frame in range(FRAMES))
    blank = np.zeros((*first.shape[:3], classes), "float32")

    def see(*pairs: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
        window = np.stack([np.concatenate(pair, axis=-1) for pair in pairs], axis=1)
        if len(network.inputs[0].shape) == 4:
            window = np.concatenate([window[:, frame] for frame in range(FRAMES)], axis=-1)
        return np.asarray(keras.ops.convert_to_numpy(network(window, training=False)["mask"]))

    def share(logits: np.ndarray) -> np.ndarray:
        odds = np.exp(logits)
        return odds / (1 + odds) if classes == 1 else odds / odds.sum(-1, keepdims=True)

    of_first = share(see((first, blank), (first, blank), (first, blank)))
    of_second = share(see((first, of_first), (first, of_first), (second, blank)))
    return see((first, of_first), (second, of_second), (last, blank))


@pytest.mark.parametrize(("build", "classes"), [(build_stacked, 1), (build_sequential, 2)])
def test_frames_are_segmented_in_turn(build: Build, classes: int) -> None:
    head = Head("mask", classes, "sigmoid" if classes == 1 else "softmax")
    network = build_fed_network(build, FRAMES, CHANNELS, (head,))
    outputs = network(CLIP, training=False)
    expected = unroll(inner_network(network), CLIP, classes)
    np.testing.assert_allclose(np.asarray(outputs["mask"]), expected, atol=1e-5)
    assert outputs["mask"].shape == (2, 8, 8, classes)


def test_what_was_predicted_changes_what_is() -> None:
    network = build_fed_network(build_stacked, FRAMES, CHANNELS, BINARY)
    within = inner_network(network)
    blank = np.zeros((2, FRAMES, 8, 8, 1), "float32")
    alone = np.concatenate([np.concatenate([CLIP, blank], axis=-1)[:, frame] for frame in range(FRAMES)], axis=-1)
    without = np.asarray(within(alone, training=False)["mask"])
    assert np.abs(np.asarray(network(CLIP, training=False)["mask"]) - without).max() > 1e-4


def test_no_gradient_passes_through_what_is_fed_back(keras_backend: str) -> None:
    if keras_backend != "tensorflow":
        pytest.skip("gradients are taken by TensorFlow's tape")
    import tensorflow

    network = build_fed_network(build_linear, FRAMES, CHANNELS, BINARY)
    within = inner_network(network)
    with tensorflow.GradientTape() as tape:
        loss = keras.ops.sum(network(CLIP, training=False)["mask"])
    (gradient, _) = tape.gradient(loss, within.trainable_weights)
    # of a linear network's summed logits the gradient is the sum of its last input: frame by frame, channels then mask
    by_channel = np.asarray(gradient).reshape(FRAMES, CHANNELS + 1)
    np.testing.assert_allclose(by_channel[:, :CHANNELS], CLIP.sum(axis=(0, 2, 3)), rtol=1e-3, atol=1e-3)
    assert (by_channel[:2, CHANNELS] > 0).all() and by_channel[2, CHANNELS] == 0


def build_linear(channels: int, heads: tuple[Head, ...] = ()) -> keras.Model:
    frames = keras.Input((None, None, FRAMES * channels))
    return keras.Model(frames, {"mask": keras.layers.Conv2D(1, 1)(frames)})


def test_some_samples_begin_without_masks_while_training() -> None:
    network = build_fed_network(build_linear, FRAMES, CHANNELS, BINARY)
    clip = np.repeat(CLIP[:1], 300, axis=0)
    with_masks = np.asarray(network(clip[:1], training=False)["mask"])
    trained = np.asarray(network(clip, training=True)["mask"])
    is_kept = np.abs(trained - with_masks).max(axis=(1, 2, 3)) < 1e-5
    assert 0.55 < is_kept.mean() < 0.78  # 2 of 3, by four standard deviations
    assert len(np.unique(np.round(trained[~is_kept], 4), axis=0)) == 1
