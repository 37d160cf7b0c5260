"""Models that give whole pictures a label."""

import shutil
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from pipeline.datasets.arrays import Arrays
from pipeline.encoders import read_encoder_weights
from pipeline.encoders.building import module_of
from pipeline.fitting.control import FitControl, FitError, FitResult
from pipeline.models import Model, build_model, load_model, save_model
from pipeline.params import AugmentParams, CnnParams, ModelParams, OptimizerParams, TrainParams
from tests.pictures import describe_pictures, draw_pictures, write_pictures

pytestmark = pytest.mark.usefixtures("keras_backend")
ENCODER = {"network": "MobileNet", "arguments": {"alpha": 0.25}, "weights": None, "size": [32, 32]}
TREE = {"kind": "decision_tree", "max_depth": 3}
ENTRIES: dict[str, dict[str, Any]] = {
    "mlp": {"size": [16, 16], "layers": [16], "dropout": 0},
    "cnn": {"size": [16, 16], "filters": [8, 8], "dense": [], "dropout": 0},
    "pretrained": {**ENCODER, "dropout": 0},
    "encoder_features": {**ENCODER, "classifier": TREE},
    "cascade": {"first": {"kind": "encoder_features", **ENCODER, "classifier": TREE}},
}
ONE_STEP = TrainParams(samples=4, epoch_samples=4, batch_size=4)
STRONG = AugmentParams(rotation=180, scale=0.5, brightness=2, noise=1)


def build(kind: str, channels: int = 3, **settings: Any) -> Any:
    entry = TypeAdapter[ModelParams](ModelParams).validate_python({"kind": kind, **ENTRIES[kind], **settings})
    return build_model(entry, describe_pictures(channels), "classification", seed=0)


def fit(
    model: Model, arrays: Arrays, params: TrainParams = ONE_STEP, augment: AugmentParams | None = None
) -> FitResult:
    positions = np.arange(len(arrays))
    return model.fit(arrays, positions, positions[:4], params, augment or AugmentParams(), FitControl())


def accuracy(model: Model, pictures: list[np.ndarray]) -> float:
    """Share of discs and stripes, which come by turns, that are told right."""
    found = [int(model.predict(picture[None])["label"].argmax()) for picture in pictures]
    return float(np.mean([label == row % 2 for row, label in enumerate(found)]))


@pytest.fixture(scope="module")
def arrays(tmp_path_factory: pytest.TempPathFactory) -> Arrays:
    return write_pictures(tmp_path_factory.mktemp("pictures"), draw_pictures(24))


@pytest.mark.parametrize("kind", ["mlp", "cnn"])
def test_networks_from_scratch_tell_new_pictures(kind: str, arrays: Arrays, keras_backend: str) -> None:
    if keras_backend != "tensorflow":
        pytest.skip("learns on TensorFlow; other backends are held to equal outputs from equal weights")
    model = build(kind)
    optimizer = OptimizerParams(learning_rate=0.01)
    fit(model, arrays, TrainParams(samples=960, epoch_samples=240, batch_size=8, optimizer=optimizer))
    assert accuracy(model, draw_pictures(20, seed=1)) >= 0.9


@pytest.fixture(scope="module", params=ENTRIES)
def fitted(request: pytest.FixtureRequest, arrays: Arrays) -> Any:
    model = build(request.param)
    fit(model, arrays)
    return model


def test_models_give_a_probability_a_label_of_pictures_of_any_size(fitted: Any) -> None:
    probabilities = fitted.predict(np.full((1, 50, 21, 3), 90, "uint8"))["label"]
    assert probabilities.shape == (2,) and probabilities.dtype == np.float32
    assert probabilities.sum() == pytest.approx(1, abs=1e-5)


def test_models_save_and_load_alike_without_pickle(fitted: Any, tmp_path: Path) -> None:
    save_model(tmp_path / "0.npz", fitted, describe_pictures(), "classification")
    loaded, _, _ = load_model(tmp_path / "0.npz")
    for picture in draw_pictures(3, seed=1):
        np.testing.assert_allclose(loaded.predict(picture[None])["label"], fitted.predict(picture[None])["label"])
    with np.load(tmp_path / "0.npz", allow_pickle=False) as archive:
        assert not any(archive[name].dtype.hasobject for name in archive.files)


VARIANTS: list[Any] = [
    *({"kind": "cnn", "normalization": name} for name in ("layer", "group", "none")),
    {"kind": "cnn", "pooling": "flatten", "dense": [8], "convolutions": 2, "kernel_size": 5, "dropout": 0.5},
    pytest.param({"kind": "pretrained", "pooling": "max", "dense": [8], "unfreeze": 3}, marks=pytest.mark.slow),
    {"kind": "pretrained", "pooling": "flatten", "unfreeze": "all"},
]


@pytest.mark.parametrize("settings", VARIANTS, ids=str)
@pytest.mark.usefixtures("eager_steps")
def test_variants_take_a_step(settings: dict[str, Any], arrays: Arrays) -> None:
    assert np.isfinite(fit(build(**settings), arrays).history[0]["loss"])


def test_more_blocks_than_pixels_are_refused() -> None:
    with pytest.raises(ValidationError, match="5 blocks halve 16 pixels to none"):
        CnnParams(name="cnn", size=(16, 16), filters=(4,) * 5)


def test_pictures_of_four_channels_are_refused_by_encoders() -> None:
    for kind in ("pretrained", "encoder_features"):
        with pytest.raises(FitError, match="these pictures have 4"):
            build(kind, channels=4)


