"""From YAML text and overrides to Params, or to one message that names every fault and its mend."""

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from pipeline.params.experiment import Params


class ParamsError(ValueError):
    """What is wrong with params.yaml, one line a fault."""


def read_params(path: Path, overrides: Mapping[str, Any] | None = None) -> Params:
    """Params of a YAML file with overrides merged in; raises ParamsError with every fault."""
    try:
        settings = yaml.safe_load(path.read_text())
    except FileNotFoundError:
        raise ParamsError(
            f"{path} is missing: write one with python -m pipeline init --preset NAME --dataset NAME"
        ) from None
    except yaml.YAMLError as fault:
        raise ParamsError(f"{path} is not YAML: {fault}") from None
    if not isinstance(settings, dict):
        raise ParamsError(
            f"{path} must be a mapping of sections, such as `experiment: NAME`"
        )
    return parse_params(merge(settings, overrides or {}), str(path))


def parse_params(settings: Mapping[str, Any], place: str = "params.yaml") -> Params:
    """Params of plain settings; raises ParamsError with every fault."""
    try:
        return Params.model_validate(settings)
    except ValidationError as faults:
        raise ParamsError(
            "\n".join(f"{place}: {line}" for line in _messages(faults))
        ) from None


def merge(settings: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Settings with overrides: mappings amended key by key, but one that names its `kind`, and every list, replaced whole."""
    merged = dict(settings)
    for key, value in overrides.items():
        is_amendment = (
            isinstance(value, Mapping)
            and isinstance(merged.get(key), Mapping)
            and "kind" not in value
        )
        merged[key] = merge(merged[key], value) if is_amendment else value
    return merged


def write_section(value: Any) -> Any:
    """A section, or several, as plain JSON values."""
    return TypeAdapter(type(value)).dump_python(value, mode="json")


def _messages(faults: ValidationError) -> Iterator[str]:
    for fault in faults.errors():
        place = ".".join(str(part) for part in fault["loc"])
        if fault["type"] == "extra_forbidden":
            known = _known_keys(fault["loc"][:-1])
            near = difflib.get_close_matches(str(fault["loc"][-1]), known, n=1)
            yield f"{place} is unknown" + (
                f": did you mean {near[0]}?"
                if near
                else f": known are {', '.join(known)}"
            )
        elif fault["type"] == "value_error":
            message = str(fault["ctx"]["error"])
            yield f"{place}: {message}" if place else message
        elif fault["type"] == "missing":
            yield f"{place} is missing"
        else:
            yield f"{place}: {fault['msg'][0].lower()}{fault['msg'][1:]}, not {fault['input']!r}"


def _known_keys(place: tuple[int | str, ...]) -> list[str]:
    """The keys of the section at a place; numbers and a union's tags lead into the matching class."""
    found: list[type[BaseModel]] = [Params]
    for part in place:
        if isinstance(part, str):
            found = [
                section
                for parent in found
                for section in (
                    [parent] if _is_kind(parent, part) else _sections_of(parent, part)
                )
            ]
    return sorted({key for section in found for key in section.model_fields})


def _is_kind(section: type[BaseModel], tag: str) -> bool:
    return (
        "kind" in section.model_fields and section.model_fields["kind"].default == tag
    )


def _sections_of(parent: type[BaseModel], key: str) -> list[type[BaseModel]]:
    field = parent.model_fields.get(key)
    if field is None:
        return []
    schema: list[type[BaseModel]] = []
    pending: list[Any] = [field.annotation]
    while pending:
        annotation = pending.pop()
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            schema.append(annotation)
        pending.extend(getattr(annotation, "__args__", ()))
    return schema
