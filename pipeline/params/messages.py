"""From pydantic's faults to lines that say the place, the rule, the value and the mend."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipeline.params.section import NAME_PATTERN

Place = tuple[int | str, ...]

RULES = {
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "dict_type": "must be a mapping",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "greater_than": "must be more than {gt:.10g}",
    "greater_than_equal": "must be {ge:.10g} or more",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "less_than": "must be less than {lt:.10g}",
    "less_than_equal": "must be {le:.10g} or less",
    "model_attributes_type": "must be a mapping",
    "model_type": "must be a mapping",
    "string_pattern_mismatch": "must match {pattern}",
    "string_type": "must be text",
    "too_long": "must have {max_length} or fewer entries",
    "too_short": "must have {min_length} or more entries",
    "tuple_type": "must be a list",
}
"""Our words for pydantic's types of fault; it fills in the limits."""


def write_faults(faults: ValidationError, schema: type[BaseModel], settings: Any) -> list[str]:
    """One line a place in the settings; what holds only because a place within it is wrong is left out."""
    by_place: dict[Place, list[ErrorDetails]] = {}
    for fault in faults.errors():
        by_place.setdefault(_find_place(fault, settings), []).append(fault)
    inner = {place[:length] for place in by_place for length in range(len(place))}
    return [_write_line(place, found, schema) for place, found in by_place.items() if place not in inner]


def _find_place(fault: ErrorDetails, settings: Any) -> Place:
    """Where the fault is in the settings, without the tags that pydantic adds for unions and keys."""
    *above, last = fault["loc"] or ("",)
    place: Place = ()
    for part in (*above, last):
        is_key = isinstance(settings, Mapping) and part in settings
        is_entry = isinstance(settings, Sequence) and isinstance(part, int) and part < len(settings)
        if is_key or is_entry:
            settings, place = settings[part], (*place, part)
    return (*place, last) if fault["type"] == "missing" else place


def _write_line(place: Place, faults: Sequence[ErrorDetails], schema: type[BaseModel]) -> str:
    name, first = ".".join(map(str, place)), faults[0]
    match first["type"]:
        case "missing":
            return f"{name} is missing"
        case "value_error":
            return f"{name}: {first['ctx']['error']}" if name else str(first["ctx"]["error"])
        case "extra_forbidden":
            return f"{name} is unknown: {suggest(str(place[-1]), _known_keys(schema, first['loc'][:-1]))}"
        case "union_tag_not_found":
            return f"{name}.kind is missing"
        case "union_tag_invalid":
            return f"{name}.kind {first['ctx']['tag']} is unknown: {suggest(first['ctx']['tag'], _choices(first))}"
        case "literal_error" if len(faults) == 1:
            value = "" if first["loc"][-1] == "[key]" else f" {first['input']}"
            return f"{name}{value} is unknown: {suggest(str(first['input']), _choices(first))}"
    rules = dict.fromkeys(_state_rule(fault) for fault in faults)
    return f"{name} {' or '.join(rules).replace('or must be', 'or')}, not {first['input']!r}"


def suggest(word: str, known: Sequence[str]) -> str:
    """The nearest of the known words as a question, or else all of them."""
    near = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"


def _state_rule(fault: ErrorDetails) -> str:
    limits = fault.get("ctx", {})
    if fault["type"] == "literal_error":
        return f"must be {' or '.join(_choices(fault))}"
    if limits.get("pattern") == NAME_PATTERN:
        return "must be letters, digits, - and _ (it names folders)"
    return RULES.get(fault["type"], fault["msg"]).format(**limits)


def _choices(fault: ErrorDetails) -> list[str]:
    """The words that pydantic lists as 'a', 'b' or 'c'."""
    return re.findall(r"'([^']*)'", fault["ctx"].get("expected", "") or fault["ctx"]["expected_tags"])


def _known_keys(schema: type[BaseModel], place: Place) -> list[str]:
    """The keys of the section at a place; a union's tag leads into the class of that kind."""
    sections = [schema]
    for part in place:
        if isinstance(part, str):
            sections = [inner for section in sections for inner in _enter(section, part)]
    return sorted({key for section in sections for key in section.model_fields})


def _enter(section: type[BaseModel], part: str) -> Iterator[type[BaseModel]]:
    if part not in section.model_fields:
        kind = section.model_fields.get("kind")
        yield from [section] if kind and kind.default == part else []
        return
    pending: list[Any] = [section.model_fields[part].annotation]
    while pending:
        annotation = pending.pop()
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield annotation
        pending.extend(getattr(annotation, "__args__", ()))
