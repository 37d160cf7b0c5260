"""Scores of one predicted mask against its target, in NumPy."""

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


def dice(target: Mask, prediction: Mask) -> float:
    """Dice similarity, 2 |T and P| / (|T| + |P|); 1.0 when both are empty.

    T of 4 pixels, P of 2, of which 1 is shared: 2 * 1 / (4 + 2) = .333.
    """
    return _ratio(2 * _shared(target, prediction), _pixels(target) + _pixels(prediction), empty=1.0)


def iou(target: Mask, prediction: Mask) -> float:
    """Intersection over union, |T and P| / |T or P|; 1.0 when both are empty.

    T of 4 pixels, P of 2, of which 1 is shared: 1 / 5 = .2.
    """
    return _ratio(_shared(target, prediction), _pixels(target | prediction), empty=1.0)


def precision(target: Mask, prediction: Mask) -> float:
    """Share of the prediction that is true, |T and P| / |P|; when P is empty, 1.0 if T is too and else 0.0.

    T of 4 pixels, P of 2, of which 1 is shared: 1 / 2 = .5.
    """
    return _ratio(_shared(target, prediction), _pixels(prediction), empty=float(not target.any()))


def recall(target: Mask, prediction: Mask) -> float:
    """Share of the target that is found, |T and P| / |T|; when T is empty, 1.0 if P is too and else 0.0.

    T of 4 pixels, P of 2, of which 1 is shared: 1 / 4 = .25.
    """
    return _ratio(_shared(target, prediction), _pixels(target), empty=float(not prediction.any()))


def pixel_accuracy(target: NDArray[np.generic], prediction: NDArray[np.generic]) -> float:
    """Share of the pixels whose class is right; the arrays hold class indices of the counted pixels, at least one.

    3 of 4 pixels right: .75.
    """
    return float(np.mean(target == prediction))


def _pixels(mask: Mask) -> int:
    return int(np.count_nonzero(mask))


def _shared(target: Mask, prediction: Mask) -> int:
    return _pixels(target & prediction)


def _ratio(part: int, whole: int, empty: float) -> float:
    return part / whole if whole else empty
