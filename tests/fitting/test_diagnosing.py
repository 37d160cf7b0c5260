"""What diagnosing computes is the network in training mode, and the network is untouched by it."""

import keras
import numpy as np
import pytest

from pipeline.fitting.diagnosing import choose_places, use_batch_statistics

pytestmark = pytest.mark.usefixtures("keras_backend")


def build(normalized: bool = True, nested: bool = False) -> keras.Model:
    frames = keras.Input((8, 8, 2))
    features = keras.layers.Conv2D(3, 3, padding="same")(frames)
    if normalized:
        features = keras.layers.BatchNormalization()(features)
    features = keras.layers.Dropout(0.5)(features)
    logits = keras.layers.Conv2D(1, 1, name="logits")(features)
    network = keras.Model(frames, {"mask": logits})
    if not nested:
        return network
    outer = keras.Input((8, 8, 2))
    return keras.Model(outer, network(outer))


def draw_tiles(count: int = 4) -> np.ndarray:
    return np.random.default_rng(0).normal(3, 2, (count, 8, 8, 2)).astype("float32")


@pytest.mark.parametrize("nested", [False, True])
def test_batch_statistics_are_those_of_training(nested: bool) -> None:
    network = build(nested=nested)
    for layer in network._flatten_layers():
        if isinstance(layer, keras.layers.Dropout):
            layer.rate = 0.0
    tiles = draw_tiles()
    in_batch = use_batch_statistics(network)
    assert in_batch is not None
    found = keras.ops.convert_to_numpy(in_batch(tiles, training=False)["mask"])
    expected = keras.ops.convert_to_numpy(network(tiles, training=True)["mask"])
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_nothing_of_the_network_is_changed() -> None:
    network, tiles = build(), draw_tiles()
    variables = [np.array(keras.ops.convert_to_numpy(variable)) for variable in network.variables]
    before = keras.ops.convert_to_numpy(network(tiles, training=False)["mask"])
    in_batch = use_batch_statistics(network)
    assert in_batch is not None
    first = keras.ops.convert_to_numpy(in_batch(tiles, training=False)["mask"])
    after = keras.ops.convert_to_numpy(network(tiles, training=False)["mask"])
    np.testing.assert_array_equal(before, after)
    assert np.abs(first - before).max() > 0.1  # the moving statistics are still those of no data
    for variable, value in zip(network.variables, variables, strict=True):
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(variable), value)


def test_weights_are_shared() -> None:
    network, tiles = build(), draw_tiles()
    in_batch = use_batch_statistics(network)
    assert in_batch is not None
    network.set_weights([weight * 0 for weight in network.get_weights()])
    assert not keras.ops.convert_to_numpy(in_batch(tiles)["mask"]).any()


def test_a_network_without_batch_normalisation_has_one_mode() -> None:
    assert use_batch_statistics(build(normalized=False)) is None


@pytest.mark.parametrize(
    ("count", "batch_size", "places"),
    [(5, 2, [0, 1, 3, 4]), (3, 4, [0, 1, 1, 2]), (1, 2, [0, 0])],
)
def test_tiles_are_spread_and_fill_whole_batches(count: int, batch_size: int, places: list[int]) -> None:
    assert choose_places(count, batch_size).tolist() == places


def test_at_most_so_many_tiles_are_diagnosed() -> None:
    assert len(choose_places(1000, 12)) == 24
    assert len(choose_places(1000, 64)) == 64  # one batch is the least
