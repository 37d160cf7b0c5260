"""Fits in stages: sizes, heads in turn, frozen layers; each goes on from the best weights of the one before."""

from typing import Any

import numpy as np
import pytest

from pipeline.fitting.control import FitControl, FitError, FitResult
from pipeline.fitting.network import NetworkModel
from pipeline.models import build_model
from pipeline.params import AugmentParams, TrainParams, UNetParams
from tests.drawn import describe, draw_arrays

pytestmark = pytest.mark.usefixtures("eager_steps")
UNET = UNetParams(name="unet", depth=1, filters=2)
STAGE = {"samples": 4}


def fit(**train: Any) -> tuple[NetworkModel[Any], FitResult]:
    model: Any = build_model(UNET, describe(), "mask_and_depth", seed=0)
    params = TrainParams.model_validate({"epoch_samples": 4, "batch_size": 2, **train})
    positions = np.arange(4)
    return model, model.fit(draw_arrays(), positions, positions, params, AugmentParams(), FitControl())


def changed(model: NetworkModel[Any]) -> set[str]:
    """First words of the names of layers whose kernels a fit has changed."""
    fresh: Any = build_model(UNET, describe(), "mask_and_depth", seed=0)
    pairs = zip(model.network.layers, fresh.network.layers, strict=True)
    return {
        after.name.split("_")[0]
        for after, before in pairs
        if after.weights and np.any(after.get_weights()[0] != before.get_weights()[0])
    }


def test_history_counts_on_over_stages() -> None:
    _, result = fit(stages=[{"samples": 4, "size": [8, 8]}, {"samples": 8}])
    assert [row["stage"] for row in result.history] == [1, 2, 2]
    assert [row["epoch"] for row in result.history] == [1, 2, 3]
    assert [row["samples"] for row in result.history] == [4, 8, 12]
    assert result.samples_seen == 12 and result.best_epoch in (2, 3)


def test_heads_are_trained_in_turn_with_the_encoder_kept() -> None:
    """Whatever happens to the depth after that, the mask stays as it is."""
    first = {**STAGE, "loss": {"mask": {"dice": 1}}}
    second = {**STAGE, "loss": {"depth": {"l1": 1}}, "freeze": ["encoder_*"]}
    slow, fast = (fit(stages=[first, second | {"learning_rate": rate}])[0] for rate in (1e-3, 1e-1))
    image = draw_arrays().image(0)[None]
    np.testing.assert_array_equal(slow.predict(image)["mask"], fast.predict(image)["mask"])
    assert np.any(slow.predict(image)["depth"] != fast.predict(image)["depth"])
    assert changed(slow) == {"encoder", "mask", "depth"}


def test_layers_learn_again_after_a_stage_that_froze_them() -> None:
    model, _ = fit(stages=[STAGE | {"freeze": ["encoder_*"]}, STAGE])
    assert changed(model) == {"encoder", "mask", "depth"}
    assert all(layer.trainable for layer in model.network.layers)


def test_a_pattern_that_names_no_layer_is_refused() -> None:
    with pytest.raises(FitError, match="leaves no layer to learn"):
        fit(freeze=["*"])
    with pytest.raises(FitError, match=r"train.freeze 'encodr_\*' names no layer: .* depth, encoder, mask"):
        fit(freeze=["encodr_*"])


def test_a_head_without_any_loss_is_refused() -> None:
    with pytest.raises(FitError, match=r"train\.loss has none for depth"):
        fit(loss={"mask": {"dice": 1}, "depth": {}})


def test_deep_supervision_trains_the_coarser_levels() -> None:
    entry = UNET.model_copy(update={"depth": 2, "deep_supervision": True})
    model: Any = build_model(entry, describe(), "segmentation", seed=0)
    assert set(model.network.output) == {"mask", "mask@1"}
    before = model.network.get_layer("mask_1_logits").get_weights()[0]
    positions = np.arange(4)
    params = TrainParams(samples=4, epoch_samples=4, batch_size=2)
    model.fit(draw_arrays(), positions, positions, params, AugmentParams(), FitControl())
    assert np.any(model.network.get_layer("mask_1_logits").get_weights()[0] != before)
    assert set(model.predict(draw_arrays().image(0)[None])) == {"mask"}
