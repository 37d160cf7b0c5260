"""Head `mask`: probabilities, and the contours of truth and prediction over the image."""

from collections.abc import Iterable

import numpy as np

from pipeline.datasets.arrays import IGNORED
from pipeline.figures.pictures import (
    BOTH,
    PREDICTION,
    TARGET,
    Picture,
    show_contours,
    show_mask,
    show_probability,
    shrink,
    to_data_uri,
)
from pipeline.report.heads.tiles import Array, Legend, Shown, Tile
from pipeline.report.sheet import DataSheet
from pipeline.report.views import has_mask
from pipeline.tasks.mask import Masks


class View:
    """Tiles of masks."""

    noun, unit = "probability", ""
    legend = Legend(
        keys=(("contour of truth", TARGET), ("contour of prediction", PREDICTION), ("the same contour", BOTH))
    )

    def __init__(self, sheet: DataSheet, pairs: Iterable[tuple[int, Array]]) -> None:
        self.sheet, self.classes = sheet, sheet.dataset.classes

    def show_truth(self, shown: Shown) -> list[Tile]:
        if not has_mask(self.sheet, shown.place):
            return []
        picture = shrink(show_mask(self.sheet.arrays.mask(shown.place), self.classes), shown.size_px)
        return [Tile("true mask", to_data_uri(picture, is_exact=True))]

    def show_prediction(self, shown: Shown, prediction: Array, threshold: float) -> list[Tile]:
        target = self.sheet.arrays.mask(shown.place)
        mask = Masks(self.classes).decide(prediction, threshold)
        mask = np.where(target == IGNORED, 0, mask).astype(np.uint8)  # what does not count is not drawn
        return [
            Tile(self.noun, to_data_uri(shrink(self.show_map(prediction), shown.size_px))),
            Tile("contours", to_data_uri(show_contours(shown.picture, target, mask)), is_sharp=False),
        ]

    def show_map(self, prediction: Array) -> Picture:
        return show_probability(prediction, self.classes)

    def subtract(self, first: Array, second: Array) -> Array:
        """Of the probability of foreground, of any kind."""
        difference = first.astype(np.float32) - second.astype(np.float32)
        return difference[..., 0] if first.shape[-1] == 1 else -difference[..., 0]
