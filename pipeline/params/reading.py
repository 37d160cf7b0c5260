"""From YAML text and overrides to Params, or to one message that names every fault and its mend."""

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from pipeline.params.experiment import Params
from pipeline.params.messages import write_faults
from pipeline.params.origins import Layer, find_origin

WHOLE = frozenset({"experiment", "dataset", "models"})
"""Keys that have no default: a file that names them all needs no other."""


class ParamsError(ValueError):
    """What is wrong with params.yaml, one line a fault."""


def read_params(path: Path, *amendments: Layer, place: str = "") -> Params:
    """Params of a YAML file, told of as `place`, with amendments merged in, one after the other; raises ParamsError with every fault."""
    place = place or str(path)
    try:
        text = path.read_text()
    except FileNotFoundError:
        mend = "write one with python -m pipeline init --preset NAME --dataset NAME"
        raise ParamsError(f"{path} is missing: {mend}") from None
    return parse_layers([Layer(place, parse_yaml(text, place)), *amendments])


def parse_yaml(text: str, place: str = "params.yaml") -> dict[str, Any]:
    """The plain settings in a YAML text; raises ParamsError where it is no mapping."""
    try:
        settings = yaml.safe_load(text)
    except yaml.YAMLError as fault:
        raise ParamsError(f"{place} is not YAML: {fault}") from None
    if not isinstance(settings, dict):
        raise ParamsError(f"{place} must be a mapping of sections, such as `experiment: NAME`")
    return settings


def parse_params(settings: Mapping[str, Any], place: str = "params.yaml") -> Params:
    """Params of plain settings; raises ParamsError with every fault."""
    return parse_layers([Layer(place, settings)])


def parse_layers(layers: Sequence[Layer]) -> Params:
    """Params of settings that amend each other; raises ParamsError with every fault, each with the layer that it is in."""
    settings = functools.reduce(merge, (layer.settings for layer in layers))
    try:
        return Params.model_validate(settings)
    except ValidationError as faults:
        lines = "\n".join(write_faults(faults, Params, settings)).splitlines()
        raise ParamsError("\n".join(f"{find_origin(line, layers)}: {line}" for line in lines)) from None


def is_whole(settings: Mapping[str, Any]) -> bool:
    """Whether settings need no others: they then replace a params.yaml, where any others amend it."""
    return settings.keys() >= WHOLE


def merge(settings: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Settings with overrides: a mapping is amended key by key, but one that names its `kind`, and a list, replaced."""
    merged = dict(settings)
    for key, value in overrides.items():
        is_amendment = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping) and "kind" not in value
        merged[key] = merge(merged[key], value) if is_amendment else value
    return merged


def write_section(value: Any) -> Any:
    """A section, or several, as plain JSON values."""
    return TypeAdapter(type(value)).dump_python(value, mode="json")
