"""Figures are text for a page: what they show, and that a page can hold many of them."""

import base64
import io
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from pipeline.figures.comparison import draw_intervals, draw_optimism, draw_scores, spell
from pipeline.figures.costs import draw_profile, draw_quality, find_front
from pipeline.figures.curves import draw_losses, draw_search, draw_validation_scores
from pipeline.figures.data import draw_depth, draw_foreground, draw_intensities, draw_labels, draw_sizes
from pipeline.figures.modes import draw_modes, draw_three_losses, draw_truths
from pipeline.figures.pictures import (
    BOTH,
    PREDICTION,
    TARGET,
    enlarge,
    join,
    outline,
    show_channels,
    show_contours,
    show_depth,
    show_difference,
    show_mask,
    show_probability,
    shrink,
    to_data_uri,
)
from pipeline.figures.split import MOST_COLUMNS, SUBSETS, colour_split, draw_split
from pipeline.figures.style import COLOURS, THEME, colours_of, theme_css

MODELS = ["unet", "constant"]
COLOUR_OF = colours_of(MODELS, ["constant"])


def draw_comparison_rows() -> pd.DataFrame:
    rows = {"model": MODELS, "metric": "dice", "mean": [0.8, 0.3], "low": [0.7, np.nan], "high": [0.9, np.nan]}
    return pd.DataFrame(rows)


def draw_score_rows() -> pd.DataFrame:
    values = np.random.default_rng(0).random(8)
    ids = [f"s{number}" for number in range(4)] * 2
    return pd.DataFrame({"model": np.repeat(MODELS, 4), "sample_id": ids, "group": ids, "dice": values})


def draw_history() -> pd.DataFrame:
    epochs = np.arange(1, 6)
    history = {"epoch": epochs, "samples": 100 * epochs, "loss": 1 / epochs, "validation_loss": 1.2 / epochs}
    others = {"train_loss": 0.9 / epochs, "batch_loss": 0.8 / epochs, "validation_score": 1 - 1 / epochs}
    return pd.DataFrame(history | others).assign(stage=[1, 1, 2, 2, 2])


def draw_cost_rows() -> pd.DataFrame:
    return pd.DataFrame({"model": MODELS, "seconds": [300.0, 0.001]})


def draw_splits() -> tuple[pd.DataFrame, pd.DataFrame]:
    subsets = ["train", "validation", "test", "gap"]
    splits = pd.DataFrame({"fold": "0", "sample_id": list("abcd"), "subset": subsets})
    return splits, pd.DataFrame({"sample_id": list("abcd"), "sequence": list("ppqq")})


def draw_all() -> dict[str, str]:
    splits, samples = draw_splits()
    histories = {"0": draw_history(), "1": draw_history()}
    trials = {"0": pd.DataFrame({"number": range(3), "value": [0.5, np.nan, 0.7]})}
    beliefs = pd.DataFrame({"model": "unet", "belief": [0.8, 0.9], "test": [0.7, 0.8]})
    channel = {"edges": [0, 1, 2], "counts": [[1, 2], [3, 4]], "uncounted": [0, 0]}
    return {
        "intervals": draw_intervals(draw_comparison_rows(), "dice", MODELS, COLOUR_OF),
        "scores": draw_scores(draw_score_rows(), "dice", MODELS, COLOUR_OF, "group"),
        "optimism": draw_optimism(beliefs, "dice", COLOUR_OF),
        "losses": draw_losses(histories, {"0": 3, "1": None}, "unet"),
        "validation": draw_validation_scores(histories, {"0": 3, "1": 5}, "unet", "dice"),
        "search": draw_search(trials, "unet", "dice"),
        "intensities": draw_intensities(channel, ["background", "disc"], "treated"),
        "foreground": draw_foreground({"edges": [0, 0.5, 1], "counts": [3, 4]}),
        "depth": draw_depth({"edges": [0.5, 1, 20], "counts": [3, 4]}),
        "sizes": draw_sizes([{"height": 90 + n, "width": 120, "samples": n} for n in range(1, 12)]),
        "labels": draw_labels([{"label": name, "samples": 5} for name in ("cat", "a label far longer than a line")]),
        "split": draw_split(splits, samples, ["0"]),
        "quality": draw_quality(draw_comparison_rows(), draw_cost_rows(), "dice", MODELS, COLOUR_OF),
        "profile": draw_profile([{"rule": "train", "seconds": 300.0, "cpu_seconds": 500.0}]),
        "three losses": draw_three_losses(draw_history(), 3, "unet"),
        "modes": draw_modes(draw_history(), 3, "unet"),
        "truths": draw_truths(np.array([0.2, 0.9]), np.array([0.4, 0.8]), "unet"),
    }


