"""The JSON Schema that editors read, and the presets that it must accept."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from pipeline.params import Params, parse_params
from pipeline.params.schema import SCHEMA, describe_params

ROOT = SCHEMA.parent.parent.parent
PRESETS = sorted((ROOT / "pipeline" / "presets").glob("*.yaml"))
FILLED = [path for path in PRESETS if path.stem != "sample"]
WHOLE = ("data", "split", "search", "train", "augment", "predict", "evaluate", "compare")


def test_the_schema_file_is_in_step() -> None:
    assert SCHEMA.read_text() == describe_params(), "run python -m pipeline schema"


def list_fields(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, section in [("Params", schema), *schema["$defs"].items()]:
        yield name, section
        yield from ((f"{name}.{key}", field) for key, field in section.get("properties", {}).items())


def test_every_section_and_field_is_described() -> None:
    fields = dict(list_fields(Params.model_json_schema()))  # a field that says what its section says refers to it
    assert [name for name, field in fields.items() if not {"description", "$ref"} & set(field)] == []


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: path.stem)
def test_a_preset_is_valid_for_us_and_for_editors(path: Path) -> None:
    settings = yaml.safe_load(path.read_text())
    assert parse_params(settings).models
    jsonschema.validate(settings, Params.model_json_schema())


def test_the_schema_refuses_what_we_refuse() -> None:
    settings = {"experiment": "a", "dataset": "a", "models": [{"kind": "unet", "filtres": 8}]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(settings, Params.model_json_schema())


@pytest.mark.parametrize("path", FILLED, ids=lambda path: path.stem)
def test_a_preset_states_all_so_that_nothing_shows_through_when_it_is_merged(path: Path) -> None:
    settings = yaml.safe_load(path.read_text())
    for section in WHOLE:
        fields = Params.model_fields[section].annotation.model_fields  # type: ignore[union-attr]
        assert set(settings[section]) == set(fields), section
    assert settings["models"]


@pytest.mark.parametrize("path", FILLED, ids=lambda path: path.stem)
def test_baselines_stand_in_every_preset(path: Path) -> None:
    kinds = [entry.kind for entry in parse_params(yaml.safe_load(path.read_text())).models]
    assert {"constant", "threshold"} <= set(kinds)
