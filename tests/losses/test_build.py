"""The sum over heads, losses and sizes."""

from functools import partial
from typing import Any

import numpy as np
import pytest
from keras import ops

from pipeline.losses import build_loss, masks
from pipeline.losses.build import label_losses
from pipeline.losses.depths import l1, mse
from pipeline.params import LossParams, LossSettings
from pipeline.tasks import Head
from tests.losses.slopes import value

pytestmark = pytest.mark.usefixtures("keras_backend")


MASK, DEPTH = Head("mask", 1, "sigmoid"), Head("depth", 1, "softplus")
LABEL = Head("label", 3, "softmax", is_pooled=True)


def draw() -> tuple[dict[str, Any], dict[str, Any]]:
    """Targets and logits of every head."""
    random = np.random.default_rng(0)
    targets = {
        "mask": random.integers(0, 2, (2, 8, 8)).astype("int32"),
        "depth": random.uniform(0.5, 2, (2, 8, 8)).astype("float32"),
        "label": np.array([1, 0], "int32"),
    }
    shapes = {"mask": (2, 8, 8, 1), "depth": (2, 8, 8, 1), "label": (2, 3)}
    return targets, {name: random.normal(0, 1, shape).astype("float32") for name, shape in shapes.items()}


def total(heads: tuple[Head, ...], loss: LossParams, targets: Any, logits: Any, counts: tuple[int, ...] = ()) -> float:
    return float(ops.convert_to_numpy(build_loss(heads, loss, counts)(targets, logits)))


def test_the_losses_of_all_heads_are_summed_by_weight() -> None:
    targets, logits = draw()
    settings = LossSettings(focal_gamma=3.0)
    loss = LossParams(
        mask={"dice": 0.5, "focal": 2.0},
        depth={"l1": 1.0, "mse": 3.0},
        label={"cross_entropy": 0.25},
        settings=settings,
    )
    expected = [
        0.5 * value(masks.dice, targets["mask"], logits["mask"]),
        2.0 * value(partial(masks.focal, gamma=3.0), targets["mask"], logits["mask"]),
        1.0 * value(l1, targets["depth"], logits["depth"]),
        3.0 * value(mse, targets["depth"], logits["depth"]),
        0.25 * value(label_losses(settings, ())["cross_entropy"], targets["label"], logits["label"]),
    ]
    assert total((MASK, DEPTH, LABEL), loss, targets, logits) == pytest.approx(sum(expected), rel=1e-5)


def test_heads_without_losses_and_targets_without_heads_add_nothing() -> None:
    targets, logits = draw()
    loss = LossParams(mask={}, depth={"l1": 1.0})
    expected = value(l1, targets["depth"], logits["depth"])
    del logits["label"]
    assert total((MASK, DEPTH), loss, targets, logits) == pytest.approx(expected, rel=1e-6)


def test_smaller_outputs_are_held_against_shrunk_targets_and_count_less() -> None:
    targets, logits = draw()
    loss = LossParams(mask={"cross_entropy": 1.0}, depth={"l1": 1.0})
    half, quarter = logits["mask"][:, :4, :4], logits["depth"][:, :2, :2]
    del logits["label"]
    expected = total((MASK, DEPTH), loss, targets, logits)
    expected += value(masks.cross_entropy, targets["mask"][:, ::2, ::2], half) / 2
    expected += value(l1, targets["depth"][:, 1::4, 1::4], quarter) / 4
    deep = logits | {"mask@1": half, "depth@2": quarter}
    assert total((MASK, DEPTH), loss, targets, deep) == pytest.approx(expected, rel=1e-6)


def test_balanced_classes_weigh_by_the_samples_that_were_trained_on() -> None:
    targets, logits = draw()
    chosen = LossParams(settings=LossSettings(class_weights=(2 / 3, 1.0, 2.0)))
    balanced = LossParams(settings=LossSettings(class_weights="balanced"))
    logits = {"label": logits["label"]}
    found = total((LABEL,), balanced, targets, logits, counts=(3, 2, 1))
    assert found == pytest.approx(total((LABEL,), chosen, targets, logits), rel=1e-6)
