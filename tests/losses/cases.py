"""Every loss with truth and logits to try it on, some of the truth to be ignored, and the same in NumPy."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.datasets.arrays import IGNORED
from pipeline.losses.build import depth_losses, label_losses, mask_losses
from pipeline.params import LossSettings
from tests.losses import references

Array = np.ndarray[Any, np.dtype[Any]]
CLASS_WEIGHTS = (0.5, 1.0, 2.0, 1.5)
SETTINGS = LossSettings(border_weight=4.0, border_sigma_px=1.5, skeleton_iterations=2, ssim_window=3, huber_delta=0.5)


@dataclass(frozen=True)
class Case:
    """A loss, what it is given, and its independent formula of the same two."""

    loss: Callable[[Any, Any], Any]
    reference: Callable[[Array, Array], float]
    y_true: Array
    y_pred: Array


def mask_cases() -> dict[str, Case]:
    """One foreground class, and three classes."""
    losses, names = mask_losses(SETTINGS), _mask_references()
    return {
        f"mask {name} {channels}": Case(losses[name], reference, *_draw_mask(channels))
        for name, reference in names.items()
        for channels in (1, 3)
        if name != "binary_cross_entropy" or channels == 1
    }


def depth_cases() -> dict[str, Case]:
    """Two maps with holes."""
    random = np.random.default_rng(1)
    y_true = random.uniform(0.2, 2.5, (2, 7, 8)).astype("float32")
    y_true[0, :2, 3] = y_true[1, 5, 5] = np.nan
    y_pred = random.normal(0.5, 1, (2, 7, 8, 1)).astype("float32")
    turn = 0.2 * float(np.nanmax(np.abs(references.errors(y_true, y_pred))))
    formulas: dict[str, Callable[[Array, Array], float]] = {
        "l1": lambda *pair: float(np.nanmean(np.abs(references.errors(*pair)))),
        "mse": lambda *pair: float(np.nanmean(references.errors(*pair) ** 2)),
        "huber": lambda *pair: references.huber(*pair, delta=0.5),
        "berhu": lambda *pair: references.berhu(*pair, turn=turn),
        "gradient": references.gradient,
        "scale_invariant_log": lambda *pair: references.scale_invariant_log(*pair, invariance=0.5),
        "ssim": lambda *pair: references.ssim(*pair, window=3),
    }
    return {
        f"depth {name}": Case(loss, formulas[name], y_true, y_pred) for name, loss in depth_losses(SETTINGS).items()
    }


def label_cases() -> dict[str, Case]:
    """Four classes, one sample of an unknown one; two classes for the tolerant loss too."""
    random = np.random.default_rng(2)
    y_true = np.array([0, 1, 2, 3, -1, 1, 0], "int32")
    y_pred = random.normal(0, 1, (7, 4)).astype("float32")
    plain = label_losses(SETTINGS, ())
    weighted = label_losses(LossSettings(label_smoothing=0.1, class_weights=CLASS_WEIGHTS), ())

    def smoothed(*pair: Array) -> float:
        return references.smoothed_cross_entropy(*pair, smoothing=0.1, class_weights=np.array(CLASS_WEIGHTS))

    def tolerant(*pair: Array) -> float:
        return references.top_2_tolerant(*pair, tolerance=0.5, threshold=0.2, temperature=0.05)

    return {
        "label cross_entropy": Case(plain["cross_entropy"], _focal(0, -1), y_true, y_pred),
        "label cross_entropy weighted": Case(weighted["cross_entropy"], smoothed, y_true, y_pred),
        "label focal": Case(plain["focal"], _focal(2, -1), y_true, y_pred),
        "label top_2_tolerant": Case(plain["top_2_tolerant"], tolerant, y_true, y_pred),
        "label top_2_tolerant of two": Case(plain["top_2_tolerant"], tolerant, y_true.clip(-1, 1), y_pred[:, :2]),
    }


def _focal(gamma: float, ignored: int = IGNORED) -> Callable[[Array, Array], float]:
    return lambda *pair: references.focal(*pair, gamma=gamma, ignored=ignored)


def _tversky(alpha: float, beta: float, power: float = 1.0) -> Callable[[Array, Array], float]:
    return lambda *pair: float(np.mean(np.power(references.tversky_of_classes(*pair, alpha, beta), power)))


def _mask_references() -> dict[Any, Callable[[Array, Array], float]]:
    return {
        "dice": _tversky(0.5, 0.5),
        "tversky": _tversky(0.3, 0.7),
        "focal_tversky": _tversky(0.3, 0.7, 0.75),
        "cl_dice": lambda *pair: references.cl_dice(*pair, iterations=2),
        "binary_cross_entropy": _focal(0),
        "cross_entropy": _focal(0),
        "focal": _focal(2),
        "boundary_cross_entropy": lambda *pair: references.boundary_cross_entropy(*pair, weight=4.0, sigma_px=1.5),
    }


def _draw_mask(channels: int) -> tuple[Array, Array]:
    """Blocks of classes, so that some pixels are far from borders."""
    random = np.random.default_rng(0)
    y_true = random.integers(0, max(2, channels), (2, 2, 3)).repeat(4, axis=1).repeat(3, axis=2).astype("int32")
    y_true[0, 0, 0] = y_true[1, 3, 4:6] = IGNORED
    return y_true, random.normal(0, 1, (*y_true.shape, channels)).astype("float32")


CASES = {**mask_cases(), **depth_cases(), **label_cases()}
