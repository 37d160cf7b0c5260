"""Numbers of a data set: worked out by hand, or the same as NumPy's on the whole."""

import numpy as np
import pandas as pd
import pytest

from pipeline.datasets.arrays import IGNORED, Arrays
from pipeline.datasets.manifest import Dataset
from pipeline.datasets.overview import blocks, sampling
from pipeline.datasets.overview.depths import summarise_depths
from pipeline.datasets.overview.histograms import BINS, summarise_values
from pipeline.datasets.overview.means import MeanImages, unpack_mean
from pipeline.datasets.overview.outliers import find_outliers
from pipeline.datasets.overview.summary import summarise_channels, summarise_classes
from pipeline.datasets.overview.table import summarise_labels, summarise_sides, summarise_sizes
from pipeline.datasets.overview.tally import tally_pixels

DTYPES = ("uint8", "uint16", "uint32", "int16", "int32", "float32")
SIZES = [(5, 7), (5, 7), (5, 7), (9, 4), (9, 4), (40, 30), (5, 7)]


def draw_images(dtype: str, channels: int = 2) -> list[np.ndarray]:
    """Images of several sizes, values of which fill the type; float32 spread around a large mean."""
    random = np.random.default_rng(0)
    shapes = [(*size, channels) for size in SIZES]
    if dtype == "float32":
        return [random.normal(1e6, 3, shape).astype(dtype) for shape in shapes]
    limits = np.iinfo(dtype)
    return [random.integers(limits.min, limits.max, shape, dtype, endpoint=True) for shape in shapes]


def store(images: list[np.ndarray], masks: list[np.ndarray | None] | None = None, **columns: object) -> Arrays:
    """Arrays of images and of masks, None where a sample has none."""
    masks = masks or [None] * len(images)
    index = pd.DataFrame([image.shape for image in images], columns=["height", "width", "channels"])
    index["sample_id"] = [f"{place:03d}" for place in range(len(images))]
    index["image_offset"] = np.cumsum([0, *(image.size for image in images)])[:-1]
    starts = np.cumsum([0, *(0 if mask is None else mask.size for mask in masks)])[:-1]
    index["mask_offset"] = [-1 if mask is None else start for mask, start in zip(masks, starts, strict=True)]
    flat = [np.zeros(0, np.uint8), *(mask.ravel() for mask in masks if mask is not None)]
    return Arrays(index.assign(**columns), np.concatenate([image.ravel() for image in images]), np.concatenate(flat))


def of_channels(arrays: Arrays, classes: int = 2) -> list[dict]:
    return summarise_channels(tally_pixels(arrays, classes), classes)


