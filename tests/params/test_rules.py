"""Rules that hold between the values of a section, and between sections."""

from typing import Any

import pytest

from pipeline.params import DataParams, ParamsError, SplitParams, apply_best, parse_params

SMALL: dict[str, Any] = {"experiment": "trial", "dataset": "cells", "models": [{"kind": "unet"}]}
CLIP = [{"kind": "conv_lstm_unet", "clip": 5}]


def search(**dimension: Any) -> dict[str, Any]:
    return {"search": {"trials": 2, "space": [dimension]}}


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"data": {"mask_values": [0, 0]}}, "data: mask_values .0, 0. must be at least two different values"),
        ({"data": {"mask_values": [0, 255], "ignore_value": 255}}, "data: ignore_value 255 is also one of mask_values"),
        ({"data": {"mask_values": [0, 1], "class_names": ["a"]}}, "data: 1 class_names for 2 mask_values"),
        ({"data": {"compose": {}, "resize": [8, 8], "masks": "m"}}, "data: compose makes .* leave out resize, masks"),
        ({"data": {"compose": {}, "class_names": ["a"]}}, "data: 1 class_names for composites, which have 2 classes"),
        ({"data": {"compose": {"scale": [0.5, 0.2]}}}, "data.compose: scale .0.5, 0.2. must be the least and then"),
        (
            {"split": {"kind": "blocked", "gap": 2}, "models": CLIP},
            "split.gap: a gap of 2 is shorter than the clip of 5",
        ),
        ({"split": {"kind": "time_series", "repeats": 2}}, "split: time_series gives the same folds every time"),
        ({"split": {"kind": "parts_k_fold", "repeats": 2}}, "split: folds of repeated parts_k_fold share parts"),
        ({"split": {"kind": "predefined"}}, "split: predefined subsets make one fold: set folds to 1, not 5"),
        (
            {"split": {"kind": "predefined", "folds": 1, "final_test_fraction": 0.1}},
            "split: predefined subsets are taken",
        ),
        ({"split": {"folds": 1}}, "split: group_k_fold needs at least 2 folds, not 1"),
        ({"split": {"kind": "k_fold", "gap": 3}}, "split: a gap of 3 means nothing to k_fold"),
        ({"split": {"kind": "blocked", "window": "sliding"}}, "split: a sliding window means nothing to blocked"),
        ({"models": [{"kind": "unet"}, {"kind": "unet"}]}, "models: the name unet is given 2 times"),
        (
            {"task": "mask_and_depth", "models": [{"kind": "unet", "heads": ["depth"], "clip": 2, "past_masks": True}]},
            "models: unet has past_masks and predicts no mask: give it that head",
        ),
        ({"models": [{"kind": "unet", "depth": 2, "kernel_size": [3, 3]}]}, "models.0: 2 kernel sizes for 3 levels"),
        ({"train": {"samples": 100, "epoch_samples": 200}}, "train: epoch_samples 200 exceeds the budget of 100"),
        ({"train": {"epoch_samples": 4}}, "train: batch_size 8 exceeds epoch_samples 4"),
        (
            {"train": {"stages": [{"samples": 80}, {"samples": 4000, "batch_size": 500}]}},
            "train: stage 2: batch_size 500 exceeds epoch_samples 400",
        ),
        ({"task": "depth"}, "task: depth needs depth: name their folder in data.depth"),
        (
            {"task": "classification", "models": [{"kind": "threshold"}]},
            "models: threshold learns mask, and task classification asks for label: take another model, or task segmentation",
        ),
        ({"evaluate": {"metrics": ["dice", "rmse"]}}, "evaluate.metrics: rmse is no metric of task segmentation"),
        (
            {"train": {"patch": [64, 32]}, "augment": {"quarter_turns": True}},
            "augment.quarter_turns needs square patches",
        ),
        ({"evaluate": {"metrics": ["iou"]}}, "compare.metric: dice is not among evaluate.metrics"),
        (
            {"evaluate": {"metrics": ["mean_iou", "dice"]}, "compare": {"metric": "mean_iou"}},
            "compare.metric: mean_iou exists for all samples together, and models are compared sample by sample: let dice decide",
        ),
        (
            {"evaluate": {"metrics": ["flicker", "dice"]}, "compare": {"metric": "flicker"}},
            "compare.metric: by flicker a model wins that always says the same",
        ),
        ({"registry": {"model": "unnet"}}, "registry.model: there is no model unnet: did you mean unet"),
        ({"search": {"trials": 3}}, "search: 3 trials of an empty space"),
        (search(parameter="model.dropout"), "search.space.0: model.dropout needs either choices, or low and high"),
        (search(parameter="model.dropout", low=0.5, high=0.1), "search.space.0: model.dropout: low 0.5 is not below"),
        (search(parameter="model.dropout", low=0, high=2), "search.space: model.dropout cannot be 2.0 for unet: less"),
        (search(parameter="model.droput", low=0, high=0.5), "search.space: unet has no .*: did you mean model.dropout"),
        (search(parameter="train.samples.x", choices=[1]), "search.space: unet has no parameter train.samples.x"),
        (search(parameter="model.dropout", choices=[0.1], models=["nt"]), "search.space: there is no model nt"),
        (
            {"search": search(parameter="augment.noise", low=0, high=1)["search"] | {"samples": 100}},
            "search.samples: 100 is less than one epoch of 400",
        ),
    ],
)
def test_settings_that_contradict_each_other_are_refused(settings: dict[str, Any], line: str) -> None:
    with pytest.raises(ParamsError, match=f"params.yaml: {line}"):
        parse_params(SMALL | settings)


