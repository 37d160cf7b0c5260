"""Encoders by name, against keras.applications themselves."""

from typing import Any

import keras
import numpy as np
import pytest
from pydantic import ValidationError

from pipeline.encoders import build_encoder
from pipeline.encoders.building import module_of
from pipeline.fitting.control import FitError
from pipeline.params.classification import PretrainedParams
from pipeline.params.encoders import NETWORKS
from pipeline.pooling import pool

pytestmark = pytest.mark.usefixtures("keras_backend")


def entry_of(network: str = "MobileNet", **settings: Any) -> PretrainedParams:
    return PretrainedParams(name="pretrained", network=network, **{"weights": None, "size": (32, 32), **settings})


def outputs_of(network: str, weights: list[np.ndarray], images: np.ndarray, **arguments: Any) -> np.ndarray:
    """What keras.applications gives of images in 0 to 255, its own preprocessing before it."""
    bare = getattr(keras.applications, network)(
        include_top=False, weights=None, input_shape=images.shape[1:], **arguments
    )
    bare.set_weights(weights)
    preprocess = getattr(keras.applications, module_of(network)).preprocess_input
    return np.asarray(bare(preprocess(images.copy())))


MORE = ("ResNet50", "DenseNet121", "EfficientNetB0", "ConvNeXtTiny", "MobileNetV3Small", "NASNetMobile")


@pytest.mark.parametrize(
    ("network", "arguments"),
    [("MobileNet", {"alpha": 0.25}), ("VGG16", {}), *(pytest.param(name, {}, marks=pytest.mark.slow) for name in MORE)],
)
def test_encoder_gives_what_the_network_gives_behind_its_own_preprocessing(network: str, arguments: Any) -> None:
    encoder = build_encoder(entry_of(network, arguments=arguments))
    images = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3)).astype("float32")
    expected = outputs_of(network, encoder.get_weights(), images, **arguments)
    np.testing.assert_allclose(encoder(images), expected, rtol=1e-4, atol=1e-6 * np.abs(expected).max())


def test_schema_knows_all_networks_of_keras() -> None:
    assert sorted(NETWORKS) == sorted(name for name in dir(keras.applications) if name[0].isupper())


def test_layers_of_an_encoder_can_be_named_by_one_pattern() -> None:
    names = [layer.name for layer in build_encoder(entry_of(arguments={"alpha": 0.25})).layers]
    assert len(names) > 80 and all(name.startswith("encoder_") for name in names)


@pytest.mark.parametrize(("pooling", "expected"), [("average", [2.5]), ("max", [4]), ("flatten", [1, 2, 3, 4])])
def test_pooling_makes_one_vector(pooling: str, expected: list[float]) -> None:
    features = keras.Input((2, 2, 1))
    network = keras.Model(features, pool(features, pooling, "pooled"))
    assert np.asarray(network(np.array([[[[1.0], [2]], [[3], [4]]]]))).tolist() == [expected]


def test_unknown_network_is_told_with_the_nearest() -> None:
    with pytest.raises(ValidationError, match="no network MobilNet: did you mean MobileNet"):
        entry_of("MobilNet")


def test_arguments_that_the_task_decides_are_refused() -> None:
    with pytest.raises(ValidationError, match="include_top cannot be given"):
        entry_of(arguments={"include_top": True})


def test_unknown_argument_is_told_with_the_nearest() -> None:
    with pytest.raises(FitError, match="MobileNet takes no aplha: did you mean alpha"):
        build_encoder(entry_of(arguments={"aplha": 0.25}))


def test_size_below_the_networks_smallest_is_told() -> None:
    with pytest.raises(FitError, match=r"Xception cannot be built from .*size \[32, 32\].*at least 71x71"):
        build_encoder(entry_of("Xception"))