@pytest.mark.parametrize("block_values", [16, 300, 2**17], ids=["strips", "some", "whole"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_channels_are_as_numpy_tells_of_the_whole(monkeypatch, dtype, block_values):
    monkeypatch.setattr(blocks, "BLOCK_VALUES", block_values)
    images = draw_images(dtype)
    for channel, found in enumerate(of_channels(store(images))):
        values = np.concatenate([image[..., channel].ravel() for image in images]).astype(np.float64)
        assert (found["least"], found["most"]) == (values.min(), values.max())
        assert found["mean"] == pytest.approx(values.mean(), rel=1e-12)
        assert found["deviation"] == pytest.approx(values.std(), rel=1e-9)
        assert found["percentiles"]["1"] == np.percentile(values, 1, method="inverted_cdf")
        assert (found["selected"], np.sum(found["uncounted"])) == (1, values.size)


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_percentiles_of_a_selection_have_nearly_their_rank(monkeypatch, dtype):
    monkeypatch.setattr(sampling, "KEPT_VALUES", 2000)
    random = np.random.default_rng(1)
    images = [(random.gamma(2, 20, (32, 32, 1)) + 3 * place).clip(0, 255).astype(dtype) for place in range(40)]
    (found,) = of_channels(store(images))
    assert found["selected"] < 0.06
    values = np.stack(images).ravel()
    for percent in (1, 50, 99):
        assert np.mean(values <= found["percentiles"][str(percent)]) == pytest.approx(percent / 100, abs=0.03)


def test_selection_stands_in_no_column(monkeypatch):
    monkeypatch.setattr(sampling, "KEPT_VALUES", 320)
    ramp = np.tile(np.arange(32, dtype=np.uint8), (32, 1))[..., None]
    values = tally_pixels(store([ramp] * 10), 2).selection.values
    assert len(np.unique(values)) == 32
    assert len(values) <= 320


def test_values_are_counted_by_class():
    mask = np.array([[0, 0], [1, IGNORED]], np.uint8)
    images = [np.array([[10, 10], [20, 30]], np.uint8)[..., None], np.full((2, 2, 1), 40, np.uint8)]
    arrays = store(images, [mask, None])
    (found,) = of_channels(arrays)
    edges = found["edges"]
    assert found["counts"][0][edges.index(10)] == 2
    assert found["counts"][1][edges.index(20)] == 1
    assert (found["uncounted"][edges.index(30)], found["uncounted"][edges.index(40)]) == (1, 4)
    dataset = Dataset(1, "uint8", (0, 255), ("background", "disc"), "hash", "flat")
    classes = summarise_classes(dataset, tally_pixels(arrays, 2).class_pixels)
    assert classes[1] == {"name": "disc", "pixels": 1, "share": 1 / 3, "masks": 1}


def test_histogram_holds_every_value_once_and_no_mad_one_flattens_it():
    values = np.append(np.random.default_rng(0).normal(0, 1, 9999), 1e30)
    found = summarise_values(values, np.zeros(len(values), int), 1)
    assert len(found["edges"]) == BINS + 1
    assert np.sum(found["counts"]) == len(values)
    assert found["edges"][-1] < 20


def test_constant_channel_has_one_bin():
    found = summarise_values(np.full(5, 7.0), np.zeros(5, int), 1)
    assert (found["edges"], found["counts"]) == ([7, 8], [[5]])


def test_mean_image_of_equal_sizes_is_the_mean():
    images = draw_images("uint8", 3)[:3]
    arrays = store(images)
    (mean,) = tally_pixels(arrays, 2).means.summarise()
    assert (mean["label"], mean["samples"]) == ("", 3)
    assert np.abs(unpack_mean(mean) - np.mean(images, axis=0)).max() <= 0.5


@pytest.mark.parametrize("block_values", [64, 2**17], ids=["strips", "whole"])
def test_mean_images_of_labels_are_at_one_small_size(monkeypatch, block_values):
    monkeypatch.setattr(blocks, "BLOCK_VALUES", block_values)
    ramp = np.repeat(np.arange(128, dtype=np.float32)[:, None, None], 256, axis=1)
    arrays = store([ramp, ramp[::2, ::2] + 0.5, 9 + 0 * ramp], label=["a", "a", "b"])
    first, second = tally_pixels(arrays, 2).means.summarise()
    assert [(mean["label"], mean["samples"], mean["height"], mean["width"]) for mean in (first, second)] == [
        ("a", 2, 32, 64),
        ("b", 1, 32, 64),
    ]
    assert np.abs(unpack_mean(first)[:, 0, 0] - (4 * np.arange(32) + 1.5)).max() < 0.6
    assert np.allclose(unpack_mean(second), 9)


def test_rare_labels_beyond_the_most_frequent_have_no_mean_image():
    index = pd.DataFrame({"label": list("aab" + "cdefghijklmnopqrstuvwxyz"), "height": 4, "width": 4, "channels": 1})
    assert next(iter(MeanImages(index).counts)) == "a"
    assert len(MeanImages(index).counts) == 20


def test_depth_is_told_without_what_was_not_measured():
    depth = np.array([[1, 2], [3, np.nan]], np.float32)
    index = pd.DataFrame({"sample_id": ["a", "b"], "height": 2, "width": 2, "channels": 1, "depth_offset": [0, -1]})
    index = index.assign(image_offset=0, mask_offset=-1)
    found, medians = summarise_depths(Arrays(index, np.zeros(8, np.uint8), np.zeros(0, np.uint8), depth.ravel()))
    assert found is not None
    assert (found["samples"], found["least"], found["most"], found["missing"]) == (1, 1, 3, 0.25)
    assert (found["percentiles"]["50"], sum(found["counts"])) == (2, 3)
    assert medians[0] == 2
    assert np.isnan(medians[1])


def test_data_without_depth_have_no_summary_of_it():
    assert summarise_depths(store(draw_images("uint8")))[0] is None


def test_sizes_are_counted_most_frequent_first():
    manifest = pd.DataFrame({"sample_id": list("abc"), "height": [4, 8, 8], "width": [6, 9, 9]})
    assert summarise_sizes(manifest)[0] == {"height": 8, "width": 9, "samples": 2}
    assert summarise_sides(manifest)["smallest"] == {"px": 4, "sample_id": "a"}


def test_labels_are_counted_by_subset():
    manifest = pd.DataFrame({"label": ["cat", "dog", "cat", ""], "subset": ["train", "train", "test", "train"]})
    cat, dog = summarise_labels(manifest)
    assert cat == {"label": "cat", "samples": 2, "subsets": {"test": 1, "train": 1}}
    assert dog["samples"] == 1


def draw_samples(count: int = 100) -> pd.DataFrame:
    """Properties of usual samples."""
    random = np.random.default_rng(0)
    table = pd.DataFrame({"sample_id": [f"{place:03d}" for place in range(count)]})
    return table.assign(
        brightness=random.normal(120, 8, count),
        contrast=random.lognormal(3, 0.2, count),
        colour=random.uniform(20, 60, count),
        size=512.0,
        foreground=random.beta(2, 9, count),
    )


@pytest.mark.parametrize(
    ("what", "value", "reason"),
    [
        ("brightness", 12.0, "brightness 12, usually 120"),
        ("contrast", 0.5, "contrast 0.5, usually 20"),
        ("size", 500.0, "size (root of the area) 500 px, usually 512 px"),
        ("colour", 0.0, "grey: all channels are equal, unlike the others'"),
        ("foreground", 1.0, "foreground 100 %, usually 18 %"),
    ],
)
def test_an_outlier_is_named_with_its_reason(what, value, reason):
    samples = draw_samples()
    samples.loc[17, what] = value
    (outlier,) = find_outliers(samples)
    assert (outlier["sample_id"], outlier["what"], outlier["value"]) == ("017", what, value)
    numbers = [part.rstrip("0123456789.") for part in (outlier["reason"], reason)]
    assert numbers[0].split(",")[0] == numbers[1].split(",")[0]


def test_usual_samples_have_no_outlier():
    assert find_outliers(draw_samples(2000)) == []


def test_a_difference_that_nobody_sees_makes_no_outlier():
    samples = draw_samples()
    samples["contrast"] = 50.9 + 0.001 * (np.arange(len(samples)) % 5)
    samples.loc[17, "contrast"] = 50.7
    assert find_outliers(samples) == []
    samples.loc[17, "contrast"] = 45.0
    assert [outlier["what"] for outlier in find_outliers(samples)] == ["contrast"]


def test_few_samples_have_no_outlier():
    samples = draw_samples(12)
    samples.loc[3, "brightness"] = 0
    assert find_outliers(samples) == []


def test_a_second_kind_of_samples_is_no_outlier():
    samples = draw_samples()
    samples.loc[:9, "brightness"] = 10
    samples.loc[:30, "size"] = 256
    samples.loc[:80, "foreground"] = 0
    assert find_outliers(samples) == []


def test_two_outliers_of_few_samples_are_both_told():
    samples = draw_samples(30)
    samples.loc[[3, 9], "brightness"] = [0, 255]
    assert {outlier["sample_id"] for outlier in find_outliers(samples)} == {"003", "009"}


def test_sample_far_in_several_properties_is_told_once():
    samples = draw_samples()
    samples.loc[17, ["brightness", "contrast"]] = [0.0, 0.0]
    assert [outlier["sample_id"] for outlier in find_outliers(samples)] == ["017"]
