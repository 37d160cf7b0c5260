"""An entry of `models` that is augmented in a way of its own."""

from typing import Any

import pytest

from pipeline.params import AugmentParams, Params, ParamsError, apply_best, parse_params

AUGMENT = {"rotation": 30.0, "noise": 0.1}


def build_params(entry: dict[str, Any], **settings: Any) -> Params:
    models = [{"kind": "unet", "name": "own"} | entry, {"kind": "unet", "name": "other"}]
    return parse_params({"experiment": "a", "dataset": "a", "models": models, "augment": AUGMENT} | settings)


def choose_augment(params: Params, name: str, **best: Any) -> AugmentParams:
    entry = next(entry for entry in params.models if entry.name == name)
    return apply_best(entry, params.train, params.augment, best)[2]


def test_the_section_is_for_entries_without_their_own() -> None:
    params = build_params({"augment": {"flip_vertical": True}})
    assert choose_augment(params, "own") == AugmentParams(flip_vertical=True)
    assert choose_augment(params, "other") == AugmentParams(**AUGMENT)


def test_an_empty_mapping_augments_nothing() -> None:
    assert choose_augment(build_params({"augment": {}}), "own") == AugmentParams()


def test_a_search_sets_what_the_entry_is_augmented_by() -> None:
    params = build_params({"augment": {"flip_vertical": True}})
    found = choose_augment(params, "own", **{"augment.rotation": 5.0})
    assert found == AugmentParams(flip_vertical=True, rotation=5.0)
    entry = params.models[0]
    again = apply_best(*apply_best(entry, params.train, params.augment, {"augment.rotation": 5.0}), {})
    assert again[2] == found


def test_the_rules_of_the_section_hold_for_the_entry() -> None:
    with pytest.raises(ParamsError, match=r"models.0.augment.rotaton is unknown: did you mean rotation"):
        build_params({"augment": {"rotaton": 5}})
    with pytest.raises(ParamsError, match=r"models: own's augment.quarter_turns needs square patches"):
        build_params({"augment": {"quarter_turns": True}}, train={"patch": [64, 32]})
    build_params({"augment": {}}, train={"patch": [64, 32]})
