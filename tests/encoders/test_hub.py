"""Presets of KerasHub, from a folder that the test writes; skipped where the extra is not installed."""

import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.encoders import build_encoder, read_encoder_weights
from pipeline.fitting.control import FitError
from pipeline.params.classification import PretrainedParams

pytestmark = pytest.mark.usefixtures("keras_backend")
SCALE, OFFSET = [1 / 255, 1 / 250, 1 / 245], [-0.1, -0.2, -0.3]


def entry_of(preset: str, **settings: Any) -> PretrainedParams:
    return PretrainedParams(
        name="pretrained", network=f"keras_hub:{preset}", **{"weights": "preset", "size": (32, 32), **settings}
    )


def import_hub() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what other packages say of themselves when they are imported
        return pytest.importorskip("keras_hub", reason="extra hub is not installed: pip install keras-hub")


@pytest.fixture(scope="module")
def backbone(keras_backend: str) -> Any:
    return import_hub().models.ResNetBackbone(
        input_conv_filters=[64],
        input_conv_kernel_sizes=[7],
        stackwise_num_filters=[64, 64],
        stackwise_num_blocks=[1, 1],
        stackwise_num_strides=[1, 2],
        block_type="basic_block",
        image_shape=(None, None, 3),
    )


@pytest.fixture(scope="module")
def preset(backbone: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("preset")
    backbone.save_to_preset(folder)
    import_hub().layers.ResNetImageConverter(image_size=(32, 32), scale=SCALE, offset=OFFSET).save_to_preset(folder)
    return str(folder)


def test_preset_of_a_folder_is_an_encoder_in_its_own_preprocessing(preset: str, backbone: Any) -> None:
    encoder = build_encoder(entry_of(preset))
    weights = read_encoder_weights(entry_of(preset))
    assert weights is not None
    encoder.set_weights(weights)
    images = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3)).astype("float32")
    expected = np.asarray(backbone(images * np.array(SCALE, "float32") + np.array(OFFSET, "float32")))
    np.testing.assert_allclose(encoder(images), expected, rtol=1e-4, atol=1e-5)
    assert all(layer.name.startswith("encoder_") for layer in encoder.layers)


def test_missing_preset_is_told(tmp_path: Path) -> None:
    import_hub()
    with pytest.raises(FitError, match=r"keras_hub:.*none cannot be had"):
        build_encoder(entry_of(str(tmp_path / "none")))


def test_hub_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keras_hub", None)
    with pytest.raises(FitError, match=r"pip install keras-hub.*extra hub"):
        build_encoder(entry_of("resnet_50_imagenet"))
