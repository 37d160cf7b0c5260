"""Attention over time against NumPy, and places kept apart."""

from typing import Any

import keras
import numpy as np
import pytest

from pipeline.attention import FoldSpace, FramePosition, UnfoldSpace, sinusoids, transformer_block

pytestmark = pytest.mark.usefixtures("keras_backend")
SEQUENCES = np.random.default_rng(0).normal(size=(5, 3, 4)).astype("float32")
CLIP = np.random.default_rng(1).normal(size=(2, 3, 4, 6, 8)).astype("float32")


def layer_normal(values: np.ndarray) -> np.ndarray:
    return (values - values.mean(-1, keepdims=True)) / np.sqrt(values.var(-1, keepdims=True) + 1e-3)


def attend(values: np.ndarray, weights: list[np.ndarray]) -> np.ndarray:
    """Softmax(Q K' / sqrt(d)) V, the heads' results projected and summed."""
    query, query_bias, key, key_bias, value, value_bias, out, out_bias = weights
    q, k, v = (
        np.einsum("ntc,chd->nhtd", values, kernel) + bias[:, None]
        for kernel, bias in ((query, query_bias), (key, key_bias), (value, value_bias))
    )
    scores = np.exp(q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1]))
    return np.einsum("nhtd,hdc->ntc", scores / scores.sum(-1, keepdims=True) @ v, out) + out_bias


def gelu(values: np.ndarray) -> np.ndarray:
    from scipy.special import erf

    return values * (1 + erf(values / np.sqrt(2))) / 2


def test_block_is_the_formula() -> None:
    keras.utils.set_random_seed(0)
    inputs = keras.Input((3, 4))
    network = keras.Model(inputs, transformer_block(inputs, heads=2, mlp_ratio=1.5, dropout=0.5, name="block"))
    layers: dict[type, Any] = {}
    for layer in network.layers:
        layers.setdefault(type(layer), []).append(layer.get_weights())
    (attention,), (wide, narrow) = layers[keras.layers.MultiHeadAttention], layers[keras.layers.Dense]
    assert wide[0].shape == (4, 6)
    expected = SEQUENCES + attend(layer_normal(SEQUENCES), attention)
    expected = expected + gelu(layer_normal(expected) @ wide[0] + wide[1]) @ narrow[0] + narrow[1]
    np.testing.assert_allclose(np.asarray(network(SEQUENCES, training=False)), expected, atol=1e-5)


def test_places_are_folded_and_unfolded() -> None:
    places = np.asarray(FoldSpace()(CLIP))
    np.testing.assert_array_equal(places[1 * 24 + 2 * 6 + 5], CLIP[1, :, 2, 5])
    np.testing.assert_array_equal(UnfoldSpace()(places[:, -1], CLIP), CLIP[:, -1])


def test_a_place_looks_at_no_other() -> None:
    inputs = keras.Input((3, None, None, 8))
    places = transformer_block(
        FramePosition("sinusoidal")(FoldSpace()(inputs)), heads=2, mlp_ratio=2, dropout=0.0, name="block"
    )
    network = keras.Model(inputs, UnfoldSpace()(places[:, -1], inputs))
    changed = CLIP.copy()
    changed[0, 0, 1, 2] += 1
    moved = np.asarray(network(changed, training=False)) != np.asarray(network(CLIP, training=False))
    assert np.argwhere(moved.any(-1)).tolist() == [[0, 1, 2]]


def test_waves_are_those_of_the_formula() -> None:
    waves = sinusoids(3, 4)
    np.testing.assert_allclose(waves[0], [0, 0, 1, 1])
    np.testing.assert_allclose(waves[2], [np.sin(2), np.sin(2e-4), np.cos(2), np.cos(2e-4)], rtol=1e-6)
    assert sinusoids(2, 5).shape == (2, 5)


def test_learned_position_is_a_weight_and_waves_are_none() -> None:
    learned, waves = FramePosition("learned"), FramePosition("sinusoidal")
    assert np.abs(np.asarray(learned(np.zeros((1, 3, 4)))) - np.asarray(learned.weights[0])).max() == 0
    np.testing.assert_allclose(waves(np.zeros((1, 3, 4)))[0], sinusoids(3, 4))
    assert waves.weights == []
