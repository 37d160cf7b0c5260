"""Patches of arrays as Keras takes them on every backend; which ones follows from (seed, epoch, step) alone."""

import math
from typing import Any

import keras
import numpy as np

from pipeline.datasets.arrays import IGNORED, Arrays

Batch = tuple[dict[str, np.ndarray]]


class TrainingBatches(keras.utils.PyDataset):  # type: ignore[misc]
    """Random patches of one epoch: its part of an endless row of the samples, every one once before any twice."""

    def __init__(
        self,
        arrays: Arrays,
        clips: np.ndarray,
        *,
        patch: tuple[int, int],
        steps: int,
        batch_size: int,
        foreground_share: float,
        seed: int,
        epoch: int,
        workers: int = 1,
    ) -> None:
        super().__init__(workers=workers)
        self.arrays, self.clips, self.patch, self.batch_size = arrays, clips, patch, batch_size
        self.steps, self.foreground_share, self.seed, self.epoch = steps, foreground_share, seed, epoch
        samples = steps * batch_size
        self.order = draw_order(seed, len(clips), epoch * samples, (epoch + 1) * samples)

    def __len__(self) -> int:
        return self.steps

    def __getitem__(self, step: int) -> Batch:
        random = np.random.default_rng((self.seed, self.epoch, step))
        rows = self.order[step * self.batch_size : (step + 1) * self.batch_size]
        return stack_patches([self._draw(self.clips[row], random) for row in rows])

    def _draw(self, clip: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        mask = self.arrays.mask(clip[-1])
        room = [max(side - patch, 0) for side, patch in zip(mask.shape, self.patch, strict=True)]
        corner = [int(random.integers(0, space + 1)) for space in room]
        if any(room) and random.random() < self.foreground_share:
            foreground = np.flatnonzero((mask > 0) & (mask != IGNORED))
            if len(foreground):
                centre = np.unravel_index(foreground[random.integers(len(foreground))], mask.shape)
                corner = [
                    int(np.clip(at - patch // 2, 0, space))
                    for at, patch, space in zip(centre, self.patch, room, strict=True)
                ]
        return cut_patch(self.arrays, clip, corner, self.patch)


class ValidationBatches(keras.utils.PyDataset):  # type: ignore[misc]
    """Every pixel of the samples once, in patches side by side, in order; the last batch is filled up with ignored ones."""

    def __init__(self, arrays: Arrays, clips: np.ndarray, *, patch: tuple[int, int], batch_size: int) -> None:
        super().__init__()
        self.arrays, self.clips, self.patch, self.batch_size = arrays, clips, patch, batch_size
        sizes = arrays.index[["height", "width"]].to_numpy()[clips[:, -1]]
        self.places = grid_places(sizes, patch)

    def __len__(self) -> int:
        return math.ceil(len(self.places) / self.batch_size)

    def __getitem__(self, step: int) -> Batch:
        places = self.places[step * self.batch_size : (step + 1) * self.batch_size]
        patches = [cut_patch(self.arrays, self.clips[row], corner, self.patch) for row, *corner in places]
        blank = (np.zeros_like(patches[0][0]), np.full_like(patches[0][1], IGNORED))
        return stack_patches(patches + [blank] * (self.batch_size - len(patches)))


def draw_order(seed: int, count: int, first: int, last: int) -> np.ndarray:
    """Places `first` to `last` of an endless row of shuffled rounds, each of which holds 0 to count - 1 once."""
    rounds = range(first // count, math.ceil(last / count))
    row = np.concatenate([np.random.default_rng((seed, number)).permutation(count) for number in rounds])
    return row[first - rounds.start * count :][: last - first]


def grid_places(sizes: np.ndarray, patch: tuple[int, int]) -> np.ndarray:
    """Sample, top and left (place, 3) of patches side by side over images of sizes (sample, 2); the last ones reach beyond."""
    rows, columns = -(-sizes // np.array(patch)).T
    counts = rows * columns
    sample = np.repeat(np.arange(len(sizes)), counts)
    inside = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    row, column = np.divmod(inside, columns[sample])
    return np.stack([sample, row * patch[0], column * patch[1]], axis=1)


def cut_patch(
    arrays: Arrays, clip: np.ndarray, corner: list[int], patch: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """The patch (time, height, width, channel) of a clip and its mask; beyond the border it is mirrored and ignored."""
    (top, left), (height, width) = corner, patch
    frames = np.stack([arrays.image(frame)[top : top + height, left : left + width] for frame in clip])
    mask = arrays.mask(clip[-1])[top : top + height, left : left + width]
    missing = [(0, height - mask.shape[0]), (0, width - mask.shape[1])]
    if any(after for _, after in missing):
        frames = np.pad(frames, [(0, 0), *missing, (0, 0)], mode="symmetric")
        mask = np.pad(mask, missing, constant_values=IGNORED)
    return frames, mask


def stack_patches(patches: list[tuple[np.ndarray, np.ndarray]]) -> Batch:
    """Patches as one batch of the trainer's inputs."""
    frames: Any = np.stack([frames for frames, _ in patches]).astype("float32")
    return ({"clip": frames, "mask": np.stack([mask for _, mask in patches]).astype("int32")},)
