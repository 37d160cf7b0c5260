"""Batches follow from seed, epoch and step alone, and nothing is seen more often than its turn."""

from collections import Counter
from typing import Any

import numpy as np
import pytest

from pipeline.batches import TrainingBatches, ValidationBatches, View, draw_order
from pipeline.datasets.arrays import IGNORED, Arrays
from tests.drawn import draw_arrays, gather


def training(arrays: Arrays, patch: tuple[int, int] = (8, 8), **settings: Any) -> TrainingBatches:
    clips = np.arange(len(arrays))[:, None]
    defaults = {"steps": 3, "batch_size": 2, "foreground_share": 0.0, "seed": 1, "epoch": 0}
    return TrainingBatches(arrays, clips, View(("mask",), patch), **(defaults | settings))


def numbered(count: int, size: tuple[int, int] = (4, 4)) -> Arrays:
    """Samples whose pixels all hold the sample's number."""
    return gather([(np.full((*size, 1), number, "uint8"), np.zeros(size, "uint8")) for number in range(count)])


def unique_pixels(*sizes: tuple[int, int]) -> Arrays:
    """Samples in which every pixel has a value of its own; the mask is all foreground."""
    pairs, start = [], 0
    for height, width in sizes:
        image = np.arange(start, start + height * width, dtype="uint16").reshape(height, width, 1)
        pairs.append((image, np.ones((height, width), "uint8")))
        start += height * width
    return gather(pairs)


def same(first: Any, second: Any) -> bool:
    return all(np.array_equal(first[0][name], second[0][name]) for name in ("clip", "mask"))


def test_seed_epoch_and_step_decide_a_batch() -> None:
    arrays = draw_arrays(samples=6, size=(24, 24))
    batches = training(arrays, epoch=4)
    assert same(batches[2], training(arrays, epoch=4)[2])
    others = [batches[1], training(arrays, epoch=3)[2], training(arrays, epoch=4, seed=2)[2]]
    assert not any(same(batches[2], other) for other in others)


def test_batches_have_the_shapes_that_the_trainer_takes() -> None:
    ((batch),) = training(draw_arrays(size=(24, 20), channels=3))[0]
    assert batch["clip"].shape == (2, 1, 8, 8, 3) and batch["clip"].dtype == np.float32
    assert batch["mask"].shape == (2, 8, 8) and batch["mask"].dtype == np.int32


def test_every_sample_is_seen_once_before_any_twice_across_epochs() -> None:
    arrays = numbered(7)
    seen: Counter[int] = Counter()
    for epoch in range(6):
        batches = training(arrays, patch=(4, 4), epoch=epoch, steps=2)
        for step in range(len(batches)):
            for clip in batches[step][0]["clip"]:
                seen[int(clip.flat[0])] += 1
                assert max(seen.values()) - min(seen[number] for number in range(7)) <= 1
    assert sum(seen.values()) == 24


def test_rounds_differ() -> None:
    order = draw_order(0, 50, 0, 150).reshape(3, 50)
    assert all(sorted(part) == list(range(50)) for part in order)
    assert not np.array_equal(order[0], order[1])
    np.testing.assert_array_equal(draw_order(0, 50, 60, 130), order.ravel()[60:130])


def test_patches_come_from_everywhere_and_never_from_beyond() -> None:
    arrays = unique_pixels((12, 10))
    batches = training(arrays, steps=100)
    corners = {tuple(clip[0, 0, 0]) for step in range(100) for clip in batches[step][0]["clip"]}
    assert len(corners) == 5 * 3
    assert not any(np.any(batches[step][0]["mask"] == IGNORED) for step in range(100))


def test_smaller_images_are_mirrored_and_ignored_beyond_the_border() -> None:
    batch = training(unique_pixels((8, 5)))[0][0]
    np.testing.assert_array_equal(batch["clip"][0, 0, :, 5:8, 0], batch["clip"][0, 0, :, 4:1:-1, 0])
    assert (batch["mask"][:, :, 5:] == IGNORED).all() and (batch["mask"][:, :, :5] == 1).all()


@pytest.mark.parametrize(("share", "low", "high"), [(0.0, 0.0, 0.15), (0.5, 0.4, 0.62), (1.0, 1.0, 1.0)])
def test_share_of_patches_with_foreground(share: float, low: float, high: float) -> None:
    mask = np.zeros((80, 80), "uint8")
    mask[70:73, 3:6] = 1
    mask[40, 40] = IGNORED
    arrays = gather([(np.zeros((80, 80, 1), "uint8"), mask)])
    batches = training(arrays, steps=100, foreground_share=share)
    found = np.mean([np.any(one == 1) for step in range(100) for one in batches[step][0]["mask"]])
    assert low <= found <= high


def test_frames_of_a_clip_are_cut_at_one_place() -> None:
    image = np.arange(400, dtype="uint16").reshape(20, 20, 1)
    mask = (image[..., 0] % 2).astype("uint8")
    arrays = gather([(image, mask), (image + 1, mask)], frames=2)
    batches = TrainingBatches(
        arrays,
        np.array([[0, 1]]),
        View(("mask",), (8, 8)),
        steps=5,
        batch_size=1,
        foreground_share=0.5,
        seed=0,
        epoch=0,
    )
    for step in range(5):
        batch = batches[step][0]
        np.testing.assert_array_equal(batch["clip"][:, 0] + 1, batch["clip"][:, 1])
        np.testing.assert_array_equal(batch["clip"][:, 0, ..., 0] % 2, batch["mask"])


@pytest.mark.parametrize("sizes", [[(16, 16)], [(20, 9), (8, 8), (7, 30)]])
def test_validation_counts_each_pixel_once(sizes: list[tuple[int, int]]) -> None:
    arrays = unique_pixels(*sizes)
    batches = ValidationBatches(arrays, np.arange(len(sizes))[:, None], View(("mask",), (8, 8)), batch_size=3)
    counted: Counter[int] = Counter()
    for step in range(len(batches)):
        batch = batches[step][0]
        assert batch["clip"].shape == (3, 1, 8, 8, 1)
        counted.update(batch["clip"][:, 0, ..., 0][batch["mask"] != IGNORED].astype(int).tolist())
    pixels = sum(height * width for height, width in sizes)
    assert counted == Counter(range(pixels))
