"""Values of losses and their gradients by the backend's own differentiation."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from tests.losses.cases import CASES

Array = np.ndarray[Any, np.dtype[Any]]


def value(loss: Callable[..., Any], y_true: Any, y_pred: Any) -> float:
    """The loss of logits, which are taken as float32."""
    return float(keras.ops.convert_to_numpy(loss(np.asarray(y_true), np.asarray(y_pred, "float32"))))


def slope(loss: Callable[..., Any], y_true: Any, y_pred: Any) -> Array:
    """The gradient with respect to the logits."""
    return value_and_slope(loss, np.asarray(y_true), np.asarray(y_pred, "float32"))[1]


def value_and_slope(loss: Callable[..., Any], y_true: Array, y_pred: Array) -> tuple[Array, Array]:
    """Both at once, compiled on JAX, where each step alone would be compiled otherwise."""
    if keras.backend.backend() == "jax":
        import jax

        found = jax.jit(jax.value_and_grad(lambda logits: loss(y_true, logits)))(y_pred)
        return np.asarray(found[0]), np.asarray(found[1])
    import tensorflow

    logits = tensorflow.constant(y_pred)
    with tensorflow.GradientTape() as tape:
        tape.watch(logits)
        result = loss(y_true, logits)
    return np.asarray(result), np.asarray(tape.gradient(result, logits))


def write_all(path: Path) -> None:
    """Value and gradient of every case."""
    found: dict[str, Array] = {}
    for name, case in CASES.items():
        found[f"{name} value"], found[f"{name} slope"] = value_and_slope(case.loss, case.y_true, case.y_pred)
    np.savez(path, **found)


if __name__ == "__main__":
    write_all(Path(sys.argv[1]))
