"""What losses do in a fit of a small U-Net."""

from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest

from pipeline.datasets.arrays import Arrays
from pipeline.datasets.manifest import Dataset
from pipeline.fitting.control import FitControl, FitResult
from pipeline.fitting.network import NetworkModel
from pipeline.models import Model, build_model
from pipeline.params import (
    AugmentParams,
    DepthLoss,
    LossParams,
    LossSettings,
    MaskLoss,
    OptimizerParams,
    TrainParams,
    UNetParams,
)
from pipeline.params.tasks import TaskKind
from tests.drawn import draw_sample

pytestmark = pytest.mark.usefixtures("eager_steps")
SIDE = 16
IN_TURN = [{"samples": 8, "loss": {"mask": {"dice": 1.0}}}, {"samples": 8, "loss": {"depth": {"l1": 1.0}}}]
ENTRY = UNetParams(name="unet", depth=1, filters=4)
DATASET = Dataset(
    1, "uint8", (0, 1), ("ground", "box"), "data", "drawn", ("first", "second"), ("mask", "depth", "label")
)


def draw(labels: str = "01010101", is_blank: bool = False) -> Arrays:
    """Bright boxes 2 m away before a ground at 3 m, a hole in each; samples of class 1 are brighter all over."""
    random, count = np.random.default_rng(0), len(labels)
    pairs = [draw_sample(random, (SIDE, SIDE), 1, 2) for _ in labels]
    images = np.stack([image // 2 + 100 * int(label) for (image, _), label in zip(pairs, labels, strict=True)])
    masks = np.stack([mask for _, mask in pairs])
    depths = (3 - masks).astype("float32")
    depths[:, 0, :3] = np.nan
    places = np.arange(count) * SIDE * SIDE
    index = pd.DataFrame({"sample_id": [f"{row:03d}" for row in range(count)], "label": list(labels)}).assign(
        height=SIDE,
        width=SIDE,
        channels=1,
        sequence="",
        time=0,
        image_offset=places,
        mask_offset=places,
        depth_offset=places,
    )
    return Arrays(index, 0 * images.ravel() if is_blank else images.ravel(), masks.ravel(), depths.ravel())


def fit(model: Model, arrays: Arrays, control: FitControl | None = None, **train: Any) -> FitResult:
    settings = {"samples": 24, "epoch_samples": 8, "batch_size": 8} | train
    everything = np.arange(len(arrays))
    return model.fit(arrays, everything, everything, TrainParams(**settings), AugmentParams(), control or FitControl())


def assert_learns(task: TaskKind, loss: LossParams) -> None:
    result = fit(build_model(ENTRY, DATASET, task, seed=0), draw(), loss=loss, optimizer={"learning_rate": 0.02})
    losses = [row["loss"] for row in result.history]
    assert np.isfinite(losses).all() and losses[-1] < 0.98 * losses[0]


@pytest.mark.slow
@pytest.mark.parametrize("name", get_args(MaskLoss))
def test_a_network_learns_masks_by_every_loss(name: MaskLoss) -> None:
    assert_learns("segmentation", LossParams(mask={name: 1.0}))


@pytest.mark.slow
@pytest.mark.parametrize("name", get_args(DepthLoss))
def test_a_network_learns_depth_by_every_loss(name: DepthLoss) -> None:
    assert_learns("depth", LossParams(depth={name: 1.0}))


def first_share(arrays: Arrays, **settings: Any) -> float:
    """The probability of the first class for the first sample, after a fit by cross-entropy."""
    entry = UNetParams(name="unet", depth=1, filters=2, convolutions=1, normalization="none")
    model = build_model(entry, DATASET, "classification", seed=0)
    loss = LossParams(settings=LossSettings(**settings))
    optimizer = OptimizerParams(kind="adam", learning_rate=0.1)
    fit(model, arrays, loss=loss, samples=200, epoch_samples=200, optimizer=optimizer)
    return float(model.predict(arrays.image(0)[None])["label"][0])


def test_balanced_classes_move_a_fit_of_what_cannot_be_told_apart() -> None:
    """Of 6 blank pictures of one class and 2 of the other, one knows the shares; balanced, they are even."""
    arrays = draw("00000011", is_blank=True)
    assert first_share(arrays) == pytest.approx(0.75, abs=0.07)
    assert first_share(arrays, class_weights="balanced") == pytest.approx(0.5, abs=0.07)


def test_label_smoothing_keeps_a_fit_from_being_sure() -> None:
    assert first_share(draw()) > 0.97
    assert first_share(draw(), label_smoothing=0.3) == pytest.approx(0.85, abs=0.05)


def test_heads_learn_in_turn_each_leaving_the_other_alone() -> None:
    model = build_model(ENTRY, DATASET, "mask_and_depth", seed=0)
    assert isinstance(model, NetworkModel)

    def weights(head: str) -> list[np.ndarray]:
        return [value for layer in model.network.layers if layer.name.startswith(head) for value in layer.get_weights()]

    kept = [(weights("mask"), weights("depth"))]
    control = FitControl(on_epoch=lambda row: kept.append((weights("mask"), weights("depth"))))
    fit(model, draw(), control, stages=IN_TURN)
    for (mask, depth), (mask_after, depth_after), learns_mask in zip(kept[:-1], kept[1:], (True, False), strict=True):
        assert is_same(mask, mask_after) is not learns_mask
        assert is_same(depth, depth_after) is learns_mask


def is_same(before: list[np.ndarray], after: list[np.ndarray]) -> bool:
    return all(np.array_equal(old, new) for old, new in zip(before, after, strict=True))
