"""Weights of encoders, from files and as published."""

import os
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from pydantic import ValidationError

from pipeline.encoders import build_encoder, describe_origin, read_encoder_weights, settle_weights
from pipeline.encoders.preprocessing import IMAGENET_DEVIATION, IMAGENET_MEAN
from pipeline.fitting.control import FitError
from pipeline.params.classification import PretrainedParams

pytestmark = pytest.mark.usefixtures("keras_backend")
SHARED = Path(os.environ.get("SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
REAL = SHARED / "weights/mobilenet_2_5_224_tf_no_top.h5"


def entry_of(weights: str | None, network: str = "MobileNet", **settings: Any) -> PretrainedParams:
    arguments = {"alpha": 0.25} if network == "MobileNet" else {}
    settings = {"arguments": arguments, "size": (32, 32), **settings}
    return PretrainedParams(name="pretrained", network=network, weights=weights, **settings)


@pytest.fixture(scope="module")
def mobilenet(keras_backend: str) -> keras.Model:
    return keras.applications.MobileNet(alpha=0.25, include_top=False, weights=None, input_shape=(32, 32, 3))


@pytest.mark.parametrize("name", ["a.weights.h5", "a.h5", "a.keras"])
@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file")
def test_weights_come_from_a_file(name: str, mobilenet: keras.Model, tmp_path: Path) -> None:
    path = tmp_path / name
    save = mobilenet.save_weights if name == "a.weights.h5" else mobilenet.save
    save(path)
    found = read_encoder_weights(entry_of(str(path)))
    assert found is not None
    for one, other in zip(found, mobilenet.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_random_weights_need_no_file() -> None:
    assert read_encoder_weights(entry_of(None)) is None


def test_missing_file_is_told() -> None:
    with pytest.raises(FitError, match=r"weights no\.h5 of MobileNet do not exist"):
        read_encoder_weights(entry_of("no.h5"))


def test_file_of_another_kind_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.pt").touch()
    with pytest.raises(FitError, match=r"no file of Keras: name a file \.weights\.h5"):
        read_encoder_weights(entry_of(str(tmp_path / "a.pt")))


@pytest.mark.parametrize("name", ["a.weights.h5", "a.keras"])
def test_weights_of_another_width_are_told(name: str, mobilenet: keras.Model, tmp_path: Path) -> None:
    save = mobilenet.save_weights if name == "a.weights.h5" else mobilenet.save
    save(tmp_path / name)
    with pytest.raises(FitError, match=r"do not fit MobileNet with arguments \{'alpha': 0\.5\}"):
        read_encoder_weights(entry_of(str(tmp_path / name), arguments={"alpha": 0.5}))


def test_damaged_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.h5").write_bytes(b"no weights")
    with pytest.raises(FitError, match="do not fit MobileNet"):
        read_encoder_weights(entry_of(str(tmp_path / "a.h5")))


def test_weights_that_cannot_be_fetched_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.setattr("keras.src.utils.file_utils.config.keras_home", lambda: str(tmp_path))
    with pytest.raises(FitError, match=r"weights imagenet of MobileNet could not be fetched.*name a file"):
        read_encoder_weights(entry_of("imagenet", size=(128, 128)))


def test_weights_of_a_preset_are_for_presets() -> None:
    with pytest.raises(ValidationError, match="weights preset is not for MobileNet: name imagenet, a file, or null"):
        entry_of("preset")


def test_note_warns_that_pretraining_may_have_seen_the_test_pictures() -> None:
    assert "pretrained on ImageNet" in describe_origin(entry_of("imagenet"))[0]
    assert "often on ImageNet" in describe_origin(entry_of("a.h5"))[0]
    assert describe_origin(entry_of(None)) == ("the encoder MobileNet has random weights",)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file")
def test_weights_of_efficientnet_give_the_same_from_a_file_as_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keras adds a scaling where they are fetched alone, and computes from two of them before they are set."""
    bare = keras.applications.EfficientNetB0(include_top=False, weights=None, input_shape=(32, 32, 3))
    _, _, *others = bare.get_weights()
    bare.set_weights([np.array(IMAGENET_MEAN), np.array(IMAGENET_DEVIATION), *others])
    bare.save(tmp_path / "a.h5")
    monkeypatch.setattr("keras.src.utils.file_utils.get_file", lambda *_, **__: str(tmp_path / "a.h5"))
    fetched = keras.applications.EfficientNetB0(include_top=False, weights="imagenet", input_shape=(32, 32, 3))
    images = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3)).astype("float32")
    expected = np.asarray(fetched(images))
    for weights in ("imagenet", str(tmp_path / "a.h5")):
        entry = entry_of(weights, "EfficientNetB0")
        encoder, found = build_encoder(entry), read_encoder_weights(entry)
        assert found is not None
        encoder.set_weights(found)
        settle_weights(encoder)
        np.testing.assert_allclose(encoder(images), expected, atol=1e-3 * np.abs(expected).max())


@pytest.mark.skipif(not REAL.exists(), reason=f"no weights at {REAL}")
def test_published_weights_load() -> None:
    entry = entry_of(str(REAL))
    found = read_encoder_weights(entry)
    assert found is not None
    encoder = build_encoder(entry)
    encoder.set_weights(found)
    features = np.asarray(encoder(np.full((1, 32, 32, 3), 127.5, "float32")))
    assert np.isfinite(features).all() and features.std() > 0


@pytest.mark.skipif(not REAL.exists(), reason=f"no weights at {REAL}")
@pytest.mark.parametrize("network", ["MobileNetV2", "VGG16"])
def test_published_weights_of_another_network_are_refused(network: str) -> None:
    with pytest.raises(FitError, match=f"do not fit {network}"):
        read_encoder_weights(entry_of(str(REAL), network))
