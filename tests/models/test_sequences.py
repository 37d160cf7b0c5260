"""Networks that read a clip: sizes, what the last frame's segmentation depends on, and order of time."""

import importlib
from typing import Any

import keras
import numpy as np
import pytest
from pydantic import TypeAdapter

from pipeline.models import WHOLE, build_model
from pipeline.params import ModelParams
from pipeline.tasks import Head
from tests.drawn import describe

pytestmark = pytest.mark.usefixtures("keras_backend")
VARIANTS = ("long", "short", "bottleneck", "decoder")
ENTRIES: list[dict[str, Any]] = [
    {"kind": "conv_lstm_unet", "variant": variant, "bidirectional": both}
    for variant in VARIANTS
    for both in (False, True)
] + [{"kind": "temporal_transformer", "position": position} for position in ("learned", "sinusoidal")]
FRAMES, CHANNELS = 3, 2
RANDOM = np.random.default_rng(0)
CLIP = RANDOM.normal(size=(1, FRAMES, 16, 24, CHANNELS)).astype("float32")


def entry_of(settings: dict[str, Any], **more: Any) -> ModelParams:
    settings = {"depth": 2, "filters": 2, "clip": FRAMES, **settings, **more}
    return TypeAdapter[ModelParams](ModelParams).validate_python(settings)


def network_of(settings: dict[str, Any], **more: Any) -> keras.Model:
    return build_model(entry_of(settings, **more), describe(channels=CHANNELS), "segmentation", seed=0).network  # type: ignore[attr-defined]


def segment(network: keras.Model, clip: np.ndarray) -> np.ndarray:
    return np.asarray(keras.ops.convert_to_numpy(network(clip, training=False)["mask"]))


@pytest.mark.parametrize("settings", ENTRIES, ids=str)
def test_every_size_that_the_stride_divides_is_segmented(settings: dict[str, Any]) -> None:
    network = network_of(settings)
    for size in ((4, 4), (8, 20), (16, 12)):
        assert segment(network, np.zeros((2, FRAMES, *size, CHANNELS), "float32")).shape == (2, *size, 1)


@pytest.mark.parametrize("settings", ENTRIES, ids=str)
def test_earlier_frames_and_their_order_matter(settings: dict[str, Any]) -> None:
    """No normalisation over the batch or picture, through which they might matter by accident."""
    network = network_of(settings, normalization="none")
    clips = {"as it is": CLIP, "first": CLIP.copy(), "swapped": CLIP[:, [1, 0, 2]], "last": CLIP.copy()}
    clips["first"][:, 0] += 1
    clips["last"][:, -1] += 1
    logits = {name: segment(network, clip) for name, clip in clips.items()}
    for name in ("first", "swapped", "last"):
        assert np.abs(logits[name] - logits["as it is"]).max() > 1e-6, name
    np.testing.assert_array_equal(segment(network, CLIP), logits["as it is"])


@pytest.mark.parametrize("settings", ENTRIES[::2], ids=str)
def test_every_head_is_carried_and_every_layer_has_its_part_s_name(settings: dict[str, Any]) -> None:
    heads = (Head("mask", 3, "softmax"), Head("depth", 1, "softplus"), Head("label", 4, "softmax", is_pooled=True))
    entry = entry_of(settings, deep_supervision=True)
    network = importlib.import_module(f"pipeline.models.{entry.kind}").Model(entry, CHANNELS, heads, 0, WHOLE).network
    shapes = {name: logits.shape for name, logits in network(np.zeros((2, FRAMES, 8, 12, CHANNELS))).items()}
    maps = {"mask": (2, 8, 12, 3), "mask@1": (2, 4, 6, 3), "depth": (2, 8, 12, 1), "depth@1": (2, 4, 6, 1)}
    assert shapes == {**maps, "label": (2, 4)}
    parts = {layer.name.split("_")[0] for layer in network.layers if layer.weights}
    assert parts == {"encoder", "mask", "depth", "label"}


@pytest.mark.parametrize("variant", VARIANTS)
def test_both_directions_share_the_filters(variant: str) -> None:
    one, both = (
        network_of({"kind": "conv_lstm_unet", "variant": variant, "bidirectional": on}) for on in (False, True)
    )
    assert len(both.weights) > len(one.weights) and both.count_params() <= one.count_params()


def test_transformer_is_refused_heads_that_do_not_divide_its_filters() -> None:
    with pytest.raises(ValueError, match="attention_heads 3 does not divide the bottleneck's 8 filters"):
        network_of({"kind": "temporal_transformer", "attention_heads": 3})