def test_contradictions_between_sections_are_told_at_once() -> None:
    split = {"split": {"kind": "blocked", "gap": 2}, "models": CLIP}
    with pytest.raises(ParamsError) as fault:
        parse_params(SMALL | split | {"evaluate": {"metrics": ["iou"]}})
    assert [line.split(":")[1] for line in str(fault.value).splitlines()] == [" compare.metric", " split.gap"]


def test_a_search_space_that_suits_one_model_is_accepted() -> None:
    models = [{"kind": "constant"}, {"kind": "unet"}, *CLIP]
    space = search(parameter="model.variant", choices=["long", "short"], models=["conv_lstm_unet"])
    assert parse_params(SMALL | space | {"models": models}).search.trials == 2


def test_a_gap_as_long_as_the_clip_is_enough() -> None:
    assert parse_params(SMALL | {"split": {"kind": "time_series", "gap": 5}, "models": CLIP}).split.gap == 5


def test_groups_need_no_gap_for_clips() -> None:
    assert parse_params(SMALL | {"models": CLIP}).split.gap == 0


def test_fold_names_count_over_repeats() -> None:
    assert SplitParams(folds=2, repeats=2).fold_names == ("0", "1", "2", "3")


def test_the_best_values_are_set_by_their_path() -> None:
    params = parse_params(SMALL)
    best = {"model.filters": 8, "train.optimizer.learning_rate": 0.1, "augment.noise": 0.5}
    model, train, augment = apply_best(params.models[0], params.train, params.augment, best)
    assert (model.filters, train.optimizer.learning_rate, augment.noise) == (8, 0.1, 0.5)
    assert train.samples == params.train.samples


def test_a_model_of_composites_is_applied_to_folders_of_images_and_backgrounds() -> None:
    data = DataParams.model_validate({"compose": {"size": [64, 96]}}).as_files
    assert (data.channels, data.resize, data.compose) == (("images", "backgrounds"), (64, 96), None)
    alone = DataParams.model_validate({"compose": {"with_background": False}}).as_files
    assert (alone.channels, alone.resize) == (("images",), None)
    assert DataParams(channels=("a", "b")).as_files.channels == ("a", "b")


def test_the_first_metric_decides_that_every_sample_has_a_score_in() -> None:
    params = parse_params(SMALL | {"task": "segmentation", "evaluate": {"metrics": ["mean_iou", "iou", "dice"]}})
    assert params.compare.metric == "iou"
    assert params.evaluate.sample_metrics == ("iou", "dice") and params.evaluate.pooled_metrics == ("mean_iou",)
