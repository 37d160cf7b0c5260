"""Head `depth`: truth and prediction by one colour scale in metres, and the error between them by another."""

from collections.abc import Iterable

import numpy as np

from pipeline.figures.pictures import (
    Picture,
    depth_gradient,
    difference_gradient,
    show_depth,
    show_difference,
    shrink,
    to_data_uri,
)
from pipeline.report.heads.tiles import Array, Legend, Scale, Shown, Tile
from pipeline.report.sheet import DataSheet
from pipeline.report.views import depth_limits

WITHIN = 95
"""Percentile of the errors that the colours end at, so that a few gross ones do not pale all others."""


class View:
    """Tiles of depths; grey is where nothing was measured."""

    noun, unit = "depth", "m"

    def __init__(self, sheet: DataSheet, pairs: Iterable[tuple[int, Array]]) -> None:
        self.sheet, self.limits = sheet, depth_limits(sheet)
        errors = [np.abs(self._error(place, prediction)).ravel() for place, prediction in pairs]
        found = np.concatenate(errors) if errors else np.zeros(0)
        found = found[np.isfinite(found)]
        self.error_limit = float(np.percentile(found, WITHIN)) if len(found) else 1.0

    @property
    def legend(self) -> Legend:
        return Legend(
            scales=(
                Scale(self.noun, depth_gradient(), *self.limits, self.unit),
                Scale(
                    "predicted less true depth", difference_gradient(), -self.error_limit, self.error_limit, self.unit
                ),
            )
        )

    def show_truth(self, shown: Shown) -> list[Tile]:
        if self.sheet.arrays.index["depth_offset"].iloc[shown.place] < 0:
            return []
        depth = show_depth(self.sheet.arrays.depth(shown.place), self.limits)
        return [Tile("true depth", to_data_uri(shrink(depth, shown.size_px)))]

    def show_prediction(self, shown: Shown, prediction: Array, threshold: float) -> list[Tile]:
        error = show_difference(self._error(shown.place, prediction), self.error_limit)
        return [
            Tile(self.noun, to_data_uri(shrink(self.show_map(prediction), shown.size_px))),
            Tile("error", to_data_uri(shrink(error, shown.size_px))),
        ]

    def show_map(self, prediction: Array) -> Picture:
        return show_depth(prediction[..., 0].astype(np.float32), self.limits)

    def subtract(self, first: Array, second: Array) -> Array:
        return np.asarray(first[..., 0].astype(np.float32) - second[..., 0].astype(np.float32))

    def _error(self, place: int, prediction: Array) -> Array:
        """Predicted less true depth in metres (height, width); NaN where nothing was measured."""
        return np.asarray(prediction[..., 0].astype(np.float32) - self.sheet.arrays.depth(place))