@pytest.mark.usefixtures("eager_steps")
@pytest.mark.parametrize(("network", "arguments", "channels"), [("MobileNet", {"alpha": 0.25}, 1), ("VGG16", {}, 3)])
def test_training_shows_the_encoder_its_own_preprocessing(
    network: str, arguments: dict[str, float], channels: int, tmp_path: Path
) -> None:
    pictures = [picture[:32, :32, :channels] for picture in draw_pictures(4)]
    model = build("pretrained", channels, network=network, arguments=arguments)
    fit(model, write_pictures(tmp_path, pictures))
    bare = getattr(keras.applications, network)(include_top=False, weights=None, input_shape=(32, 32, 3), **arguments)
    bare.set_weights(model.encoder.get_weights())
    preprocess = getattr(keras.applications, module_of(network)).preprocess_input
    colour = np.stack(pictures).astype("float32") * np.ones(3, "float32")
    features = np.asarray(bare(preprocess(colour))).mean(axis=(1, 2))
    expected = np.asarray(model.network.get_layer("label_logits")(features))
    seen = (np.stack(pictures) - model.statistics.mean) / model.statistics.deviation
    found = np.asarray(model.network(seen, training=True)["label"])
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-5)


@pytest.mark.usefixtures("eager_steps")
@pytest.mark.parametrize(
    "unfreeze", [pytest.param(0, marks=pytest.mark.slow), 5, pytest.param("all", marks=pytest.mark.slow)]
)
def test_only_the_last_layers_of_an_encoder_are_trained(unfreeze: Any, arrays: Arrays) -> None:
    model = build("pretrained", unfreeze=unfreeze)
    before = {weight.path: np.array(weight) for weight in model.encoder.weights}
    fit(model, arrays)
    layers = model.encoder.layers
    trained = layers if unfreeze == "all" else layers[len(layers) - unfreeze :]
    is_new = unfreeze == "all"
    may_change = {
        weight.path
        for layer in trained
        for weight in layer.weights
        if is_new or not isinstance(layer, keras.layers.BatchNormalization)
    }
    changed = {weight.path for weight in model.encoder.weights if np.any(np.array(weight) != before[weight.path])}
    assert changed <= may_change
    assert bool(changed) == bool(may_change)


@pytest.fixture(scope="module")
def weights(arrays: Arrays, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of random weights whose batch normalisation knows the pictures, so that features are of one size."""
    bare = keras.applications.MobileNet(alpha=0.25, include_top=False, weights=None, input_shape=(32, 32, 3))
    for layer in bare.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0.0
    bare(np.stack([arrays.image(row)[:32, :32] for row in range(24)]) / 127.5 - 1, training=True)
    path = tmp_path_factory.mktemp("weights") / "a.weights.h5"
    bare.save_weights(path)
    return path


@pytest.mark.usefixtures("eager_steps")
@pytest.mark.parametrize("kind", ["pretrained", "encoder_features"])
def test_fit_begins_from_the_weights_of_a_file_and_needs_it_no_more(
    kind: str, arrays: Arrays, weights: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(weights, tmp_path / "a.weights.h5"))
    model = build(kind, weights=str(path))
    assert "may include yours" in fit(model, arrays).notes[0]
    expected = read_encoder_weights(model.entry)
    assert expected is not None
    for one, other in zip(model.encoder.get_weights(), expected, strict=True):
        np.testing.assert_array_equal(one, other)
    save_model(tmp_path / "0.npz", model, describe_pictures(), "classification")
    path.unlink()
    loaded, _, _ = load_model(tmp_path / "0.npz")
    picture = draw_pictures(1)[0][None]
    np.testing.assert_allclose(loaded.predict(picture)["label"], model.predict(picture)["label"], rtol=1e-5)
    with pytest.raises(FitError, match="do not exist"):
        fit(loaded, arrays)


@pytest.mark.parametrize("kind", ["logistic_regression", pytest.param("random_forest", marks=pytest.mark.slow)])
def test_features_of_an_encoder_tell_the_pictures(kind: str, arrays: Arrays, weights: Path) -> None:
    model = build("encoder_features", weights=str(weights), classifier={"kind": kind})
    result = fit(model, arrays)
    assert result.samples_seen == len(arrays) and result.history == []
    assert accuracy(model, draw_pictures(24)) == 1


def test_augmentation_does_not_reach_features(arrays: Arrays) -> None:
    model = build("encoder_features")
    states = []
    for augment in (AugmentParams(), STRONG):
        fit(model, arrays, augment=augment)
        states.append(model.state())
    for name, value in states[0].items():
        np.testing.assert_array_equal(value, states[1][name])


def test_folds_and_classifiers_share_the_features_that_prediction_takes(tmp_path: Path, weights: Path) -> None:
    pictures = draw_pictures(20)
    arrays = write_pictures(tmp_path, pictures)
    for classifier in (TREE, {"kind": "logistic_regression"}):
        model = build("encoder_features", weights=str(weights), classifier=classifier)
        for train, validation in ((np.arange(10), np.arange(10, 14)), (np.arange(8, 20), np.arange(4))):
            model.fit(arrays, train, validation, ONE_STEP, AugmentParams(), FitControl())
    assert len(list((tmp_path / "features").glob("*.npy"))) == 1
    kept = [model.predict(picture[None])["label"] for picture in pictures[:4]]
    model.set_state(model.state())  # forgets the features of validation
    taken = [model.predict(picture[None])["label"] for picture in pictures[:4]]
    np.testing.assert_allclose(taken, kept, atol=1e-4)
