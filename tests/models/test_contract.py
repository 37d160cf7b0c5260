"""What every file of pipeline/models must do; a new model is covered by its entry in ENTRIES."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

import pipeline.models
from pipeline.datasets.arrays import Arrays
from pipeline.fitting.control import FitControl, FitResult
from pipeline.models import Model, build_model, is_network, load_model, save_model
from pipeline.params import AugmentParams, LossParams, ModelParams, OptimizerParams, TrainParams
from pipeline.params.tasks import TASKS, TaskKind
from pipeline.predicting import predict_samples
from pipeline.tasks import Prediction
from tests.drawn import describe, draw_arrays
from tests.models.test_classification import ENTRIES as PICTURE_ENTRIES

pytestmark = pytest.mark.usefixtures("keras_backend")

ENTRIES: dict[str, dict[str, Any]] = {
    "constant": {},
    "threshold": {},
    "forest": {"n_estimators": 5, "sigma_max": 2},
    "unet": {"depth": 1, "filters": 4},
    "residual_unet": {"depth": 1, "filters": 4},
    "conv_lstm_unet": {"depth": 1, "filters": 4, "clip": 3},
    "temporal_transformer": {"depth": 1, "filters": 4, "clip": 3},
}
FILES = sorted(path.stem for path in Path(pipeline.models.__file__).parent.glob("*.py") if path.stem != "__init__")
IMPORTED = ["predictions"]  # another tool made them: tests/models/test_predictions.py
KINDS = [kind for kind in FILES if kind not in (*PICTURE_ENTRIES, *IMPORTED)]
ONE_STEP = TrainParams(samples=2, epoch_samples=2, batch_size=2)
VARIANTS = [
    *(
        {"kind": kind, "normalization": name}
        for kind in ("unet", "residual_unet")
        for name in ("layer", "group", "none")
    ),
    *({"kind": "unet", "upsampling": name} for name in ("bilinear", "nearest")),
    *({"kind": kind, "padding": "reflect"} for kind in ("unet", "residual_unet", "conv_lstm_unet")),
    *({"kind": "unet", "kernel_size": sizes, "padding": "reflect"} for sizes in ((5, 3), (2, 4))),
    {"kind": "residual_unet", "kernel_size": (5, 3), "convolutions": 3, "clip": 2, "dropout": 0.5},
    *(
        {"kind": "conv_lstm_unet", "variant": variant, "bidirectional": both}
        for variant in ("long", "short", "bottleneck", "decoder")
        for both in (False, True)
    ),
    {
        "kind": "conv_lstm_unet",
        "variant": "long",
        "convolutions": 2,
        "recurrent_dropout": 0.3,
        "normalization": "layer",
    },
    {"kind": "unet", "normalization": "group", "filters": 28},
    {"kind": "temporal_transformer", "position": "sinusoidal", "attention_dropout": 0.3, "blocks": 1},
]


def entry_of(kind: str, **settings: Any) -> ModelParams:
    return TypeAdapter[ModelParams](ModelParams).validate_python({"kind": kind, **ENTRIES.get(kind, {}), **settings})


ALL = ENTRIES | PICTURE_ENTRIES
CASES = [
    (kind, task, classes)
    for kind in ALL
    for task, classes in (("segmentation", 2), ("segmentation", 3), ("mask_and_depth", 2), ("classification", 2))
    if entry_of(kind, **ALL[kind]).heads_of(TASKS[task].heads)
]
"""Every model with every head that it can carry."""


def fit(model: Model, arrays: Arrays, params: TrainParams = ONE_STEP) -> FitResult:
    everything = np.arange(len(arrays))
    loss = LossParams(mask={"dice": 1.0, "cross_entropy": 1.0})
    params = params.model_copy(update={"loss": loss})
    return model.fit(arrays, everything, everything, params, AugmentParams(), FitControl())


def is_alike(first: Prediction, second: Prediction) -> bool:
    return first.keys() == second.keys() and all(np.array_equal(first[head], second[head]) for head in first)


def dice_of(model: Model, arrays: Arrays) -> float:
    maps = [found["mask"] for found in predict_samples(model, arrays, np.arange(len(arrays)))]
    chosen = [scores.argmax(-1) if scores.shape[-1] > 1 else scores[..., 0] >= 0.5 for scores in maps]
    truth = [arrays.mask(position) for position in range(len(arrays))]
    overlap = sum(np.sum((a == b) & (a > 0)) for a, b in zip(chosen, truth, strict=True))
    return float(2 * overlap / sum(np.sum(mask > 0) for mask in [*chosen, *truth]))


def test_every_model_has_an_entry() -> None:
    assert sorted([*ENTRIES, *PICTURE_ENTRIES, *IMPORTED]) == FILES


@pytest.mark.usefixtures("eager_steps")
@pytest.mark.parametrize(("kind", "task", "classes"), CASES)
def test_models_keep_the_contract(kind: str, task: TaskKind, classes: int, tmp_path: Path) -> None:
    """After a step every head has its shape and range for images of any size, and a saved model predicts alike."""
    dataset, entry = describe(channels=3, classes=classes), entry_of(kind, **ALL[kind])
    model = build_model(entry, dataset, task, seed=0)
    assert np.isfinite(
        [row["loss"] for row in fit(model, draw_arrays(channels=3, classes=classes, frames=4)).history]
    ).all()
    clip = np.random.default_rng(0).integers(0, 255, (model.clip, 33, 47, 3)).astype("uint8")
    found = model.predict(clip)
    shapes = {"mask": (33, 47, 1 if classes == 2 else 3), "depth": (33, 47, 1), "label": (2,)}
    assert {head: part.shape for head, part in found.items()} == {
        head: shapes[head] for head in entry.heads_of(TASKS[task].heads)
    }
    for head, part in found.items():
        assert part.dtype == np.float32 and np.isfinite(part).all() and part.min() >= 0
        if head != "depth":
            assert part.max() <= 1
        if part.shape[-1] > 1:
            np.testing.assert_allclose(part.sum(axis=-1), 1, atol=1e-5)
    save_model(tmp_path / "0.npz", model, dataset, task)
    loaded, loaded_dataset, loaded_task = load_model(tmp_path / "0.npz")
    assert is_alike(loaded.predict(clip), found)
    assert (loaded.entry, loaded_dataset, loaded_task) == (entry, dataset, task)


@pytest.mark.parametrize(
    ("kind", "classes"), [("unet", 3), *((kind, 2) for kind in KINDS if is_network(entry_of(kind)))]
)
def test_networks_overfit_four_samples(kind: str, classes: int, keras_backend: str) -> None:
    if keras_backend != "tensorflow":
        pytest.skip("learns on TensorFlow; other backends are held to equal outputs from equal weights")
    arrays = draw_arrays(classes=classes, frames=4)
    optimizer = OptimizerParams(learning_rate=0.02)
    params = TrainParams(samples=640, epoch_samples=160, batch_size=4, optimizer=optimizer)
    model = build_model(entry_of(kind, filters=8), describe(classes=classes), "segmentation", seed=0)
    fit(model, arrays, params)
    assert dice_of(model, arrays) > 0.95


@pytest.mark.usefixtures("eager_steps")
@pytest.mark.parametrize("kind", KINDS)
def test_same_seed_gives_same_model(kind: str) -> None:
    arrays = draw_arrays(frames=4)
    states = []
    for _ in range(2):
        model = build_model(entry_of(kind), describe(), "segmentation", seed=5)
        fit(model, arrays)
        states.append(model.state())
    for name, first in states[0].items():
        np.testing.assert_array_equal(first, states[1][name])


@pytest.mark.usefixtures("eager_steps")
@pytest.mark.parametrize("settings", VARIANTS, ids=str)
def test_variants_build_and_take_a_step(settings: dict[str, Any]) -> None:
    model = build_model(entry_of(**settings), describe(), "segmentation", seed=0)
    before = model.state()
    result = fit(model, draw_arrays(frames=4))
    assert np.isfinite(result.history[0]["loss"])
    assert any(np.any(after != before[name]) for name, after in model.state().items() if name.startswith("weight"))
