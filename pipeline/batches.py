"""Patches of arrays as Keras takes them on every backend; which ones follows from (seed, epoch, step) alone."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np

from pipeline.datasets.arrays import IGNORED, Arrays
from pipeline.datasets.resizing import resize_image, resize_mask

Patch = dict[str, np.ndarray]
Batch = tuple[Patch]
UNCOUNTED: dict[str, float] = {"mask": IGNORED, "depth": np.nan, "label": -1}
"""What stands in each target where nothing counts."""
TYPES = {"clip": "float32", "mask": "int32", "depth": "float32", "label": "int32"}


@dataclass(frozen=True)
class View:
    """What a network is shown of a sample: a patch, or all of it, and the targets of its heads."""

    heads: tuple[str, ...]
    patch: tuple[int, int] | None
    """Height and width that are cut out; None takes the whole sample."""
    size: tuple[int, int] | None = None
    """Height and width that it is resized to; None keeps them."""

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width that the network sees."""
        return self.size or self.patch or (0, 0)

    @property
    def maps(self) -> tuple[str, ...]:
        """Heads that have a value a pixel."""
        return tuple(head for head in self.heads if head != "label")


class TrainingBatches(keras.utils.PyDataset):  # type: ignore[misc]
    """Random patches of one epoch: its part of an endless row of the samples, every one once before any twice."""

    def __init__(
        self,
        arrays: Arrays,
        clips: np.ndarray,
        view: View,
        *,
        steps: int,
        batch_size: int,
        foreground_share: float,
        seed: int,
        epoch: int,
        workers: int = 1,
    ) -> None:
        super().__init__(workers=workers)
        self.arrays, self.clips, self.view, self.batch_size = arrays, clips, view, batch_size
        self.steps, self.foreground_share, self.seed, self.epoch = steps, foreground_share, seed, epoch
        samples = steps * batch_size
        self.order = draw_order(seed, len(clips), epoch * samples, (epoch + 1) * samples)
        self.sizes = arrays.index[["height", "width"]].to_numpy()

    def __len__(self) -> int:
        return self.steps

    def __getitem__(self, step: int) -> Batch:
        random = np.random.default_rng((self.seed, self.epoch, step))
        rows = self.order[step * self.batch_size : (step + 1) * self.batch_size]
        return stack_patches([self._draw(self.clips[row], random) for row in rows])

    def _draw(self, clip: np.ndarray, random: np.random.Generator) -> Patch:
        if self.view.patch is None:
            return cut_patch(self.arrays, clip, self.view)
        room = [max(int(side) - patch, 0) for side, patch in zip(self.sizes[clip[-1]], self.view.patch, strict=True)]
        corner = [int(random.integers(0, space + 1)) for space in room]
        if any(room) and "mask" in self.view.heads and random.random() < self.foreground_share:
            corner = self._centre_foreground(clip[-1], room, random) or corner
        return cut_patch(self.arrays, clip, self.view, corner)

    def _centre_foreground(self, position: int, room: list[int], random: np.random.Generator) -> list[int]:
        """The corner of a patch about a foreground pixel; none where the sample has no such pixel."""
        mask, patch = self.arrays.mask(position), self.view.patch or (1, 1)
        foreground = np.flatnonzero((mask > 0) & (mask != IGNORED))
        if not len(foreground):
            return []
        centre = np.unravel_index(foreground[random.integers(len(foreground))], mask.shape)
        return [int(np.clip(at - side // 2, 0, space)) for at, side, space in zip(centre, patch, room, strict=True)]


class ValidationBatches(keras.utils.PyDataset):  # type: ignore[misc]
    """Every pixel of the samples once, in patches side by side, in order; the last batch is filled up with ignored ones."""

    def __init__(self, arrays: Arrays, clips: np.ndarray, view: View, *, batch_size: int) -> None:
        super().__init__()
        self.arrays, self.clips, self.view, self.batch_size = arrays, clips, view, batch_size
        sizes = arrays.index[["height", "width"]].to_numpy()[clips[:, -1]]
        whole = np.stack([np.arange(len(clips)), *np.zeros((2, len(clips)), int)], axis=1)
        self.places = whole if view.patch is None else grid_places(sizes, view.patch)

    def __len__(self) -> int:
        return math.ceil(len(self.places) / self.batch_size)

    def __getitem__(self, step: int) -> Batch:
        places = self.places[step * self.batch_size : (step + 1) * self.batch_size]
        patches = [cut_patch(self.arrays, self.clips[row], self.view, corner) for row, *corner in places]
        blank = {
            name: np.full_like(part, UNCOUNTED.get(name, 0), dtype=TYPES[name]) for name, part in patches[0].items()
        }
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


def cut_patch(arrays: Arrays, clip: np.ndarray, view: View, corner: Sequence[int] = (0, 0)) -> Patch:
    """The patch of a clip (time, height, width, channel) and its targets; beyond the border it is mirrored and ignored."""
    shape = arrays.index[["height", "width"]].iloc[clip[-1]]
    (top, left), (height, width) = corner, view.patch or (int(shape["height"]), int(shape["width"]))
    part = (slice(top, top + height), slice(left, left + width))
    frames = np.stack([arrays.image(frame)[part] for frame in clip])
    targets = arrays.targets(view.heads, clip[-1])
    cut = {name: target[part] if name in view.maps else target for name, target in targets.items()}
    missing = [(0, height - frames.shape[1]), (0, width - frames.shape[2])]
    if any(after for _, after in missing):
        frames = np.pad(frames, [(0, 0), *missing, (0, 0)], mode="symmetric")
        cut |= {name: np.pad(cut[name], missing, constant_values=UNCOUNTED[name]) for name in view.maps}
    return _resize({"clip": frames, **cut}, view)


def _resize(patch: Patch, view: View) -> Patch:
    if view.size is None or view.size == patch["clip"].shape[1:3]:
        return patch
    frames = np.stack([resize_image(frame, *view.size) for frame in patch["clip"]])
    return patch | {"clip": frames} | {name: resize_mask(patch[name], *view.size) for name in view.maps}


def stack_patches(patches: Sequence[Patch]) -> Batch:
    """Patches as one batch of the trainer's inputs."""
    return ({name: np.stack([patch[name] for patch in patches]).astype(TYPES[name]) for name in patches[0]},)
