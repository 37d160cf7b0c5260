"""Mean images: all samples, or those of each label, brought to one small size and averaged."""

import base64
from typing import Any

import numpy as np
import pandas as pd

from pipeline.datasets.overview.blocks import Block

Array = np.ndarray[Any, np.dtype[Any]]
LARGEST_PX = 64
MOST_LABELS = 20
"""Labels that have a mean image, the most frequent ones."""
LEVELS = 255


class MeanImages:
    """Sums of images by label, at the median size of the samples with its longer side shrunk to LARGEST_PX."""

    def __init__(self, index: pd.DataFrame) -> None:
        """`index` has height, width, channels, and `label` ("" where a sample has none)."""
        labels = index["label"] if "label" in index else pd.Series("", index.index)
        is_meant = labels != "" if (labels != "").any() else labels == ""
        counts = labels[is_meant].value_counts().head(MOST_LABELS)
        self.counts = {str(label): int(count) for label, count in counts.items()}
        self._rows = labels.map({label: row for row, label in enumerate(self.counts)}).fillna(-1).to_numpy(int)
        sides = index[["height", "width"]].median().to_numpy()
        self.height, self.width = (max(1, round(side * min(1, LARGEST_PX / sides.max()))) for side in sides)
        self._sums = np.zeros((len(self.counts), int(index["channels"].iloc[0]), self.height, self.width))

    def add(self, block: Block) -> None:
        """Take in whole samples, or a strip of one."""
        rows = self._rows[block.positions]
        for row in np.unique(rows[rows >= 0]):
            total = block.images[rows == row].sum(axis=0)
            if (block.height, total.shape[2]) != (self.height, self.width):
                across = _average(total, np.linspace(0, total.shape[2], self.width + 1))
                down = np.linspace(0, block.height, self.height + 1)
                total = np.swapaxes(_average(np.swapaxes(across, 1, 2), down, block.top), 1, 2)
            self._sums[row] += total

    def summarise(self) -> list[dict[str, Any]]:
        """One image a label, the most frequent first: `pixels` has bytes (height, width, channel) in base64, 0 is a channel's
        `low`, 255 its `high`."""
        return [
            {"label": label, "samples": count, **_pack(np.moveaxis(self._sums[row] / count, 0, -1))}
            for row, (label, count) in enumerate(self.counts.items())
        ]


def unpack_mean(mean: dict[str, Any]) -> Array:
    """The image (height, width, channel), float64, of one entry of `MeanImages.summarise`."""
    low, high = np.array(mean["low"]), np.array(mean["high"])
    levels = np.frombuffer(base64.b64decode(mean["pixels"]), np.uint8)
    shares = levels.reshape(mean["height"], mean["width"], len(low)) / LEVELS
    return np.asarray(low + shares * (high - low))


def _pack(image: Array) -> dict[str, Any]:
    low, high = image.min(axis=(0, 1)), image.max(axis=(0, 1))
    levels = np.round((image - low) / np.where(high > low, high - low, 1) * LEVELS).astype(np.uint8)
    sizes = {"height": image.shape[0], "width": image.shape[1]}
    pixels = base64.b64encode(levels.tobytes()).decode()
    return {**sizes, "low": low.tolist(), "high": high.tolist(), "pixels": pixels}


def _average(values: Array, edges: Array, first: int = 0) -> Array:
    """Means along the last axis between edges in pixels; `values` begin at pixel `first`, and what lies outside them counts as 0."""
    inside = np.clip(edges - first, 0, values.shape[-1])
    whole = np.minimum(inside.astype(int), values.shape[-1] - 1)
    before = np.concatenate([np.zeros((*values.shape[:-1], 1)), np.cumsum(values, axis=-1)], axis=-1)
    reached = before[..., whole] + (inside - whole) * values[..., whole]
    return np.asarray(np.diff(reached, axis=-1) / np.diff(edges))
