"""The JSON Schema that editors read."""

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from pipeline.params import Params
from pipeline.params.schema import SCHEMA, describe_params


def test_the_schema_file_is_in_step() -> None:
    assert SCHEMA.read_text() == describe_params(), "run python -m pipeline schema"


def list_fields(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, section in [("Params", schema), *schema["$defs"].items()]:
        yield name, section
        yield from ((f"{name}.{key}", field) for key, field in section.get("properties", {}).items())


def test_every_section_and_field_is_described() -> None:
    fields = dict(list_fields(Params.model_json_schema()))  # a field that says what its section says refers to it
    assert [name for name, field in fields.items() if not {"description", "$ref"} & set(field)] == []


def test_the_schema_refuses_what_we_refuse() -> None:
    settings = {"experiment": "a", "dataset": "a", "models": [{"kind": "unet", "filtres": 8}]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(settings, Params.model_json_schema())
