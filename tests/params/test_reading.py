"""Settings that are right, wrong, and amended."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.params import ParamsError, UNetParams, parse_params, read_params, write_section
from pipeline.params.origins import Layer
from pipeline.params.reading import merge

SMALL: dict[str, Any] = {"experiment": "trial", "dataset": "cells", "models": [{"kind": "unet"}]}


def test_everything_but_names_and_models_has_a_default() -> None:
    params = parse_params(SMALL)
    assert (params.seed, params.split.kind, params.models[0].name) == (0, "group_k_fold", "unet")


def test_a_model_is_named_by_its_kind_unless_it_has_a_name() -> None:
    models = [{"kind": "unet"}, {"kind": "unet", "name": "wide", "filters": 32}]
    assert [entry.name for entry in parse_params(SMALL | {"models": models}).models] == ["unet", "wide"]


def test_a_section_comes_back_from_plain_values() -> None:
    section = parse_params(SMALL).models[0]
    assert UNetParams.model_validate(write_section(section)) == section


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"datasets": 1}, "datasets is unknown: did you mean dataset?"),
        ({"experiment": "a b"}, "experiment must be letters, digits, - and _ (it names folders), not 'a b'"),
        ({"seed": 1.5}, "seed must be a whole number, not 1.5"),
        ({"seed": -1}, "seed must be 0 or more, not -1"),
        ({"augment": [1]}, "augment must be a mapping, not [1]"),
        ({"augment": {"rotaton": 10}}, "augment.rotaton is unknown: did you mean rotation?"),
        ({"augment": {"qqq": 10}}, "augment.qqq is unknown: known are brightness, contrast, elastic_grid"),
        ({"split": {"kind": "kfold"}}, "split.kind kfold is unknown: did you mean k_fold?"),
        ({"train": {"loss": {"mask": {"dicee": 1}}}}, "train.loss.mask.dicee is unknown: did you mean dice?"),
        ({"train": {"optimizer": {"learning_rat": 1}}}, "train.optimizer.learning_rat is unknown: did you mean lear"),
        ({"train": {"patch": [64]}}, "train.patch.1 is missing"),
        ({"predict": {"threshold": "x"}}, "predict.threshold must be a number or validation, not 'x'"),
        ({"evaluate": {"metrics": ["dcie"]}}, "evaluate.metrics.0 dcie is unknown: did you mean dice?"),
        ({"models": []}, "models must have 1 or more entries, or task be null"),
        ({"models": ["unet"]}, "models.0 must be a mapping, not 'unet'"),
        ({"models": [{"filters": 8}]}, "models.0.kind is missing"),
        ({"models": [{"kind": "unett"}]}, "models.0.kind unett is unknown: did you mean unet?"),
        (
            {"models": [{"kind": "xyz"}]},
            "models.0.kind xyz is unknown: known are constant, threshold, forest, unet, resid",
        ),
        ({"models": [{"kind": "unet", "filtres": 8}]}, "models.0.filtres is unknown: did you mean filters?"),
        ({"models": [{"kind": "unet", "variant": "x"}]}, "models.0.variant is unknown: known are augment, clip"),
        ({"models": [{"kind": "unet", "kernel_size": "a"}]}, "models.0.kernel_size must be a whole number or a list"),
        ({"models": [{"kind": "unet", "kernel_size": [3, 0]}]}, "models.0.kernel_size.1 must be 1 or more, not 0"),
    ],
)
def test_a_fault_is_told_in_one_line_with_its_place_and_mend(settings: dict[str, Any], line: str) -> None:
    with pytest.raises(ParamsError) as fault:
        parse_params(SMALL | settings)
    assert str(fault.value).startswith(f"params.yaml: {line}")
    assert "\n" not in str(fault.value)


def test_all_faults_are_told_at_once() -> None:
    settings = {"experiment": "trial", "models": [{"kind": "unett"}], "augment": {"noise": "much", "scale": 1}}
    with pytest.raises(ParamsError) as fault:
        parse_params(settings, "trial.yaml")
    assert str(fault.value).splitlines() == [
        "trial.yaml: dataset is missing",
        "trial.yaml: models.0.kind unett is unknown: did you mean unet?",
        "trial.yaml: augment.scale must be less than 1, not 1",
        "trial.yaml: augment.noise must be a number, not 'much'",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "is missing: write one with python -m pipeline init"),
        ("a: [1", "is not YAML"),
        ("- 1", "must be a mapping of sections"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str | None, message: str) -> None:
    path = tmp_path / "params.yaml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ParamsError, match=f"{path} {message}"):
        read_params(path)


def test_overrides_reach_the_params(tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    path.write_text(yaml.safe_dump(SMALL | {"train": {"samples": 800, "batch_size": 2}}))
    train = read_params(path, Layer("--config", {"train": {"batch_size": 4}})).train
    assert (train.samples, train.batch_size) == (800, 4)


def test_merge_amends_a_mapping_key_by_key() -> None:
    merged = merge({"train": {"samples": 1, "schedule": {"power": 2}}}, {"train": {"schedule": {"warm_up": 0.1}}})
    assert merged == {"train": {"samples": 1, "schedule": {"power": 2, "warm_up": 0.1}}}


def test_merge_replaces_a_mapping_that_names_its_kind() -> None:
    merged = merge({"split": {"kind": "blocked", "gap": 2}}, {"split": {"kind": "k_fold", "folds": 3}})
    assert merged == {"split": {"kind": "k_fold", "folds": 3}}


def test_merge_replaces_lists_and_values() -> None:
    assert merge({"models": [1, 2], "seed": 0}, {"models": [3], "seed": 1}) == {"models": [3], "seed": 1}


def test_merge_leaves_its_arguments_alone() -> None:
    settings = {"train": {"samples": 1}}
    merge(settings, {"train": {"samples": 2}})
    assert settings == {"train": {"samples": 1}}
