"""Every U-Net can be fed the masks that it predicted, and never those that are true."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from pipeline.augment import Augment
from pipeline.batches import View
from pipeline.datasets.arrays import Arrays
from pipeline.fitting.control import FitControl
from pipeline.fitting.halving import fit_trainer
from pipeline.fitting.loop import FitData
from pipeline.fitting.memory import estimate_memory_mb
from pipeline.fitting.network import NetworkModel
from pipeline.fitting.past_masks import inner_network
from pipeline.fitting.stages import freeze
from pipeline.fitting.trainer import Trainer
from pipeline.losses import build_loss
from pipeline.models import build_model, load_model, save_model
from pipeline.params import AugmentParams, LossParams, ModelParams, TrainParams
from tests.drawn import describe, draw_arrays, draw_sample, gather

pytestmark = pytest.mark.usefixtures("eager_steps")
KINDS = ("unet", "residual_unet", "conv_lstm_unet", "temporal_transformer")
STEP = TrainParams(samples=4, epoch_samples=2, batch_size=2)


def model_of(kind: str, classes: int = 2, **settings: Any) -> NetworkModel[Any]:
    small = {"kind": kind, "depth": 1, "filters": 2, "clip": 3, "past_masks": True}
    entry = TypeAdapter[ModelParams](ModelParams).validate_python({**small, **settings})
    model = build_model(entry, describe(classes=classes), "segmentation", seed=0)
    assert isinstance(model, NetworkModel)
    return model


def fit_last_frame(arrays: Arrays) -> tuple[list[dict[str, float]], list[np.ndarray]]:
    """History and weights of a fit that is shown one clip of three frames, and so segments its last."""
    model, clip = model_of("unet"), np.array([[0, 1, 2]])
    loss = build_loss(model.heads, LossParams(), [])
    trainer = Trainer(model.network, model.heads, Augment(AugmentParams(), 0), loss, model.statistics)
    result = fit_trainer(trainer, FitData(arrays, clip, clip, View(("mask",), (16, 16))), 2, STEP, 0, FitControl())
    return result.history, model.network.get_weights()


@pytest.mark.parametrize(("kind", "classes"), [(kind, 3 if kind == "unet" else 2) for kind in KINDS])
def test_every_unet_learns_from_its_masks(kind: str, classes: int, tmp_path: Path) -> None:
    model, arrays, everything = (
        model_of(kind, classes, deep_supervision=True),
        draw_arrays(classes=classes, frames=4),
        np.arange(4),
    )
    train = STEP.model_copy(update={"loss": LossParams(mask={"dice": 1.0, "cross_entropy": 1.0})})
    before = model.state()
    model.fit(arrays, everything, everything, train, AugmentParams(flip_horizontal=True), FitControl())
    assert any(np.any(after != before[name]) for name, after in model.state().items() if name.startswith("weight"))
    clip = np.random.default_rng(0).integers(0, 255, (3, 21, 18, 1)).astype("uint8")
    scores = model.predict(clip)["mask"]
    assert scores.shape == (21, 18, 1 if classes == 2 else 3)
    save_model(tmp_path / "0.npz", model, describe(classes=classes), "segmentation")
    np.testing.assert_array_equal(load_model(tmp_path / "0.npz")[0].predict(clip)["mask"], scores)


def test_true_masks_of_earlier_frames_change_nothing() -> None:
    random = np.random.default_rng(0)
    pairs = [draw_sample(random, (16, 16), 1, 2) for _ in range(3)]
    others = [(image, 1 - mask) for image, mask in pairs[:2]]
    histories, weights = zip(*(fit_last_frame(gather(some, 3)) for some in (pairs, others + pairs[2:])), strict=True)
    for row, other in zip(*histories, strict=True):
        assert {**row, "seconds": 0} == {**other, "seconds": 0}
    for weight, other in zip(*weights, strict=True):
        np.testing.assert_array_equal(weight, other)
    blank = [(0 * image, mask) for image, mask in pairs[:2]]
    assert fit_last_frame(gather(blank + pairs[2:], 3))[0][0]["loss"] != histories[0][0]["loss"]


def test_layers_within_are_frozen_by_name() -> None:
    network = model_of("unet").network
    freeze(network, ("encoder_*",), [True] * len(inner_network(network).layers))
    learning = {weight.path.split("/")[-2].split("_")[0] for weight in network.trainable_weights}
    assert learning == {"mask"}


def test_memory_is_that_of_the_pass_that_is_learnt_from() -> None:
    fed, alone = (model_of("unet", past_masks=on).network for on in (True, False))
    needed = [estimate_memory_mb(network, (3, 256, 256, 1), 8) for network in (fed, alone)]
    assert 1 < needed[0] / needed[1] < 1.2


def test_past_masks_need_a_past() -> None:
    with pytest.raises(ValidationError, match="past_masks needs a clip of 2 frames or more, not 1"):
        model_of("unet", clip=1)
