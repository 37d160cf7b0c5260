"""Numbers of a data set, worked out by hand on two samples of two pixels by two."""

import numpy as np
import pandas as pd
import pytest

from pipeline.datasets.arrays import Arrays
from pipeline.datasets.manifest import Dataset
from pipeline.datasets.overview import BINS, count_values, summarise_channel, summarise_data, summarise_sizes
from pipeline.provenance import read_record
from tests.experiments import draw_experiment, draw_params


@pytest.fixture
def dataset() -> Dataset:
    return Dataset(1, "uint8", (0, 255), ("background", "disc"), "hash", "flat")


@pytest.fixture
def arrays() -> Arrays:
    """A labelled sample with one ignored pixel, then an unlabelled one."""
    index = pd.DataFrame({"sample_id": ["a", "b"], "image_offset": [0, 4], "mask_offset": [0, -1]})
    index = index.assign(height=2, width=2, channels=1)
    images = np.array([10, 10, 20, 30, 40, 40, 40, 40], np.uint8)
    return Arrays(index, images, np.array([0, 0, 1, 255], np.uint8))


def test_values_are_counted_by_class(dataset, arrays):
    counts = count_values(dataset, arrays)
    assert counts.shape == (1, 3, 256)
    assert counts[0, 0, 10] == 2
    assert counts[0, 1, 20] == 1


def test_ignored_and_unlabelled_pixels_belong_to_no_class(dataset, arrays):
    uncounted = count_values(dataset, arrays)[0, 2]
    assert (uncounted[30], uncounted[40], uncounted.sum()) == (1, 4, 5)


def test_channel_has_range_mean_and_median(dataset, arrays):
    channel = summarise_channel(count_values(dataset, arrays)[0])
    assert (channel["least"], channel["most"], channel["mean"]) == (10, 40, 28.75)
    assert channel["percentiles"]["50"] == 30
    assert channel["deviation"] == pytest.approx(np.std([10, 10, 20, 30, 40, 40, 40, 40]))


def test_histogram_holds_every_pixel_once():
    counts = np.random.default_rng(0).integers(0, 50, (3, 65536))
    channel = summarise_channel(counts)
    assert len(channel["edges"]) == BINS + 1
    assert np.sum(channel["counts"]) + np.sum(channel["uncounted"]) == counts.sum()


def test_constant_channel_has_one_bin():
    counts = np.zeros((3, 256), np.int64)
    counts[0, 7] = 5
    channel = summarise_channel(counts)
    assert (channel["edges"], channel["counts"][0]) == ([7, 8], [5])


def test_sizes_are_counted_most_frequent_first():
    manifest = pd.DataFrame({"height": [4, 8, 8], "width": [6, 9, 9]})
    assert summarise_sizes(manifest)[0] == {"height": 8, "width": 9, "samples": 2}


def test_explore_agrees_with_the_data(tmp_path):
    files = draw_experiment(tmp_path, draw_params(), sequences=6, frames=4, size=32, unlabelled=2)
    explored = read_record(files["explored"])
    samples = explored["samples"]
    assert (samples["all"], samples["labelled"], samples["unlabelled"], samples["sequences"]) == (26, 24, 2, 6)
    assert sum(row["pixels"] for row in explored["classes"]) == 24 * (32 - 4) * 32
    assert samples["without_foreground"] == 2


def test_data_without_any_mask_are_summarised(dataset, arrays):
    index = arrays.index.assign(mask_offset=-1)
    manifest = pd.DataFrame(
        {"sample_id": ["a", "b"], "sequence": "", "group": ["a", "b"], "mask": "", "foreground": np.nan}
    )
    unlabelled = Arrays(index, np.arange(8, dtype=np.uint8), np.zeros(0, np.uint8))
    explored = summarise_data(manifest.assign(height=2, width=2), dataset, unlabelled)
    assert explored["foreground"]["mean"] is None
    assert explored["classes"][1] == {"name": "disc", "pixels": 0, "share": 0.0}
