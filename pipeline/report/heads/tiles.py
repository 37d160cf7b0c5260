"""What a view of a head gives to the page: tiles, and what their colours mean."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np

from pipeline.figures.pictures import Picture
from pipeline.report.sheet import DataSheet

Array = np.ndarray[Any, np.dtype[Any]]


class Tile(NamedTuple):
    """A picture under its name; the pixels of a sharp one stay sharp where the sample is small."""

    name: str
    source: str
    is_sharp: bool = True


class Scale(NamedTuple):
    """A colour bar: what it measures, the colours from left to right for CSS, and the values at its ends in `unit`."""

    name: str
    colours: str
    low: float
    high: float
    unit: str


class Legend(NamedTuple):
    """Names with their colour, and colour bars."""

    keys: tuple[tuple[str, str], ...] = ()
    scales: tuple[Scale, ...] = ()


@dataclass(frozen=True)
class Shown:
    """One sample as a view gets it: its place in the arrays, and its first channel as a picture."""

    place: int
    picture: Picture
    size_px: int


class MapView(Protocol):
    """Tiles of one head's truth and predictions; predictions are maps (height, width, channel)."""

    noun: str
    """What a prediction is, such as probability."""
    unit: str
    """Of a prediction's values."""

    def __init__(self, sheet: DataSheet, pairs: Iterable[tuple[int, Array]]) -> None:
        """`pairs` are the places and predictions that colour scales are fitted to."""

    @property
    def legend(self) -> Legend:
        """What the colours mean."""

    def show_truth(self, shown: Shown) -> list[Tile]:
        """Tiles of the target; none where the sample has none."""

    def show_prediction(self, shown: Shown, prediction: Array, threshold: float) -> list[Tile]:
        """Tiles of one model's prediction."""

    def show_map(self, prediction: Array) -> Picture:
        """A prediction by the colours of the legend."""

    def subtract(self, first: Array, second: Array) -> Array:
        """First less second prediction as one map (height, width), in `unit`."""
