"""Scores of one predicted mask of thin structures against its target: whether lines are found whole."""

from skimage.morphology import skeletonize

from pipeline.metrics.overlap import Mask, precision, recall


def cl_dice(target: Mask, prediction: Mask) -> float:
    """Centreline Dice, 2 p s / (p + s), in [0, 1]; 1.0 when both masks are empty, 0.0 when one is.

    p = |S_P and T| / |S_P| is the share of the prediction's skeleton S_P inside the target, s = |S_T and P| / |S_T| the
    share of the target's skeleton inside the prediction (Shit et al. 2021, arXiv:2003.07311).

    A line of 10 pixels, 1 wide, of which 5 are predicted: p = 1, s = .5 and 2 * 1 * .5 / 1.5 = .667, whatever its width.
    """
    if not (target.any() and prediction.any()):
        return float(target.any() == prediction.any())
    lines: list[Mask] = [skeletonize(mask) for mask in (target, prediction)]  # type: ignore[no-untyped-call]
    found, right = recall(lines[0], prediction), precision(target, lines[1])
    return 2 * right * found / (right + found) if right + found else 0.0