FIGURES = draw_all()


@pytest.mark.parametrize("name", FIGURES)
def test_figure_is_one_well_formed_element_with_a_description(name):
    element = ElementTree.fromstring(FIGURES[name].replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1))
    assert element.tag.endswith("svg")
    assert element.attrib["aria-label"]


@pytest.mark.parametrize("name", FIGURES)
def test_figure_takes_its_colours_from_the_page(name):
    assert not [colour for colour in THEME if colour in FIGURES[name]]
    assert not re.search(r"#000000|fill: ?black", FIGURES[name])


def test_figures_share_no_id():
    ids = [identifier for svg in FIGURES.values() for identifier in re.findall(r' id="([^"]+)"', svg)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", FIGURES)
def test_every_reference_in_a_figure_is_found_in_it(name):
    wanted = set(re.findall(r'(?:url\(#|href="#)([^")]+)', FIGURES[name]))
    assert wanted <= set(re.findall(r' id="([^"]+)"', FIGURES[name]))


def test_same_data_draw_the_same_figure():
    assert draw_all() == FIGURES


def test_intervals_name_every_model():
    assert all(f">{model}</text>" in FIGURES["intervals"] for model in MODELS)


def test_many_scores_are_drawn_as_pixels():
    rows = pd.concat([draw_score_rows()] * 500, ignore_index=True)
    svg = draw_scores(rows, "dice", MODELS, COLOUR_OF, "sample_id")
    assert "<image" in svg
    assert len(svg) < 200_000


def test_baselines_are_grey_and_networks_differ():
    colours = colours_of(["a", "b", "base"], ["base"])
    assert colours["a"] != colours["b"]
    assert colours["base"] not in COLOURS


def test_theme_declares_each_colour_for_light_and_dark():
    assert theme_css().count("--c") == 2 * len(THEME)


def test_split_colours_each_subset_and_leaves_absent_samples_clear():
    splits, _ = draw_splits()
    picture = colour_split(splits, list("abcde"), ["0"])
    assert picture.shape == (1, 5, 4)
    assert tuple(picture[0, 0, :3]) == tuple(int(SUBSETS["train"][at : at + 2], 16) for at in (1, 3, 5))
    assert picture[0, 4, 3] == 0


def test_split_of_very_many_samples_is_a_picture_that_browsers_decode():
    ids = [f"{place:06d}" for place in range(3 * MOST_COLUMNS)]
    splits = pd.DataFrame({"fold": "0", "sample_id": ids, "subset": "train"})
    svg = draw_split(splits, pd.DataFrame({"sample_id": ids, "sequence": ""}), ["0"])
    encoded = re.search(r"base64,\s*([^\"]+)", svg)
    assert encoded
    with Image.open(io.BytesIO(base64.b64decode(encoded[1]))) as picture:
        assert picture.size == (MOST_COLUMNS, 1)


def test_depth_is_bright_where_near_and_grey_where_not_measured():
    picture = show_depth(np.array([[1, 5, np.nan]], np.float32), (1, 5))
    assert picture[0, 0].astype(int).sum() > picture[0, 1].astype(int).sum()
    assert picture[0, 2].tolist() == [96, 96, 96]


def test_difference_is_white_at_zero_coloured_by_its_sign_and_grey_where_there_is_none():
    picture = show_difference(np.array([[-1, 0, 2, np.nan]], np.float32), 1.0).astype(int)
    assert picture[0, 0, 0] > picture[0, 0, 2]  # orange
    assert picture[0, 1].min() > 240
    assert picture[0, 2, 2] > picture[0, 2, 1]  # violet, and no more than at the limit
    assert picture[0, 3].tolist() == [96, 96, 96]


def test_models_that_another_beats_in_score_and_time_are_off_the_front():
    rows = pd.DataFrame({"mean": [0.5, 0.4, 0.9, 0.7, 0.9], "seconds": [1, 1, 5, 7, 9]}, index=list("abcde"))
    assert find_front(rows, 1).index.tolist() == ["a", "c"]
    assert find_front(rows, -1).index.tolist() == ["b"]


def test_a_stage_begins_at_a_dashed_line_but_the_first():
    history = draw_history()
    dashed = [
        svg.count("stroke-dasharray: 3.2")
        for svg in (draw_modes(history, 3, "unet"), draw_modes(history.assign(stage=1), 3, "unet"))
    ]
    assert dashed == [1, 0]


def test_seconds_are_told_in_the_unit_that_fits():
    told = {300: "Time, min", 30: "Time, s", 9000: "Time, h"}
    for seconds, label in told.items():
        assert f">{label}</text>" in draw_profile([{"rule": "train", "seconds": seconds, "cpu_seconds": 0.0}])


def test_names_are_spelt_as_words():
    assert [spell(name) for name in ("iou", "validation_score", "pixel_accuracy")] == [
        "IoU",
        "Validation score",
        "Pixel accuracy",
    ]


def test_channels_are_shown_apart_unless_they_are_colours():
    image = np.zeros((4, 5, 2), np.uint16)
    assert [picture.shape for picture in show_channels(image, [(0, 9)] * 2)] == [(4, 5, 3)] * 2
    assert len(show_channels(np.zeros((4, 5, 3), np.uint8), [(0, 255)] * 3)) == 1


def test_intensities_are_stretched_between_the_limits():
    image = np.array([[[100], [150], [200], [999]]], np.uint16)
    (picture,) = show_channels(image, [(100, 200)])
    assert picture[0, :, 0].tolist() == [0, 127, 255, 255]


def test_mask_shows_classes_and_ignored_pixels():
    picture = show_mask(np.array([[0, 1, 255]], np.uint8), 2)
    assert picture[0, :, 0].tolist() == [0, 255, 96]


def test_probability_is_grey_for_two_classes():
    picture = show_probability(np.array([[[0.0], [0.5], [1.0]]], np.float16), 2)
    assert picture[0, :, 1].tolist() == [0, 127, 255]


def test_outline_follows_borders_only():
    mask = np.zeros((6, 6), np.uint8)
    mask[:3] = 1
    assert outline(mask).any(axis=1).tolist() == [False, False, True, True, False, False]


def test_outline_takes_ignored_pixels_for_background():
    mask = np.zeros((6, 6), np.uint8)
    mask[:2] = 255
    assert not outline(mask).any()


def test_contours_have_a_colour_each_and_one_where_they_agree():
    target, prediction = np.zeros((2, 64, 64), np.uint8)
    target[:, :32] = 1
    prediction[:32, :32] = 1
    shown = show_contours(np.zeros((64, 64, 3), np.uint8), target, prediction)
    found = {tuple(colour) for colour in shown.reshape(-1, 3).tolist()}
    assert found == {(0, 0, 0), *(tuple(bytes.fromhex(colour[1:])) for colour in (TARGET, PREDICTION, BOTH))}


def test_enlarging_repeats_pixels_and_shrinking_keeps_the_shape():
    assert enlarge(np.zeros((10, 20, 3), np.uint8), 50).shape == (30, 60, 3)
    assert shrink(np.zeros((100, 400, 3), np.uint8), 80).shape == (20, 80, 3)


def test_pictures_of_different_heights_are_joined():
    assert join([np.zeros((4, 5, 3), np.uint8), np.zeros((6, 2, 3), np.uint8)], space_px=1).shape == (6, 8, 3)


def test_mask_survives_its_data_uri():
    picture = show_mask(np.random.default_rng(0).integers(0, 4, (9, 7)).astype(np.uint8), 4)
    _, text = to_data_uri(picture, is_exact=True).split(",")
    with Image.open(io.BytesIO(base64.b64decode(text))) as file:
        assert (np.asarray(file.convert("RGB")) == picture).all()
