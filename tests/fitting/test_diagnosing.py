"""What diagnosing computes is the network in training mode, and the network is untouched by it."""

import keras
import numpy as np
import pytest

from pipeline.batches import ValidationBatches, View
from pipeline.fitting.control import FitControl
from pipeline.fitting.diagnosing import choose_tiles, limit_tiles, use_batch_statistics
from pipeline.fitting.past_masks import build_fed_network
from pipeline.models import WHOLE
from pipeline.models.unet import Model
from pipeline.params import AugmentParams, TrainParams, UNetParams
from pipeline.tasks import Head
from tests.drawn import draw_arrays
from tests.fitting.killed import BUDGET, fit_small

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


def test_a_network_that_feeds_on_its_masks_has_both_modes() -> None:
    def build_inner(channels: int, heads: tuple[Head, ...]) -> keras.Model:
        frames = keras.Input((None, None, 2 * channels))
        features = keras.layers.BatchNormalization()(keras.layers.Conv2D(3, 3, padding="same")(frames))
        return keras.Model(frames, {"mask": keras.layers.Conv2D(1, 1)(features)})

    network = build_fed_network(build_inner, 2, 1, (Head("mask", 1, "sigmoid"),))
    in_batch = use_batch_statistics(network)
    assert in_batch is not None
    clips = draw_tiles()[:, None, ..., :1].repeat(2, axis=1)
    modes = [keras.ops.convert_to_numpy(mode(clips, training=False)["mask"]) for mode in (network, in_batch)]
    assert np.abs(modes[0] - modes[1]).max() > 0.1


def test_a_frozen_normalisation_has_one_mode() -> None:
    network = build()
    for layer in network.layers:
        layer.trainable = False
    assert use_batch_statistics(network) is None


def tiles_of(samples: int, batch_size: int, most: int = 32) -> ValidationBatches:
    arrays = draw_arrays(samples=samples, size=(8, 8))
    view = View(("mask",), (8, 8))
    return choose_tiles(ValidationBatches(arrays, np.arange(samples)[:, None], view, batch_size=batch_size), most)


@pytest.mark.parametrize(
    ("samples", "batch_size", "rows"),
    [(5, 2, [0, 1, 3, 4]), (3, 4, [0, 1, 1, 2]), (1, 2, [0, 0])],
)
def test_tiles_are_spread_and_fill_whole_batches(samples: int, batch_size: int, rows: list[int]) -> None:
    assert tiles_of(samples, batch_size).places[:, 0].tolist() == rows


def test_at_most_so_many_tiles_are_diagnosed() -> None:
    assert len(tiles_of(70, 12).places) == 24
    assert len(tiles_of(70, 64).places) == 64  # one batch is the least
    assert [limit_tiles(samples) for samples in (100, 400, 4000)] == [6, 25, 32]


@pytest.mark.usefixtures("eager_steps")
def test_a_diagnosed_fit_learns_the_same_and_tells_both_losses() -> None:
    """Neither weights nor moving statistics nor seeds are touched: dropout, augmentation and averaged weights go on alike."""
    train = BUDGET.model_copy(update={"samples": 16})
    plain, diagnosed = (fit_small(None, train=train, is_diagnosed=is_diagnosed) for is_diagnosed in (False, True))
    for name, weight in plain[0].items():
        np.testing.assert_array_equal(diagnosed[0][name], weight, err_msg=name)
    told = [{name: row.pop(name) for name in ("train_loss", "batch_loss")} for row in diagnosed[1]]
    assert diagnosed[1:] == plain[1:]
    assert all(np.isfinite(list(row.values())).all() for row in told)
    assert any(row["train_loss"] != row["batch_loss"] for row in told)


@pytest.mark.usefixtures("eager_steps")
def test_losses_of_tiles_are_those_of_the_same_tiles_in_validation() -> None:
    """On the samples that validate, in the same batches, the re-evaluated loss is the validation loss."""
    model, arrays = (
        Model(UNetParams(name="unet", depth=1, filters=2), 1, (Head("mask", 1, "sigmoid"),), 0, WHOLE),
        draw_arrays(4),
    )
    control = FitControl(is_diagnosed=True)
    params = TrainParams(samples=8, epoch_samples=4, batch_size=4)
    result = model.fit(arrays, np.arange(4), np.arange(4), params, AugmentParams(), control)
    for row in result.history:
        assert row["train_loss"] == pytest.approx(row["validation_loss"], abs=1e-6)
