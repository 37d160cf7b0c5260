"""Pictures that one classifier is not sure of go to submodels of one class each."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from pipeline.datasets.arrays import Arrays
from pipeline.fitting.control import FitControl, FitResult
from pipeline.models import build_model, load_model, save_model
from pipeline.models.cascade import describe_handing_on
from pipeline.params import AugmentParams, ModelParams, TrainParams
from pipeline.submodels import ask_submodels, choose_confidence
from tests.pictures import describe_pictures, draw_pictures, write_pictures

pytestmark = pytest.mark.usefixtures("keras_backend")
FIRST = {
    "kind": "encoder_features",
    "network": "MobileNet",
    "arguments": {"alpha": 0.25},
    "weights": None,
    "size": [32, 32],
    "classifier": {"kind": "logistic_regression"},
}


def build(**settings: Any) -> Any:
    entry = TypeAdapter[ModelParams](ModelParams).validate_python({"kind": "cascade", "first": FIRST, **settings})
    return build_model(entry, describe_pictures(3), "classification", seed=0)


def fit(model: Any, arrays: Arrays) -> FitResult:
    positions = np.arange(len(arrays))
    return model.fit(arrays, positions[:16], positions[16:], TrainParams(), AugmentParams(), FitControl())


@pytest.fixture(scope="module")
def arrays(tmp_path_factory: pytest.TempPathFactory) -> Arrays:
    return write_pictures(tmp_path_factory.mktemp("pictures"), draw_pictures(24))


@pytest.fixture(scope="module")
def fitted(arrays: Arrays) -> tuple[Any, FitResult]:
    model = build(second={"kind": "decision_tree", "max_depth": 2}, confidence=0.9)
    return model, fit(model, arrays)


def test_pictures_below_the_confidence_go_to_the_submodels(fitted: tuple[Any, FitResult]) -> None:
    model, _ = fitted
    handed_on = []
    for picture in draw_pictures(12, seed=1):
        first = model.first.predict(picture[None])["label"]
        (second,) = ask_submodels(model.submodels, model.first.encode(picture)[None], 2)
        handed_on.append(first.max() < 0.9)
        expected = second if handed_on[-1] else first
        np.testing.assert_allclose(model.predict(picture[None])["label"], expected, rtol=1e-6)
    assert len(set(handed_on)) == 2


def test_cascade_that_hands_nothing_on_is_its_first_model(arrays: Arrays) -> None:
    cascade, alone = build(confidence=0), build_model(build().entry.first, describe_pictures(3), "classification", 0)
    for model in (cascade, alone):
        fit(model, arrays)
    for picture in draw_pictures(4, seed=1):
        np.testing.assert_allclose(cascade.predict(picture[None])["label"], alone.predict(picture[None])["label"])


def test_confidence_is_chosen_on_validation_alone(arrays: Arrays) -> None:
    model = build(second={"kind": "decision_tree"})
    fit(model, arrays)
    first, second = (
        np.stack(part) for part in zip(*(stages(model, arrays, place) for place in range(16, 24)), strict=True)
    )
    labels = np.array([arrays.label(place) for place in range(16, 24)])
    assert model.confidence == choose_confidence(first, second, labels)


def stages(model: Any, arrays: Arrays, place: int) -> tuple[np.ndarray, np.ndarray]:
    picture = arrays.image(place)
    (second,) = ask_submodels(model.submodels, model.first.encode(picture)[None], 2)
    return model.first.predict(picture[None])["label"], second


def test_fit_tells_what_was_handed_on(fitted: tuple[Any, FitResult]) -> None:
    _, result = fitted
    assert any(note.startswith("below a confidence of 0.90 pictures go to the submodels") for note in result.notes)


def test_handing_on_is_told_in_shares_and_accuracies() -> None:
    first = np.array([[0.9, 0.1], [0.4, 0.6], [0.7, 0.3], [0.2, 0.8]])
    second = np.array([[0.1, 0.9], [0.8, 0.2], [0.9, 0.1], [0.5, 0.5]])
    assert describe_handing_on(first, second, np.array([0, 0, 0, 0]), 0.65) == (
        "below a confidence of 0.65 pictures go to the submodels, 25 % of the validation samples:"
        " accuracy 0.750, and 0.500 without them"
    )


def test_cascade_saves_and_loads_alike(fitted: tuple[Any, FitResult], tmp_path: Path) -> None:
    model, _ = fitted
    save_model(tmp_path / "0.npz", model, describe_pictures(3), "classification")
    loaded, _, _ = load_model(tmp_path / "0.npz")
    assert loaded.confidence == 0.9 and sorted(loaded.submodels) == [0, 1]
    for picture in draw_pictures(4, seed=1):
        np.testing.assert_allclose(loaded.predict(picture[None])["label"], model.predict(picture[None])["label"])
