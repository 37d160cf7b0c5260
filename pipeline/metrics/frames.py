"""Scores of one frame's predicted mask beside that of the frame before."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.overlap import Mask

Classes = NDArray[np.integer[Any]]


def flicker(targets: tuple[Classes, Classes], predictions: tuple[Classes, Classes], counted: Mask) -> float:
    """Share of the pixels at rest whose predicted class changes from one frame to the next, in [0, 1].

    Class indices (height, width) of the frame before and of this one; `counted` is true where both truths are known. A pixel is at
    rest where the truth is the same in both frames, and it counts where truth or one of the predictions is foreground:
    |P_1 != P_0| / |T or P_0 or P_1|, so that a wide background hides nothing; 0.0 where no pixel counts. One less the video
    consistency of two frames (Miao et al. 2021, doi:10.1109/CVPR46437.2021.00412), of foreground and without its demand that
    the prediction be right.

    4 pixels of foreground at rest, of which the second frame misses 1: 1 / 4.
    """
    (before, after), (said, says) = targets, predictions
    at_rest = counted & (before == after) & ((after > 0) | (said > 0) | (says > 0))
    return float(np.mean((said != says)[at_rest])) if at_rest.any() else 0.0
