"""Scores of one predicted mask against its target, in NumPy."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

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


def surface_distance(target: Mask, prediction: Mask, tolerance_px: float, counted: Mask | None = None) -> float:
    """Normalised surface distance: share of both contours that lies within `tolerance_px` of the other contour.

    (|S_T near S_P| + |S_P near S_T|) / (|S_T| + |S_P|), where a contour S holds the pixels of a mask with one of their
    four neighbours outside it (Nikolov et al. 2018, doi:10.2196/26151, with pixels for surface elements). Where the
    picture or the counted region ends, a mask is cut and has no contour. 1.0 when both masks are empty, 0.0 when one is.

    A line of 10 pixels predicted 1 px beside the true one scores 1.0 at a tolerance of 1 px and 0.0 at .5 px.
    """
    if not (target.any() and prediction.any()):
        return float(target.any() == prediction.any())
    if counted is None:
        counted = np.ones_like(target)
    of_target, of_prediction = _contour(target, counted), _contour(prediction, counted)
    if not (of_target.any() and of_prediction.any()):
        return float(np.array_equal(target & counted, prediction & counted))
    near = _within(of_target, of_prediction, tolerance_px) + _within(of_prediction, of_target, tolerance_px)
    return near / (_pixels(of_target) + _pixels(of_prediction))


def _contour(mask: Mask, counted: Mask) -> Mask:
    inside: Mask = ndimage.binary_erosion(mask | ~counted, border_value=1)
    return mask & counted & ~inside


def _within(contour: Mask, other: Mask, tolerance_px: float) -> int:
    distance_px = np.asarray(ndimage.distance_transform_edt(~other))
    return int(np.count_nonzero(distance_px[contour] <= tolerance_px))


def _pixels(mask: Mask) -> int:
    return int(np.count_nonzero(mask))


def _shared(target: Mask, prediction: Mask) -> int:
    return _pixels(target & prediction)


def _ratio(part: int, whole: int, empty: float) -> float:
    return part / whole if whole else empty
