"""One output of a network, and the arrays that it is held against."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from numpy.typing import NDArray

Array = NDArray[Any]
Targets = Mapping[str, Array]
"""Truth by head: mask (height, width) of classes, IGNORED where it does not count; depth (height, width) in metres, NaN where
not measured; label () the number of the class."""
Prediction = Mapping[str, Array]
"""By head, as float32: mask (height, width, channel) and label (channel,) probabilities, depth (height, width, 1) in metres."""


@dataclass(frozen=True)
class Head:
    """A map of `channels` channels after `activation`, or, pooled, one vector an image."""

    name: str
    channels: int
    activation: Literal["sigmoid", "softmax", "softplus"]
    is_pooled: bool = False
