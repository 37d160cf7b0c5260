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
