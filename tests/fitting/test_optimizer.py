"""Learning rates at points worked out by hand, and what optimisers do with one step."""

from typing import Any

import keras
import numpy as np
import pytest

from pipeline.fitting.optimizer import Schedule, build_optimizer
from pipeline.params import OptimizerParams, ScheduleParams

pytestmark = pytest.mark.usefixtures("keras_backend")
COSINE = [1, (1 + 2**-0.5) / 2, 0.5, (1 - 2**-0.5) / 2, 0]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"kind": "constant"}, [1, 1, 1, 1, 1]),
        ({"kind": "constant", "warm_up": 0.5}, [0, 0.5, 1, 1, 1]),
        ({"kind": "cosine"}, COSINE),
        ({"kind": "cosine", "warm_up": 0.5}, [0, 0.5, 1, 0.5, 0]),
        ({"kind": "polynomial", "power": 2}, [1, 9 / 16, 1 / 4, 1 / 16, 0]),
        ({"kind": "polynomial", "power": 0.9}, [1, 0.75**0.9, 0.5**0.9, 0.25**0.9, 0]),
        ({"kind": "one_cycle", "warm_up": 0.5}, [0.04, 0.52, 1, 0.5, 0]),
    ],
)
def test_rates_at_the_quarters_of_the_budget(params: dict[str, Any], expected: list[float]) -> None:
    schedule = Schedule(ScheduleParams(**params), highest=0.2, steps=400)
    rates = [float(keras.ops.convert_to_numpy(schedule(step))) for step in (0, 100, 200, 300, 400)]
    np.testing.assert_allclose(rates, 0.2 * np.array(expected), atol=1e-7)


def test_one_cycle_is_highest_at_three_tenths() -> None:
    schedule = Schedule(ScheduleParams(kind="one_cycle"), highest=1.0, steps=100)
    rates = [float(keras.ops.convert_to_numpy(schedule(step))) for step in range(101)]
    assert int(np.argmax(rates)) == 30 and rates[30] == 1 and rates[0] == pytest.approx(0.04)


def one_step(gradient: float = 1.0, **params: Any) -> float:
    """The weight 1 after one step at rate .1."""
    optimizer = build_optimizer(OptimizerParams(learning_rate=0.1, **params), ScheduleParams(kind="constant"), 10)
    weight = keras.Variable(np.ones(1, "float32"))
    optimizer.build([weight])
    optimizer.apply([keras.ops.convert_to_tensor(np.array([gradient], "float32"))], [weight])
    return float(keras.ops.convert_to_numpy(weight)[0])


def test_optimizers_take_their_step() -> None:
    assert one_step(kind="adam", weight_decay=0.5) == pytest.approx(
        0.9, abs=1e-5
    )  # Adam's first step is the rate, and no decay
    assert one_step(kind="adamw", weight_decay=0.5) == pytest.approx(1 - 0.05 - 0.1, abs=1e-5)
    assert one_step(kind="sgd", momentum=0.0, weight_decay=0.0) == pytest.approx(0.9)
    assert one_step(kind="sgd", momentum=0.5, weight_decay=0.0) == pytest.approx(1 - 0.1 * 1.5)  # Nesterov looks ahead
    assert one_step(kind="sgd", momentum=0.0, weight_decay=0.5, gradient=0.0) == pytest.approx(0.95)


def reference_rate(params: ScheduleParams, share: float) -> float:
    """The factor after a share of the budget, from the definition of each curve."""
    warm_up = params.warm_up or (0.3 if params.kind == "one_cycle" else 0.0)
    if share < warm_up:
        return float(np.interp(share, [0, warm_up], [0.04 if params.kind == "one_cycle" else 0.0, 1]))
    fallen = (share - warm_up) / (1 - warm_up)
    if params.kind == "polynomial":
        return (1 - fallen) ** params.power
    return 1.0 if params.kind == "constant" else float(np.cos(fallen * np.pi / 2) ** 2)  # = (1 + cos(fallen pi)) / 2


@pytest.mark.parametrize("kind", ["constant", "cosine", "one_cycle", "polynomial"])
@pytest.mark.parametrize("warm_up", [0.0, 0.1])
def test_rates_at_every_step_are_those_of_the_curve(kind: Any, warm_up: float) -> None:
    params = ScheduleParams(kind=kind, warm_up=warm_up, power=1.5)
    schedule = Schedule(params, highest=0.2, steps=40)
    rates = [float(keras.ops.convert_to_numpy(schedule(step))) for step in range(41)]
    np.testing.assert_allclose(rates, [0.2 * reference_rate(params, step / 40) for step in range(41)], atol=1e-7)
    assert float(keras.ops.convert_to_numpy(schedule(50))) == pytest.approx(rates[-1])  # the last epoch may overrun


def reference_weights(params: OptimizerParams, gradients: np.ndarray, rates: list[float]) -> np.ndarray:
    """Nesterov's momentum as in Sutskever et al. 2013, Adam of Kingma & Ba 2015, decay of Loshchilov & Hutter 2019."""
    weight, velocity, mean, square = np.ones(gradients.shape[1]), 0.0, 0.0, 0.0
    for step, (gradient, rate) in enumerate(zip(gradients, rates, strict=True), start=1):
        if params.kind != "adam":
            weight = weight - rate * params.weight_decay * weight
        if params.kind == "sgd":
            velocity = params.momentum * velocity - rate * gradient
            weight = weight + params.momentum * velocity - rate * gradient
            continue
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        weight = weight - rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-7)
    return weight


@pytest.mark.parametrize("kind", ["adam", "adamw", "sgd"])
@pytest.mark.parametrize("schedule", ["cosine", "one_cycle", "polynomial"])
def test_weights_after_some_steps_are_those_of_the_formula(kind: Any, schedule: Any) -> None:
    params = OptimizerParams(kind=kind, learning_rate=0.1, weight_decay=0.2, momentum=0.8)
    curve, steps = ScheduleParams(kind=schedule), 6
    gradients = np.random.default_rng(0).normal(0, 1, (steps, 3)).astype("float32")
    optimizer = build_optimizer(params, curve, steps)
    weight = keras.Variable(np.ones(3, "float32"))
    optimizer.build([weight])
    for gradient in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(gradient)], [weight])
    rates = [0.1 * reference_rate(curve, step / steps) for step in range(steps)]
    expected = reference_weights(params, gradients, rates)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(weight), expected, rtol=1e-4)


def test_averaged_weights_are_the_moving_average_of_the_steps() -> None:
    params = OptimizerParams(kind="sgd", learning_rate=0.1, weight_decay=0.0, momentum=0.0, average=0.9)
    optimizer = build_optimizer(params, ScheduleParams(kind="constant"), 10)
    weight = keras.Variable(np.zeros(1, "float32"))
    optimizer.build([weight])
    for _ in range(3):
        optimizer.apply([keras.ops.ones(1)], [weight])
    optimizer.finalize_variable_values([weight])
    # weights -.1, -.2, -.3; the average begins at the first
    expected = 0.9 * (0.9 * -0.1 + 0.1 * -0.2) + 0.1 * -0.3
    assert float(keras.ops.convert_to_numpy(weight)[0]) == pytest.approx(expected, rel=1e-5)
